"""Canvas: `doejane_LATE_4321_98765_two_layer-1.py`, from Download Submissions.

How Canvas makes these names is in canvas-lms, lib/content_zipper.rb.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from gradcheck.grading.intake.otter import TIME
from gradcheck.grading.intake.records import Reading, Work
from gradcheck.grading.intake.strays import are_most
from gradcheck.grading.records import Person

_WHAT = r"(?:(?P<file>[1-9]\d*)_(?P<rest>.*[^\W\d_].*\.\w+)|(?P<text>text|link)\.html)"
"""A file by its number and name, in which there is a letter; or what was typed, or linked to."""
_NAMED = re.compile(rf"(?P<name>\w+?)_(?P<late>LATE_)?(?P<id>[1-9]\d*)_{_WHAT}")
_ANONYMOUS = re.compile(rf"(?P<late>LATE_)?(?P<name>anon_[^\W_]+)_{_WHAT}")
_AGAIN = re.compile(r"-\d+(?=\.\w+$)")
"""What Canvas adds to a file's name that the student's files had already."""


def read(folder: Path, there: Sequence[Path], assignment: str) -> Reading | None:
    """A student's files together. Canvas's where most files are named so."""
    matches = {path: match for path in there if (match := _match(path.name)) and not path.is_dir()}
    if not are_most(matches, there):
        return None
    by_student: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    for path, match in matches.items():
        by_student[match["name"], _id(match)].append(path)
    if _shared(by_student) or _repeated(matches.values()):
        return None
    works = [_work(name, number, paths, matches) for (name, number), paths in by_student.items()]
    ignored = tuple(path.name for path in there if path not in matches)
    return Reading(works=tuple(works), ignored=ignored)


def _shared(students: Iterable[tuple[str, str]]) -> bool:
    """Whether several names have one number: then it is nobody's, but perhaps a year."""
    numbers = Counter(number for _, number in students if number)
    return any(times > 1 for times in numbers.values())


def _repeated(matches: Iterable[re.Match[str]]) -> bool:
    """Whether several files have one number: then it is none of Canvas's, but perhaps a part of a name."""
    numbers = Counter(match["file"] for match in matches if match["file"])
    return any(times > 1 for times in numbers.values())


def _match(name: str) -> re.Match[str] | None:
    """A name by Canvas; the numbers of a time, which otter writes, are none of Canvas's."""
    plain = TIME.sub("", name)
    return (_ANONYMOUS.fullmatch(name) or _NAMED.fullmatch(name)) if _is_canvas(plain) else None


def _is_canvas(name: str) -> bool:
    return bool(_ANONYMOUS.fullmatch(name) or _NAMED.fullmatch(name))


def _id(match: re.Match[str]) -> str:
    return match.groupdict().get("id") or ""


def _work(name: str, number: str, paths: list[Path], matches: dict[Path, re.Match[str]]) -> Work:
    # The newest first: of files with the same name that one keeps it.
    newest = sorted(paths, key=lambda path: -int(matches[path]["file"] or 0))
    files: dict[str, Path] = {}
    for path in newest:
        whole = matches[path]["rest"] or f"{matches[path]['text']}.html"
        plain = _AGAIN.sub("", whole)
        files.setdefault(plain if plain not in files else whole, path)
    return Work(
        name=name,
        key=number,
        paths=tuple(sorted(files.items())),
        people=(Person(canvas_id=number, name="" if not number else name),),
        late=any(matches[path]["late"] for path in paths),
    )
