"""What a format of verdicts declares, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from gradcheck.report.extent import SCREEN, Extent
from gradcheck.verdict.records import Verdict

if TYPE_CHECKING:
    from gradcheck.specification.records import Visibility


def _no_files(spec: str) -> Sequence[str]:
    return ()


def _visible(verdict: Verdict) -> Visibility:
    return "visible"


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a report depends on besides its verdicts."""

    complaints: tuple[str, ...] = ()
    """Why there are specs without a verdict: they, or the submission, or the machine can't be used."""
    files: Callable[[str], Sequence[str]] = _no_files
    """Spec -> the submission's files, by their paths from the repository's root, the main one first."""
    visibility: Callable[[Verdict], Visibility] = _visible
    """When students may see what is said of a verdict, where a system can tell that."""
    seconds: float = 0.0
    """How long it took in all."""
    width: int = 80
    color: bool = False
    extent: Extent = SCREEN
    """How much of the evidence is shown."""

    @property
    def summaries(self) -> tuple[str, ...]:
        """The complaints for students, a line each."""
        return tuple(complaint.strip().partition("\n")[0] for complaint in self.complaints)


Render: TypeAlias = Callable[[Sequence[Verdict], Context], str]
"""The verdicts as text. Verdicts of hidden specs have nothing to withhold any more."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A form in which verdicts are written."""

    about: str
    """What it is, in a few words."""
    suffix: str
    """How the name of a file of it ends."""
    render: Render
    appended: Mapping[str, Render] = field(default_factory=dict)
    """Environment variable -> what is appended to the file that it names, where it is set."""
    most: int | None = None
    """Bytes that its readers take; None where they set no limit."""
