"""The systems whose names of files are known, and which of them a folder is by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gradcheck.grading.intake import canvas, gradescope, moodle, nbgrader, otter
from gradcheck.grading.intake.records import Reader, Reading

READERS: dict[str, Reader] = {
    "Gradescope": gradescope.read,
    "Moodle": moodle.read,
    "Canvas": canvas.read,
    "otter": otter.read,
    "nbgrader": nbgrader.read,
}
"""By the name of the system, in the order in which they are tried."""


def recognised(folder: Path, there: Sequence[Path], assignment: str) -> tuple[str, Reading] | None:
    """The system that named what is in a folder, and what it says; None where none did. Raises UsageError."""
    for system, read in READERS.items():
        if (reading := read(folder, there, assignment)) is not None and reading.works:
            return system, reading
    return None
