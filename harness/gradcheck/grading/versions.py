"""What a class is graded with."""

from __future__ import annotations

import platform
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradcheck import __version__
from gradcheck.oracle import store


def versions() -> dict[str, str]:
    """Name -> version; PyTorch's is empty where it is not installed."""
    return {
        "gradcheck": __version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "torch": _torch(),
    }


def source() -> str:
    """A hash of gradcheck's own files: the same wherever the same gradcheck is installed."""
    return store.contents().hex()


def _torch() -> str:
    """PyTorch's version, read from its files: to import it takes seconds."""
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return ""
    try:
        text = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    except OSError:
        return spec.origin
    match = re.search(r"""^__version__ = ['"](.*)['"]""", text, re.MULTILINE)
    return match[1] if match else text
