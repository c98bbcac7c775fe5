"""The bytes of a spec's file; what a warm run needs of a spec, so it imports no parser."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from gradcheck.errors import SpecError

LARGEST = 1 << 20
"""Bytes of a spec; one more is read, which the parser complains about."""


def content(path: Path, noun: str = "spec") -> bytes:
    """What the file holds, up to one byte too many; SpecError where it, a `noun`, can't be read."""
    try:
        if path.exists() and not path.is_file():
            _refuse(str(path), "this is no file")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        _refuse(str(path), f"the {noun} can't be read: {error.strerror or error}")
    except ValueError:
        _refuse(ascii(str(path)), "this is no path")


def _refuse(path: str, message: str) -> NoReturn:
    from gradcheck.specification.complaint import Complaint

    raise SpecError([Complaint(path=path, message=message)]) from None
