"""Where nbgrader looks for feedback: `feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html` in a course's folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from gradcheck.errors import UsageError
from gradcheck.grading.intake.nbgrader import SUBMITTED
from gradcheck.grading.intake.records import visible
from gradcheck.grading.records import Origin
from gradcheck.submission.text import one_line

NOTEBOOK = "gradcheck"
"""The page's name where a student has handed in no notebook."""
_SYSTEM = "nbgrader"
_SECRET = "submission_secret.txt"
_COPIED = ("timestamp.txt", _SECRET)
"""What `nbgrader release_feedback` reads beside the pages; nbgrader put them into the submission."""
_MOST = 10_000
"""Bytes of such a file."""


def submitted_beside(folder: Path) -> Path:
    """The course's folder of submissions. Raises UsageError where pages in `folder` were no nbgrader's."""
    submitted = folder.parent / SUBMITTED
    if not submitted.is_dir():
        raise UsageError(
            f"{folder}: --feedback-format nbgrader writes into the folder `feedback` of a course, and there "
            f"is no folder `{SUBMITTED}` beside it; name it with --feedback-dir COURSE/feedback"
        )
    return submitted


def prepare(
    folder: Path, submissions: Iterable[str], origins: Mapping[str, Origin], assignment: str
) -> tuple[dict[str, tuple[Path, ...]], list[str]]:
    """Make the folders of these submissions' pages, with the files that nbgrader needs to release them.

    Submission -> the files of its page, one for each notebook that was handed in, all alike; and what an
    instructor has to know. Raises UsageError where it isn't clear which assignment is meant, and OSError.
    """
    submitted = submitted_beside(folder)
    assignment = assignment or _only_assignment(submitted)
    files: dict[str, tuple[Path, ...]] = {}
    strangers, secretless, remarks = [], [], []
    for name in submissions:
        source = _source(submitted, origins.get(name), assignment)
        if source is None:
            strangers.append(name)
            continue
        target = folder / source.parent.name / assignment
        try:
            copied = _copy(source, target)
        except OSError as error:
            remarks.append(f"{one_line(name)}: no page: {target}: {error.strerror or error}")
            continue
        if _SECRET not in copied:
            secretless.append(name)
        notebooks = [path.stem for path in visible(source) if path.suffix == ".ipynb"] or [NOTEBOOK]
        files[name] = tuple(target / f"{notebook}.html" for notebook in notebooks)
    lists = {
        f"no page, as they have handed in nothing in {submitted}/STUDENT/{one_line(assignment)}": strangers,
        f"have a page, but no {_SECRET}, without which `nbgrader release_feedback` stops": secretless,
    }
    remarks += [f"{about}: {'; '.join(map(one_line, names))}" for about, names in lists.items() if names]
    return files, remarks


def _only_assignment(submitted: Path) -> str:
    names = sorted(
        {one.name for student in visible(submitted) if student.is_dir() for one in visible(student)}
    )
    if len(names) != 1:
        listed = f": {', '.join(map(one_line, names[:20]))}" if names else ""
        raise UsageError(f"{submitted}: choose an assignment with --assignment NAME{listed}")
    return names[0]


def _source(submitted: Path, origin: Origin | None, assignment: str) -> Path | None:
    """What a student has handed in; None for a submission that is not from this course."""
    if origin is None or origin.system != _SYSTEM:
        return None
    student = origin.people[0].login
    source = submitted / student / assignment
    return source if Path(student).name == student and source.is_dir() else None


def _copy(source: Path, target: Path) -> list[str]:
    """Copy what is there of nbgrader's own files into a folder that is made; their names. Raises OSError."""
    target.mkdir(parents=True, exist_ok=True)
    there = [name for name in _COPIED if (source / name).is_file() and not (source / name).is_symlink()]
    for name in there:
        with (source / name).open("rb") as file:
            (target / name).write_bytes(file.read(_MOST))
    return there
