"""Submissions whose unexplained wrong answers agree, number for number.

A report shows the numbers of one case for each quantity, which need not be the same case for two that agree:
which one shows most depends on the case that was drawn for each. Where it is another, nothing is compared.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, takewhile
from typing import NamedTuple

from gradcheck.grading.names import natural_key
from gradcheck.grading.unexplained import DIGITS, Answer, Part, varies

_CLOSE = 0.5 * 10.0**-DIGITS
_NOTHING = 1e-12
"""What is smaller than this part of an answer's largest number is 0 on another machine."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """At least two submissions that agree in these numbers and, wherever any two can be compared, in all."""

    submissions: tuple[str, ...]
    """By name."""
    answers: tuple[Answer, ...]
    """What all of them have: the first submission's answers, one a spec."""

    @property
    def size(self) -> int:
        """In how many numbers they agree."""
        return sum(len(answer.discrepancies) for answer in self.answers)


def agreements(answers: Iterable[Answer]) -> list[Agreement]:
    """Who agrees, those who agree in the most numbers first.

    A submission may agree with others in one spec, and with yet others in another. The order of the answers
    does not matter.
    """
    by_spec = defaultdict[str, list[Answer]](list)
    for answer in answers:
        by_spec[answer.spec].append(answer)
    shared = defaultdict[tuple[str, ...], list[Answer]](list)
    for several in by_spec.values():
        for group in _groups(several):
            shared[tuple(sorted(group.submissions, key=natural_key))].append(group.answer)
    found = [
        Agreement(submissions=names, answers=tuple(sorted(answers, key=lambda answer: answer.spec)))
        for names, answers in shared.items()
    ]
    return sorted(found, key=lambda one: (-one.size, one.submissions))


class _Group:
    """Submissions that agree: they have some parts of an answer in common, and differ in none."""

    def __init__(self, number: int, answer: Answer, labels: Mapping[Part, int]) -> None:
        self.number = number
        """How many groups there were before it."""
        self.submissions = [answer.submission]
        self.answer = answer
        """What all of them have, as the first has it."""
        self._labels = dict(labels)

    def join(self, submission: str, labels: Mapping[Part, int]) -> bool:
        """Take a submission in, if it agrees with all of them."""
        if any(self._labels.get(part, label) != label for part, label in labels.items()):
            return False
        left = tuple(one for one in self.answer.discrepancies if (one.quantity, one.case) in labels)
        answer = replace(self.answer, discrepancies=left)
        if len(left) < len(self.answer.discrepancies) and not varies(answer):
            return False
        self.answer = answer
        self.submissions.append(submission)
        self._labels |= labels
        return True


def _groups(answers: Sequence[Answer]) -> list[_Group]:
    """Groups of two and more, of answers for one spec."""
    labels = _labels(answers)
    groups = _Groups({part for own in labels.values() for part in own})
    for answer in sorted(answers, key=lambda answer: answer.submission):
        groups.place(answer, labels[answer.submission])
    return [group for group in groups.all if len(group.submissions) > 1]


class _Groups:
    """All groups of a spec, by what they have and lack."""

    def __init__(self, parts: Collection[Part]) -> None:
        self.all: list[_Group] = []
        self._having = defaultdict[int, dict[_Group, None]](dict)
        """By label, in order."""
        self._lacking: dict[Part, dict[_Group, None]] = {part: {} for part in parts}

    def place(self, answer: Answer, labels: Mapping[Part, int]) -> None:
        """Add a submission to the first group with which it agrees, or to one of its own."""
        group = next((one for one in self._near(labels) if one.join(answer.submission, labels)), None)
        if group is None:
            group = _Group(len(self.all), answer, labels)
            self.all.append(group)
            for part in self._lacking.keys() - labels.keys():
                self._lacking[part][group] = None
        for part, label in labels.items():
            self._having[label][group] = None
            self._lacking[part].pop(group, None)

    def _near(self, labels: Mapping[Part, int]) -> list[_Group]:
        """All groups that one part does not rule out, in their order: that part which leaves the fewest."""
        near = [[*self._having[label], *self._lacking[part]] for part, label in labels.items()]
        fewest = min(near, key=len)
        return sorted(fewest, key=lambda group: group.number)


def _labels(answers: Sequence[Answer]) -> dict[str, dict[Part, int]]:
    """Submission -> its parts, each with a number that those who agree in it share."""
    comparable = defaultdict[Part, dict[object, list[_Point]]](lambda: defaultdict(list))
    for answer in answers:
        for part, several in answer.parts.items():
            places = tuple(one.index for one in several)
            numbers = (*(one.yours for one in several), *(one.true for one in several))
            comparable[part][places].append(_Point(_cleaned(numbers), answer.submission))
    labels = defaultdict[str, dict[Part, int]](dict)
    count = itertools.count()
    for part, by_places in comparable.items():
        for alike in chain.from_iterable(map(_alike, by_places.values())):
            label = next(count)
            for submission in alike:
                labels[submission][part] = label
    return labels


class _Point(NamedTuple):
    """The numbers of a part, none of which is what rounding has left of nothing."""

    numbers: tuple[float, ...]
    submission: str


def _alike(points: Sequence[_Point]) -> Iterator[list[str]]:
    """Submissions in classes; within one, any two agree in every number.

    Each member agrees with the first one to half of what is allowed, and so with every other.
    """
    for near in _near(points):
        classes: list[list[_Point]] = []
        for point in sorted(near):
            near_by = _recent(classes, point)
            known = next((one for one in near_by if all(map(_is_close, one[0].numbers, point.numbers))), None)
            if known is None:
                classes.append([point])
            else:
                known.append(point)
        yield from ([point.submission for point in one] for one in classes)


def _recent(classes: list[list[_Point]], point: _Point) -> Iterator[list[_Point]]:
    """The classes whose first number is close to the point's: they come in order of that number."""
    return takewhile(lambda one: _is_close(one[0].numbers[0], point.numbers[0]), reversed(classes))


def _near(points: Sequence[_Point]) -> list[list[_Point]]:
    """The points in groups; those that agree are in one, as no number parts them."""
    groups = [list(points)]
    for place in range(len(points[0].numbers)):
        groups = [part for group in groups for part in _parted(group, place)]
    return groups


def _parted(points: list[_Point], place: int) -> Iterator[list[_Point]]:
    """The points where one number of theirs leaves a gap."""
    if len(points) == 1:
        yield points
        return
    ordered = sorted(points, key=lambda point: point.numbers[place])
    group = ordered[:1]
    for before, point in pairwise(ordered):
        if not _is_close(before.numbers[place], point.numbers[place]):
            yield group
            group = []
        group.append(point)
    yield group


def _is_close(x: float, y: float) -> bool:
    """Whether two numbers agree to half of what `agree` allows."""
    return x == y or abs(x - y) <= _CLOSE * min(abs(x), abs(y))


def _cleaned(numbers: tuple[float, ...]) -> tuple[float, ...]:
    """With 0 for what rounding has left of nothing."""
    least = _NOTHING * max(map(abs, numbers), default=0.0)
    return tuple(0.0 if abs(x) < least else x for x in numbers)
