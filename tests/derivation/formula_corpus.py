"""The corpus: formulas as people write them, each with what is true of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.course.beside import SpecChecker

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "corpus"
UNREAD = "unread"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C takes a tenth of the time."""
KINDS = (Standing.RIGHT.value, Standing.WRONG.value, Standing.CANNOT_TELL.value, UNREAD)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A text with what should be said of it."""

    file: str
    number: int
    spec: str
    text: str
    kind: str
    """right, wrong, cannot tell, or unread."""
    step: int = 1
    """The side that breaks, of the first claim that is wrong."""
    line: int | None = None
    """Where that claim stands."""
    mistake: str = ""
    """The slug that should be named, if any."""

    def __str__(self) -> str:
        return f"{self.file}-{self.number}-{self.kind}"


def entries() -> Iterator[Entry]:
    """Every formula of every file, in order."""
    for path in sorted(FOLDER.glob("*.yaml")):
        number = 0
        for spec, group in yaml.load(path.read_text(encoding="utf-8"), LOADER).items():
            for item in group:
                number += 1
                (kind,) = (key for key in item if key in KINDS)
                rest = {key: value for key, value in item.items() if key != kind}
                yield Entry(file=path.stem, number=number, spec=spec, text=item[kind], kind=kind, **rest)


@cache
def checked(entry: Entry) -> Derivation:
    """What is said of an entry's text."""
    return _checker(entry.spec).check(entry.text, "corpus")


@cache
def _checker(spec: str) -> SpecChecker:
    return SpecChecker(ROOT / spec)
