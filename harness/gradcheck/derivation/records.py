"""What is said of a derivation: one record for the whole, one for each claim, one for each of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gradcheck.derivation.errors import Kind


class Standing(StrEnum):
    """What is known of a claim or of one of its steps."""

    RIGHT = "right"
    WRONG = "wrong"
    CANNOT_TELL = "cannot tell"
    DEFINED = "definition"
    """It gives a name to something."""
    ANSWERED = "answered"
    """It asks what something is, and the answer is given."""
    UNCHECKED = "unchecked"
    """There is nothing in it that could be checked."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One side of a chain A = B = C."""

    text: str
    """As it was written."""
    standing: Standing
    """Whether it equals what stands before it."""
    message: str = ""
    """What is wrong with it, or why nobody can tell."""
    help: str = ""
    fault: Kind | None = None
    """Of what kind it is, where the side has no value."""
    column: int = 0
    """Where in the text what the message speaks of begins, from 0."""
    place: tuple[int, int] = (1, 1)
    """The line and the column of the whole text where that stands, from 1."""


class Repair(NamedTuple):
    """A side that is wrong, and the smallest change of it that is right."""

    yours: str
    right: str
    change: str
    """What is another: a sentence."""
    other: str = ""
    """Another change that is right and as small."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One claim with what is known of it."""

    line: int
    """Of the text, from 1."""
    column: int = 1
    """Of that line, from 1."""
    text: str
    """As it was written, on one line."""
    steps: tuple[Step, ...]
    standing: Standing
    end_right: bool = False
    """Whether the last side is right although one before it is not."""
    about: str = ""
    """The quantity that the claim is about, as a report prints it."""
    mistake: str = ""
    """What stands there, or what is missing."""
    question: str = ""
    """A question whose answer is the mistake."""
    slugs: tuple[str, ...] = ()
    """Slugs of the catalogue."""
    repair: Repair | None = None
    """What the side that breaks should be."""
    notes: tuple[str, ...] = ()
    """What something was taken for."""
    meanings: tuple[tuple[str, str], ...] = ()
    """What each name was taken for."""
    points: int = 0
    """At how many points it was tried."""
    answer: tuple[str, ...] = ()
    """The equations that answer it, where it asks."""


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A piece of text that can't be read."""

    line: int
    column: int
    message: str
    help: str
    source: str
    """Its line of the text; of a very long one, what stands around it."""
    skipped: int = 0
    """How many characters of the line stand before that."""


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """All that is said of one text."""

    source: str
    """The file's name, or what stands for it."""
    spec: str
    """The spec's file; "" where there is none."""
    of: str
    """That expression's derivative, as in ∂/∂s (s - y)^2; "" where a spec or the text says what is meant."""
    dialect: str
    claims: tuple[Judged, ...]
    unread: tuple[Complaint, ...]
    readings: tuple[tuple[int, str], ...] = ()
    """What names were taken for, where the text itself had to say; and from which line on."""
    cells: tuple[tuple[int, int], ...] = ()
    """Of a notebook: on which line each cell begins that was read, and its number."""

    def place(self, line: int) -> tuple[int, int]:
        """The number of a notebook's cell, 0 without one, and the line in it."""
        first, cell = max((one for one in self.cells if one[0] <= line), default=(1, 0))
        return cell, line - first + 1

    @property
    def standing(self) -> Standing:
        """The worst that is said of any claim."""
        found = {claim.standing for claim in self.claims}
        if self.unread:
            found.add(Standing.CANNOT_TELL)
        order = (Standing.WRONG, Standing.CANNOT_TELL, Standing.RIGHT, Standing.ANSWERED)
        return next((s for s in order if s in found), Standing.UNCHECKED)
