"""A submission in a zip or a tar file, or in a folder with nothing but these, unpacked while it is judged."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gradcheck.commands.target import SUBMISSIONS
from gradcheck.errors import SubmissionError
from gradcheck.submission.kinds import kind


@contextmanager
def unpacked(target: str) -> Iterator[str]:
    """The submission's path, that of its unpacked files where it is in archives; any other is as it was.

    Raises SubmissionError for an archive that can't be unpacked.
    """
    path = next((path for path in (Path(target), SUBMISSIONS / target) if _may_be_packed(path)), None)
    if path is None:
        yield target
        return
    from gradcheck.grading.intake import assemble, names
    from gradcheck.grading.intake.records import Work

    if not (assemble.is_packed(path) if path.is_dir() else names.is_archive(path.name)):
        yield target
        return
    work = Work(
        name=path.resolve().name if path.is_dir() else names.stem(path.name),
        key="",
        paths=(("" if path.is_dir() else path.name, path),),
    )
    with tempfile.TemporaryDirectory(prefix="gradcheck-") as folder:
        submission = assemble.assemble(work, Path(folder))
        if submission.refused or submission.error:
            raise SubmissionError(submission.refused or str(submission.error))
        yield str(submission.path)


def _may_be_packed(path: Path) -> bool:
    """Whether it is worth while to load what unpacks: code needs nothing of that."""
    try:
        names = os.listdir(path)  # noqa: PTH208 (raises for a file)
    except NotADirectoryError:
        return not kind(path.name)
    except OSError:
        return False
    return bool(names) and not any(map(kind, names))
