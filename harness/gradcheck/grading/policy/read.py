"""A policy from its file, with a place for every complaint."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gradcheck.grading.policy.records import Penalty, Policy
from gradcheck.specification.complaint import suggestion
from gradcheck.specification.content import content
from gradcheck.specification.yaml_text import Source, load

FILE = "policy.yaml"
"""What a policy is called, beside its gradebook."""
_ZONE = "timezone"
_PART = re.compile(r"(\d+(?:\.\d+)?) ?%")


def policy_beside(gradebook: Path) -> Policy:
    """The policy in the gradebook's folder; the plain one where there is none.

    Raises SpecError with all that is wrong with the file, at its places.
    """
    path = gradebook.with_name(FILE)
    return read(path) if path.exists() else Policy()


def read(path: Path) -> Policy:
    """The policy in a file. Raises SpecError with all that is wrong with it, at its places."""
    source = load(content(path), str(path))
    zone = _value(source, (_ZONE,), _zone) if _ZONE in source.data else None
    settings = {}
    for key in source.data:
        if key in _FIELDS:
            settings[key] = _value(source, (key,), _FIELDS[key])
        elif key in _TIMES:
            settings[key] = _TIMES[key](source, key, zone)
        elif key != _ZONE:
            known = suggestion(key, [*_FIELDS, *_TIMES, _ZONE])
            source.complain((key,), f"{key} is not a key of a policy", known, key=True)
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
        match = re.fullmatch(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?) ?(Z|[+-]\d\d:?\d\d)?", str(text))
        if match is None:
            raise ValueError("write a time as 2026-10-01 23:59 or 2026-10-01 23:59 +02:00")
        time = datetime.fromisoformat(match[1] + (match[2] or ""))
        if time.tzinfo is None and zone is None:
            raise ValueError(
                "the time zone is missing; write +02:00 after the time, or timezone: Europe/Berlin above"
            )
        return time if time.tzinfo else time.replace(tzinfo=zone)

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


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{name} is not a time zone; write, for example, Europe/Berlin, America/New_York, UTC"
        ) from None


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("write a number that is not negative")
    return float(value)


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
        raise ValueError(f"{value} is not nearest, up or down")
    return str(value)


def _letters(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, dict) or not value:
        raise ValueError(
            "write letters and the part of the points where each begins: {A: 90%, B: 75%, F: 0%}"
        )
    least = {name: _part(part) for name, part in value.items()}
    return tuple(sorted(least.items(), key=lambda one: -one[1]))


_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "title": _text,
    "grace_minutes": _number,
    "late_days": _whole,
    "penalty_per_day": _penalty,
    "most_penalty": _penalty,
    "closes_after_days": _whole,
    "extra_credit": _texts,
    "per_case": _truth,
    "round_to": _number,
    "rounding": _rounding,
    "letters": _letters,
}
_TIMES: Mapping[str, Callable[[Source, str, tzinfo | None], Any]] = {
    "deadline": _deadline,
    "extensions": _extensions,
}
