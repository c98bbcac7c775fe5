"""A policy from its file, with a place for every complaint."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gradcheck.grading.policy.records import Penalty, Policy
from gradcheck.specification.complaint import short, suggestion
from gradcheck.specification.content import content
from gradcheck.specification.yaml_text import Document, Nothing, Source, load

FILE = "policy.yaml"
"""What a policy is called, beside its gradebook."""
_POLICY = Document(
    noun="policy", beginning="write keys with their values, such as `late_days: 2`", may_be_empty=True
)
_ZONE = "timezone"
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?) ?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?")
_GRADE = re.compile(r"[A-F][+-]?")
"""Letters of which everybody knows which is better."""
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_LARGEST = 1e9
"""Of every number of a policy."""
_FINEST = 1e-6
"""The smallest step to which points are rounded."""
_PART = re.compile(r"(\d+(?:\.\d+)?) ?%")


def policy_beside(gradebook: Path) -> Policy:
    """The policy in the gradebook's folder; the plain one where there is none.

    Raises SpecError with all that is wrong with the file, at its places.
    """
    path = gradebook.with_name(FILE)
    return read(path) if path.exists() else Policy()


def read(path: Path) -> Policy:
    """The policy in a file. Raises SpecError with all that is wrong with it, at its places."""
    source = load(content(path, _POLICY.noun), str(path), _POLICY)
    stated = {key for key, value in source.data.items() if not isinstance(value, Nothing)}
    zone = _value(source, (_ZONE,), _zone) if _ZONE in stated else None
    settings = {}
    for key in source.data:
        if key not in stated:
            source.complain((key,), f"{short(key)} has no value", "write one, or leave the key out", key=True)
        elif key in _FIELDS:
            settings[key] = _value(source, (key,), _FIELDS[key])
        elif key in _READERS:
            settings[key] = _READERS[key](source, key, zone)
        elif key != _ZONE:
            known = suggestion(key, [*_FIELDS, *_READERS, _ZONE])
            source.complain((key,), f"{short(key)} is not a key of a policy", known, key=True)
    source.settle()
    return Policy(**settings)


def _value(source: Source, where: tuple[str, ...], reader: Callable[[Any], Any]) -> Any:
    """The value there, read; a complaint where it can't be."""
    data: Any = source.data
    for part in where:
        data = data[part]
    try:
        return reader(data)
    except ValueError as error:
        source.complain(where, str(error))
        return None


def _time(source: Source, where: tuple[str, ...], zone: tzinfo | None) -> datetime | None:
    def reader(text: Any) -> datetime:
        match = _TIME.fullmatch(str(text))
        if match is None:
            raise ValueError("write a time as 2026-10-01 23:59 or 2026-10-01 23:59 +02:00")
        time = datetime.fromisoformat(match[1] + (match[2] or ""))
        if time.tzinfo is None and zone is None:
            raise ValueError(
                "the time zone is missing; write +02:00 after the time, or timezone: Europe/Berlin above"
            )
        time = time if time.tzinfo else time.replace(tzinfo=zone)
        if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
            raise ValueError(f"write a year from {_FIRST_YEAR} to {_LAST_YEAR}")
        return time

    time = _value(source, where, reader)
    assert time is None or isinstance(time, datetime)
    return time


def _deadline(source: Source, key: str, zone: tzinfo | None) -> datetime | None:
    return _time(source, (key,), zone)


def _extensions(source: Source, key: str, zone: tzinfo | None) -> dict[str, datetime | None]:
    if not isinstance(source.data[key], dict):
        source.complain((key,), "write submissions with their deadlines: anna: 2026-10-05 23:59")
        return {}
    return {name: _time(source, (key, name), zone) for name in source.data[key]}


def _letters(source: Source, key: str) -> tuple[tuple[str, float], ...]:
    """The letters with the part of the maximum where each begins, the highest first."""
    stated = source.data[key]
    if not isinstance(stated, dict) or not stated:
        advice = "write letters and the part of the points where each begins: {A: 90%, B: 75%, F: 0%}"
        source.complain((key,), advice)
        return ()
    least: dict[str, float] = {}
    for name in stated:
        if not name.strip():
            source.complain((key, name), "this letter has no name", "write one before the colon", key=True)
        part = _value(source, (key, name), _part)
        if part is None:
            continue
        same = next((other for other in least if least[other] == part), None)
        if same is not None:
            message = f"{short(name)} begins where {short(same)} begins: nobody can get both"
            source.complain((key, name), message, "keep one of them, or change its part")
        least[name] = part
    letters = sorted(least.items(), key=lambda one: -one[1])
    for (high, _), (low, _) in pairwise(one for one in letters if _GRADE.fullmatch(one[0])):
        if _rank(high) > _rank(low):
            message = f"{high} begins above {low}, which is the better letter"
            source.complain((key, high), message, "give the better letter the higher part")
    return tuple(letters)


def _rank(grade: str) -> tuple[str, int]:
    """A+, A, A-, B+ and so on, in this order."""
    return grade[0], "+ -".index(grade[1:] or " ")


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{short(str(name))} is not a time zone; write, for example, Europe/Berlin, America/New_York, UTC"
        ) from None


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value) or value < 0:
        raise ValueError("write a number that is not negative")
    if value > _LARGEST:
        raise ValueError(f"write a number of at most {_LARGEST:,.0f}")
    return float(value)


def _step(value: Any) -> float:
    step = _number(value)
    if 0 < step < _FINEST:
        raise ValueError(f"write a step of at least {_FINEST:f}, or 0 to round nothing")
    return step


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("write a whole number that is not negative")
    return value


def _part(value: Any) -> float:
    """50% as 0.5."""
    match = _PART.fullmatch(value) if isinstance(value, str) else None
    if match is None or float(match[1]) > 100:
        raise ValueError("write a part of the points, from 0% to 100%")
    return float(match[1]) / 100


def _penalty(value: Any) -> Penalty:
    if isinstance(value, str):
        return Penalty(_part(value), is_part=True)
    return Penalty(_number(value), is_part=False)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("write true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError('write a text, with quotation marks where it is only digits: "101"')
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("write a list of specs: [specs/bonus.yaml]")
    return tuple(value)


def _rounding(value: Any) -> str:
    if value not in ("nearest", "up", "down"):
        raise ValueError(f"{short(str(value))} is not nearest, up or down")
    return str(value)


_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "title": _text,
    "grace_minutes": _number,
    "late_days": _whole,
    "penalty_per_day": _penalty,
    "most_penalty": _penalty,
    "closes_after_days": _whole,
    "extra_credit": _texts,
    "per_case": _truth,
    "round_to": _step,
    "rounding": _rounding,
}
_READERS: Mapping[str, Callable[[Source, str, tzinfo | None], Any]] = {
    "deadline": _deadline,
    "extensions": _extensions,
    "letters": lambda source, key, _: _letters(source, key),
}
