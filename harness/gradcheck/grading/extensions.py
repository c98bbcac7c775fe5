"""Whose deadline a policy extends: a submission's, or that of whoever a course system knows by that name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from gradcheck.grading.people import orders, plain
from gradcheck.grading.records import Origin, Person
from gradcheck.submission.text import one_line

_MOST_NAMED = 5


@dataclass(frozen=True)
class Extensions:
    """A policy's extensions by submission."""

    deadlines: Mapping[str, datetime]
    """Of a group the latest that one of its people has."""
    complaints: tuple[str, ...]
    """About names that are nobody's, or several submissions'."""


def by_submission(
    extensions: Mapping[str, datetime], submissions: Collection[str], origins: Mapping[str, Origin]
) -> Extensions:
    """The extensions by submission, whether they name it, or somebody by name, e-mail, login or number."""
    known = _known(origins) if any(name not in submissions for name in extensions) else {}
    deadlines: dict[str, datetime] = {}
    complaints = []
    for name, deadline in extensions.items():
        text = plain(str(name))
        people = known.get(text) or {one for run in orders(text) for one in known.get(run, ())}
        meant = [name] if name in submissions else sorted(people)
        if len(meant) == 1:
            deadlines[meant[0]] = max(deadlines.get(meant[0], deadline), deadline)
        elif meant:
            listed = ", ".join(one_line(one, 60) for one in meant[:_MOST_NAMED])
            complaints.append(f"extensions: {one_line(str(name))}: may be {listed}; name one of them")
        else:
            complaints.append(f"extensions: {one_line(str(name))}: the gradebook has nothing of that name")
    return Extensions(deadlines, tuple(complaints))


def _known(origins: Mapping[str, Origin]) -> dict[str, set[str]]:
    """What people are called -> their submissions."""
    known: dict[str, set[str]] = {}
    for submission, origin in origins.items():
        for person in origin.people:
            for called in _called(person):
                known.setdefault(called, set()).add(submission)
    return known


def _called(person: Person) -> Iterator[str]:
    """Each of a person's numbers and addresses, and the name in any order, too run together."""
    values = (getattr(person, field.name) for field in fields(person) if field.name != "name")
    yield from (plain(value) for value in values if value)
    yield from orders(plain(person.name))
