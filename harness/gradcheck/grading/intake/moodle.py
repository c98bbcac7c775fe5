"""Moodle: `Jane Doe_12345_assignsubmission_file_/two_layer.py`, or the same without a folder."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from gradcheck.grading.intake.records import Reading, Work, visible
from gradcheck.grading.intake.strays import are_half
from gradcheck.grading.records import Person

_NAMED = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<rest>.*))?")


def read(folder: Path, there: Sequence[Path], assignment: str) -> Reading | None:
    """A student's files together, with those of its folders. Moodle's where half of the names are so."""
    matches = {path: match for path in there if (match := _NAMED.fullmatch(path.name))}
    if not are_half(matches, there):
        return None
    by_student: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    for path, match in matches.items():
        by_student[match["name"], match["id"]].append(path)
    return Reading(
        works=tuple(
            Work(
                name=name,
                key=number,
                paths=tuple(_paths(paths, matches)),
                people=(Person(name=_full_name(name), participant=number),),
            )
            for (name, number), paths in by_student.items()
        ),
        ignored=tuple(path.name for path in there if path not in matches),
    )


def _paths(paths: list[Path], matches: dict[Path, re.Match[str]]) -> list[tuple[str, Path]]:
    """The student's files; a folder of files alone as it lies there."""
    folders = [path for path in paths if path.is_dir()]
    if folders == paths and len(paths) == 1:
        return [("", paths[0])]
    files = [(matches[path]["rest"] or path.name, path) for path in paths if path not in folders]
    return [*files, *((path.name, path) for folder in folders for path in visible(folder))]


def _full_name(name: str) -> str:
    """The name; empty where marking is blind, as Participant says nobody's."""
    return "" if name in ("Participant", "Teilnehmer", "Teilnehmer/in") else name
