"""A spec's file to a Spec."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from harness.errors import SpecError
from harness.spec.complaint import Complaint
from harness.spec.document import document
from harness.spec.records import Spec
from harness.spec.yaml_text import LARGEST


def read(path: Path) -> Spec:
    """The spec in the file; SpecError with all complaints where there is none."""
    text = _content(path)
    return Spec.build(document(text, str(path)), str(path), sha256(text).hexdigest())


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise SpecError([Complaint(path=str(path), message="this is no file")])
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        message = f"the spec can't be read: {error.strerror or error}"
        raise SpecError([Complaint(path=str(path), message=message)]) from None
    except ValueError:
        raise SpecError([Complaint(path=ascii(str(path)), message="this is no path")]) from None
