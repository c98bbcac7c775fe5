"""Archives from strangers, unpacked with bounds on everything."""

from __future__ import annotations

from pathlib import Path

from gradcheck.errors import MachineError
from gradcheck.grading.intake import tars, zips
from gradcheck.grading.intake.bounds import STUDENT, Bounds
from gradcheck.grading.intake.entries import refusal
from gradcheck.shortage import NO_ROOM
from gradcheck.submission.text import one_line

_ZIP = ".zip"


def unpack(path: Path, into: Path, bounds: Bounds = STUDENT) -> list[str]:
    """Unpack an archive's plain files and folders into a folder; what of a class's was left out, and why.

    Raises SubmissionError for what is no archive or a damaged one, for passwords, and for more than the
    bounds allow; for a student's, too for links, names that lead out or are there twice. Raises MachineError
    where there is no room.
    """
    read = zips.unpack if path.name.lower().endswith(_ZIP) else tars.unpack
    try:
        return read(path, into, bounds)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise MachineError(f"{one_line(path.name)}: there is no space to unpack it; free some") from None
        raise refusal(path, f"can't be unpacked: {error.strerror or error}") from None
