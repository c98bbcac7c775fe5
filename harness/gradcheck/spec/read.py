"""A spec's file to a Spec."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from gradcheck.spec.content import content
from gradcheck.spec.document import document
from gradcheck.spec.records import Spec


def read(path: Path) -> Spec:
    """The spec in the file; SpecError with all complaints where there is none."""
    return parse(content(path), str(path))


def parse(raw: bytes, path: str) -> Spec:
    """The spec in the content of the file that is shown as `path`; SpecError with all complaints."""
    return Spec.build(document(raw, path), path, sha256(raw).hexdigest())
