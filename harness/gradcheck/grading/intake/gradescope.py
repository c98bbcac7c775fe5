"""Gradescope: folders `submission_123/`, and a `submission_metadata.yml` that says whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from gradcheck.errors import UsageError
from gradcheck.grading.intake.records import Reading, Work
from gradcheck.grading.records import Person

METADATA = "submission_metadata.yml"
_NAMED = re.compile(r"submission_\d+")
_LARGEST = 64 << 20


class _Loader(yaml.SafeLoader):
    """Reads what Ruby writes, and takes its objects for the data that they hold."""


def _object(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Loader.add_multi_constructor("!ruby/", _object)


def read(folder: Path, there: Sequence[Path], assignment: str) -> Reading | None:
    """A folder a submission, a group's for all of its people; one that is not described has no people."""
    if not (folder / METADATA).is_file():
        return None
    data = _metadata(folder / METADATA)
    folders = {path.name: path for path in there if path.is_dir()}
    described = {name: one for name, one in data.items() if isinstance(one, dict)}
    works = [
        _work(path, described.get(name, {}))
        for name, path in folders.items()
        if name in described or _NAMED.fullmatch(name)
    ]
    known = {METADATA, *(path.name for work in works for _, path in work.paths)}
    missing = [f"{name}: has no folder" for name in data if name not in folders]
    ignored = [path.name for path in there if path.name not in known]
    return Reading(works=tuple(works), ignored=(*ignored, *missing))


def _metadata(path: Path) -> Mapping[str, Any]:
    complaint = f"{path}: is not a file from Gradescope; export the submissions again"
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(complaint)
        data = yaml.load(path.read_bytes(), _Loader)
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{complaint} ({' '.join(str(error).split())[:200]})") from None
    if not isinstance(data, dict):
        raise UsageError(complaint)
    return {str(key): value for key, value in data.items()}


def _work(path: Path, data: Mapping[str, Any]) -> Work:
    submitters = data.get(":submitters")
    listed = submitters if isinstance(submitters, list) else []
    people = tuple(_person(one) for one in listed if isinstance(one, dict))
    names = [person.name or person.email or person.number for person in people]
    return Work(
        name=" + ".join(name for name in names if name) or path.name,
        key=path.name,
        paths=(("", path),),
        people=people,
        submitted=_time(data.get(":created_at")),
    )


def _person(data: Mapping[str, Any]) -> Person:
    def text(key: str) -> str:
        return " ".join(str(data.get(key) or "").split())

    return Person(name=text(":name"), email=text(":email"), number=text(":sid"))


def _time(value: object) -> datetime | None:
    """A time; YAML's reader has dropped the zone where it was UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.replace(" UTC", "+00:00").replace(" Z", "Z"))
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None
