"""The systems whose names of files are known, and which of them a folder is by."""

from __future__ import annotations

from pathlib import Path

from gradcheck.grading.intake import canvas, gradescope, moodle, nbgrader, otter
from gradcheck.grading.intake.records import Reader, Reading
from gradcheck.grading.intake.strays import inside

READERS: dict[str, Reader] = {
    "Gradescope": gradescope.read,
    "Moodle": moodle.read,
    "Canvas": canvas.read,
    "otter": otter.read,
    "nbgrader": nbgrader.read,
}
"""By the name of the system, in the order in which they are tried."""


def recognised(folder: Path, assignment: str) -> tuple[str, Reading] | None:
    """The system that named the files, and what it says; None where none did. Raises UsageError."""
    there = inside(folder)
    for system, read in READERS.items():
        if (reading := read(folder, there, assignment)) is not None and reading.works:
            return system, reading
    return None
