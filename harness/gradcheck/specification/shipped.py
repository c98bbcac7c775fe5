"""The notations that come with the harness, one YAML file each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "notations"

NOTATIONS = tuple(sorted(file.stem for file in _FOLDER.glob("*.yaml")))
"""Their names."""


@cache
def shipped(name: str) -> dict[str, Any]:
    """What the notation's file says."""
    data: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data
