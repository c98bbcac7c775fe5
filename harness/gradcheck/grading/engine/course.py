"""What another machine needs for a run, beside the submissions: the terms, the specs and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcheck.arrays import Array
from gradcheck.grading.engine.mirror import Mirror
from gradcheck.grading.terms import Terms
from gradcheck.oracle import lookup
from gradcheck.oracle.key import AnswerKey, packed
from gradcheck.specification.content import content


@dataclass(frozen=True)
class SpecFile:
    """A spec's text and its packed key."""

    path: Path
    text: bytes
    header: Any
    arrays: list[Array]


@dataclass(frozen=True)
class Course:
    """The same for all submissions of a run, on whichever machine."""

    terms: Terms
    folder: Path
    """Where the client works."""
    specs: tuple[SpecFile, ...]

    def lay_out(self, mirror: Mirror) -> None:
        """Write the specs into the mirror, and keep their answers in this machine's store."""
        for spec in self.specs:
            path = mirror.folder / mirror.spec(spec.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(spec.text)
            lookup.keep(path, spec.header, spec.arrays)


def course(terms: Terms, keys: Mapping[Path, AnswerKey]) -> Course:
    """The terms and answers of a run that is started in the current folder. Raises SpecError."""
    specs = tuple(SpecFile(path, content(path), *packed(key)) for path, key in keys.items())
    return Course(terms, Path.cwd(), specs)
