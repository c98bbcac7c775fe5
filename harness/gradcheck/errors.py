"""Every error that the harness raises on purpose.

GradcheckError
├── SpecError          a spec can't be used: all its complaints at once
├── SubmissionError    a submission can't be found or read
│   ├── MissingError   a file that a spec asks for is not there
│   └── MachineError   the machine, not the submission, stands in the way: a later run may succeed
├── NoPyTorchError     what can't be done without PyTorch, where it can't be imported
├── UsageError         a call of the command or of a function makes no sense
├── UnprotectedError   hostile code can't be held here, and nobody said to go on without
└── GradientError      a gradient is not right: what `gradcheck(f, df, x)` raises in a test
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck.specification.complaint import Complaint

_MOST_SHOWN = 50


class GradcheckError(Exception):
    """Base of all errors raised on purpose; its text says what, where and what to do."""


class SpecError(GradcheckError):
    """A spec can't be used; its text is all complaints, in the order of the file."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(sorted(complaints, key=lambda c: (c.line or 0, c.column or 0)))
        super().__init__(self.complaints)

    def __str__(self) -> str:
        """The complaints, and how many they are."""
        count = len(self.complaints)
        total = f"Found {count} complaint{'s' * (count != 1)}"
        total += f"; the first {_MOST_SHOWN} are shown." if count > _MOST_SHOWN else "."
        return "\n\n".join([*map(str, self.complaints[:_MOST_SHOWN]), total])


class SubmissionError(GradcheckError):
    """A submission can't be found or read."""


class MissingError(SubmissionError):
    """A file that a spec asks for is not there."""


class MachineError(SubmissionError):
    """The machine stands in the way, such as a disk without room: a later run may succeed."""


class NoPyTorchError(GradcheckError):
    """PyTorch is needed, and can't be imported."""


class UsageError(GradcheckError):
    """A call of the command or of a function makes no sense."""


class UnprotectedError(GradcheckError):
    """Hostile code can't be held on this machine, and nobody said to go on without protection."""


class GradientError(GradcheckError, AssertionError):
    """A gradient is not right, or nobody can tell; its text is the whole report."""
