"""nbgrader: `submitted/STUDENT/ASSIGNMENT/`, with a `timestamp.txt` beside the notebooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gradcheck.errors import UsageError
from gradcheck.grading.intake.names import is_code
from gradcheck.grading.intake.records import Reading, Work, visible
from gradcheck.grading.intake.strays import content
from gradcheck.grading.records import Person

SUBMITTED = "submitted"
_TIMESTAMP = "timestamp.txt"
_LOOKED_AT = 50
"""How many students have to do without a time, for the folder to be none of nbgrader's."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)?(?: (\S+))?")


def read(folder: Path, there: Sequence[Path], assignment: str) -> Reading | None:
    """A folder a student, for one assignment: the course's folder, or its `submitted`.

    Raises UsageError where there are several assignments, and none is named.
    """
    root = folder / SUBMITTED if (folder / SUBMITTED).is_dir() else folder
    there = content(root).paths
    students = [path for path in there if path.is_dir()]
    if root.name != SUBMITTED and not any(map(_is_stamped, students[:_LOOKED_AT])):
        return None
    folders = {student: [path for path in visible(student) if path.is_dir()] for student in students}
    if not any(folders.values()) or any(map(_has_code, students)):
        return None
    names = sorted({one.name for each in folders.values() for one in each})
    if not assignment and len(names) > 1:
        raise UsageError(f"{root}: choose an assignment with --assignment NAME: {', '.join(names[:20])}")
    wanted = assignment or names[0]
    if wanted not in names:
        raise UsageError(f"{root}: nobody has handed in {wanted}; there are {', '.join(names[:20])}")
    return Reading(
        works=tuple(
            Work(
                name=student.name,
                key=student.name,
                paths=(("", student / wanted),),
                people=(Person(login=student.name),),
                submitted=_time(student / wanted / _TIMESTAMP),
            )
            for student, each in folders.items()
            if student / wanted in each
        ),
        ignored=tuple(path.name for path in there if path not in folders),
    )


def _has_code(student: Path) -> bool:
    """Whether a folder holds code itself, as none of nbgrader's does beside the assignments."""
    return any(is_code(path.name) for path in visible(student))


def _is_stamped(student: Path) -> bool:
    return any((one / _TIMESTAMP).is_file() for one in visible(student))


def _time(path: Path) -> datetime | None:
    """What the file says: `2026-10-01 15:58:23.948203 UTC`; without a zone it is UTC."""
    with suppress(OSError, ValueError, KeyError):
        text = path.read_bytes()[:200].decode("ascii", "replace").strip()
        if match := _TIME.match(text):
            zone = UTC if match[2] in (None, "UTC", "GMT") else ZoneInfo(match[2])
            return datetime.fromisoformat(match[1]).replace(tzinfo=zone)
    return None
