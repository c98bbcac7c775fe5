"""JSON on one line; a class has ten thousand of them, and the encoder is made once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def line(data: Mapping[str, Any]) -> str:
    """The data as JSON text. Raises ValueError for a number that is not finite."""
    return _ENCODER.encode(data)
