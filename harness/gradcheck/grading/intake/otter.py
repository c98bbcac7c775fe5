"""otter: `NOTEBOOK_2026_10_01T23_58_01_123456.zip`, as `otter.Notebook.export` names them.

The name is the notebook's, and nobody's, unless somebody has written a student's in its place.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from gradcheck.grading.intake.names import is_alike, is_code
from gradcheck.grading.intake.records import Reading, Work
from gradcheck.grading.intake.strays import are_most

TIME = re.compile(r"_(?P<day>\d{4}_\d\d_\d\d)T(?P<time>\d\d_\d\d_\d\d)(?:_\d+)?(?=(?: \(\d+\)|-\d+)?\.zip$)")
"""What otter writes behind the notebook's name; a second copy has a number behind that."""


def read(folder: Path, there: Sequence[Path], assignment: str) -> Reading | None:
    """A zip a submission. Otter's where most things are named so.

    Of several with one name the newest counts; if it is the notebook's name, they may be anybody's, and each
    is a submission, as in otter's own grades.
    """
    matches = {path: match for path in there if (match := TIME.search(path.name)) and _time(match)}
    if not are_most(matches, there):
        return None
    by_name: defaultdict[str, list[Path]] = defaultdict(list)
    for path, match in sorted(matches.items(), key=lambda one: one[1][0]):
        by_name[path.name[: match.start()]].append(path)
    works = [work for name, paths in by_name.items() for work in _works(name, paths)]
    counted = {path for work in works for _, path in work.paths}
    nobodys = any(work.name == path.stem for work in works for _, path in work.paths)
    return Reading(
        works=tuple(works),
        ignored=tuple(path.name for path in there if path not in matches),
        older=tuple(path.name for path in matches if path not in counted),
        remarks=("otter names zips after the notebook: each counts as a submission of its own",)
        if nobodys
        else (),
    )


def newest(paths: Sequence[Path]) -> list[Path]:
    """The newest export of each notebook, and all that is no export."""
    latest: dict[str, Path] = {}
    for path in sorted(paths, key=lambda path: match[0] if (match := TIME.search(path.name)) else ""):
        match = TIME.search(path.name)
        latest[path.name[: match.start()] if match else path.name] = path
    return [path for path in paths if path in latest.values()]


def _works(name: str, paths: Sequence[Path]) -> Iterator[Work]:
    """The newest as the student's or, where the name tells nothing, each by its own."""
    is_notebooks = len(paths) > 1 and any(_is_named_after_notebook(name, path) for path in paths)
    for path in paths if is_notebooks else paths[-1:]:
        yield Work(
            name=path.stem if is_notebooks else name,
            key=path.name,
            paths=((f"{name}.zip", path),),
            submitted=_time(TIME.search(path.name)),
        )


def _is_named_after_notebook(name: str, path: Path) -> bool:
    """Whether a file in the zip has that name; so has a zip that can't be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True
    return any(is_code(inner) and is_alike(inner.rpartition("/")[2], name) for inner in names)


def _time(match: re.Match[str] | None) -> datetime | None:
    """When it was exported, by the student's clock: nobody knows its zone."""
    with suppress(ValueError):
        return match and datetime.strptime(f"{match['day']} {match['time']}", "%Y_%m_%d %H_%M_%S")
    return None
