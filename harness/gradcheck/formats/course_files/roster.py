"""Whose line of a course system's file a submission belongs into."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

from gradcheck.grading.people import orders, plain, words
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Person
from gradcheck.submission.text import one_line

_IDS = tuple(field.name for field in fields(Person) if field.name != "name")
"""What tells a person from all others."""
_MOST_NAMED = 10
_Fold = Callable[[str], str]


@dataclass(frozen=True)
class Matching:
    """Lines with the grades that belong into them, and what belongs nowhere."""

    lines: int
    """How many there are."""
    grades: dict[int, FinalGrade]
    """By the line's number, from 0."""
    unmatched: tuple[str, ...]
    """Submissions, or people of a group's, that have no line."""
    empty: tuple[str, ...]
    """Lines without a submission."""
    ambiguous: tuple[str, ...]
    """Why a line or a submission is left alone where more than one could be meant."""

    def remarks(self, file: str, filled: int | None = None) -> list[str]:
        """What an instructor has to know, a line each.

        `filled` is how many lines have their grade from here; None: all that are matched.
        """
        lists = {
            f"without a line in {file}": self.unmatched,
            f"in {file} without a grade from here": self.empty,
            "left blank, as it is not clear who is meant": self.ambiguous,
        }
        filled = len(self.grades) if filled is None else filled
        counts = f"{filled:,} of {self.lines:,} lines of {file} have a grade from here"
        return [counts, *(f"{about}: {_listed(names)}" for about, names in lists.items() if names)]


def match(lines: Sequence[Person], grades: Iterable[FinalGrade]) -> Matching:
    """Put each grade to the one line that is its submission's, by what tells people apart, or else by name.

    Where several lines fit a submission, or several submissions a line, none of them gets a grade: nobody is
    given what may be another's. A name fits only where nothing that both sides know contradicts it.
    """
    index = _Index(lines)
    claims: defaultdict[int, list[tuple[str, FinalGrade]]] = defaultdict(list)
    unmatched: list[str] = []
    ambiguous: list[str] = []
    for grade in grades:
        for person in grade.people or (None,):
            name = _shown(grade, person)
            there = index.of(person) if person else index.of_name(grade.submission)
            if len(there) > 1:
                ambiguous.append(f"{name} fits {_listed([_line(lines[n]) for n in sorted(there)])}")
            elif there:
                claims[there.pop()].append((name, grade))
            else:
                unmatched.append(name)
    matched: dict[int, FinalGrade] = {}
    for number, claimants in sorted(claims.items()):
        if len({id(grade) for _, grade in claimants}) > 1:
            names = _listed([name for name, _ in claimants])
            ambiguous.append(f"{_line(lines[number])} fits {names}")
        else:
            matched[number] = claimants[0][1]
    empty = [_line(line) for number, line in enumerate(lines) if number not in claims]
    return Matching(len(lines), matched, tuple(unmatched), tuple(empty), tuple(ambiguous))


class _Index:
    """Lines by what people are called in them."""

    def __init__(self, lines: Sequence[Person]) -> None:
        self._lines = lines
        self._ids: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._words: dict[_Fold, defaultdict[str, set[int]]] = {f: defaultdict(set) for f in (plain, _bare)}
        self._runs: dict[_Fold, defaultdict[str, set[int]]] = {f: defaultdict(set) for f in (plain, _bare)}
        for number, line in enumerate(lines):
            for kind in _IDS:
                if value := plain(getattr(line, kind)):
                    self._ids[kind, value].add(number)
            for fold in (plain, _bare):
                name = fold(line.name)
                if parts := words(name):
                    self._words[fold][" ".join(sorted(parts))].add(number)
                for run in orders(name):
                    self._runs[fold][run].add(number)

    def of(self, person: Person) -> set[int]:
        """The lines that may be the person's."""
        known = {kind: value for kind in _IDS if (value := plain(getattr(person, kind)))}
        by_id = {number for one in known.items() for number in self._ids.get(one, ())}
        return by_id or {n for n in self._named(person.name) if not self._contradicts(n, known)}

    def of_name(self, name: str) -> set[int]:
        """The lines that may be meant by what a file is called."""
        by_id = {number for kind in _IDS for number in self._ids.get((kind, plain(name)), ())}
        return by_id or self._named(name)

    def _named(self, name: str) -> set[int]:
        """By the name as it is written or, where that is nobody's, without accents.

        One word may be several that were run together, as Canvas does.
        """
        for fold in (plain, _bare):
            parts = words(fold(name))
            run = self._runs[fold][parts[0]] if len(parts) == 1 else set()
            if there := self._words[fold][" ".join(sorted(parts))] | run:
                return there
        return set()

    def _contradicts(self, number: int, known: dict[str, str]) -> bool:
        line = self._lines[number]
        return any((other := plain(getattr(line, kind))) and other != value for kind, value in known.items())


def _bare(text: str) -> str:
    """The same without accents over Latin letters; in other scripts such marks make letters of their own."""
    bare = []
    for character in plain(text):
        base, *marks = list(unicodedata.normalize("NFD", character))
        bare.append(base if marks and "a" <= base <= "z" else character)
    return "".join(bare)


def _shown(grade: FinalGrade, person: Person | None) -> str:
    name = one_line(grade.submission, 60)
    of_group = person is not None and len(grade.people) > 1
    return f"{_line(person)} of {name}" if person and of_group else name


def _line(person: Person) -> str:
    """Somebody by name, or whatever else there is."""
    values = (getattr(person, field.name) for field in fields(person))
    return one_line(next((value for value in values if value.strip()), "a line without a name"), 60)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return "; ".join(names[:_MOST_NAMED]) + more
