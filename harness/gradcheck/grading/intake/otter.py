"""otter: `NAME_2026_10_01T23_58_01_123456.zip`, as `otter.Notebook.export` names them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from gradcheck.grading.intake.records import Reading, Work

_NAMED = re.compile(r"(?P<name>.+)_(?P<day>\d{4}_\d\d_\d\d)T(?P<time>\d\d_\d\d_\d\d)(?:_\d+)?\.zip")


def read(folder: Path, there: Sequence[Path], assignment: str) -> Reading | None:
    """A zip a submission; of several with one name, the newest. Otter's where most things are named so."""
    matches = {path: match for path in there if (match := _NAMED.fullmatch(path.name)) and _time(match)}
    if 2 * len(matches) <= len(there):
        return None
    by_name: defaultdict[str, list[Path]] = defaultdict(list)
    for path, match in matches.items():
        by_name[match["name"]].append(path)
    newest = {name: max(paths, key=lambda path: path.name) for name, paths in by_name.items()}
    return Reading(
        works=tuple(
            Work(name=name, key=path.name, paths=((f"{name}.zip", path),), submitted=_time(matches[path]))
            for name, path in newest.items()
        ),
        ignored=tuple(path.name for path in there if path not in newest.values()),
    )


def _time(match: re.Match[str]) -> datetime | None:
    """When it was exported, by the student's clock: nobody knows its zone."""
    try:
        return datetime.strptime(f"{match['day']} {match['time']}", "%Y_%m_%d %H_%M_%S")
    except ValueError:
        return None
