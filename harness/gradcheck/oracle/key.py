"""The answer key of a spec: every case's numbers and their truth, in the learner's own layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gradcheck.arrays import Array
from gradcheck.oracle.entry import Entry
from gradcheck.slopes import Slopes
from gradcheck.specification.records import CasePlan, Spec
from gradcheck.submission.records import MAX_ANSWER

if TYPE_CHECKING:
    from gradcheck.specification.cases import Case

_ROOM, _TIMES = 1 << 20, 16
"""Bytes that any answer may take, and how many times the right ones'."""


@dataclass(frozen=True)
class KeyCase:
    """One case, arranged as the notation has it."""

    plan: CasePlan
    inputs: Mapping[str, Array | float]
    """What `run` is given, by the names it uses."""
    entries: Mapping[str, Entry]
    """What is true of every quantity that is checked or accepted, by canonical name."""
    drawn: Case | None = None
    """The numbers as they were drawn, where the plan does not give them."""

    def case(self, spec: Spec) -> Case:
        """The numbers of the spec's network, samples as rows."""
        return spec.draw(self.plan) if self.drawn is None else self.drawn


@dataclass(frozen=True, eq=False)
class AnswerKey:
    """A spec with its cases answered; equal to itself alone."""

    spec: Spec
    cases: tuple[KeyCase, ...]
    """The spec's own and, behind them, a fresh one, which nobody can know before a run."""
    known: AnswerKey | None = None
    """The key of the spec's own cases alone, where there is a fresh one."""

    @property
    def own(self) -> AnswerKey:
        """The key of the spec's own cases: the same object for a whole class."""
        return self.known or self

    @property
    def fresh(self) -> tuple[KeyCase, ...]:
        """The fresh case, if there is one."""
        return self.cases[len(self.own.cases) :]

    @cached_property
    def most(self) -> int:
        """Bytes that an answer to one case may take: more than anything that is meant as one."""
        if self.known:
            return self.known.most
        largest = max(sum(entry.autograd.nbytes for entry in case.entries.values()) for case in self.cases)
        return min(MAX_ANSWER, max(_ROOM, _TIMES * largest))

    @cached_property
    def symbols(self) -> dict[str, str]:
        """Canonical name -> name in `run`, of all that is checked or accepted."""
        if self.known and self.known.spec is self.spec:
            return self.known.symbols
        return {name: self.spec.notation.symbol(name) for name in (*self.spec.check, *self.spec.accept)}


def packed(key: AnswerKey) -> tuple[Any, list[Array]]:
    """(JSON-able header, arrays), as the store takes them."""
    arrays: list[Array] = []

    def slot(a: Array) -> int:
        arrays.append(a)
        return len(arrays) - 1

    cases = [
        {
            "inputs": {name: slot(a) for name, a in case.inputs.items() if not isinstance(a, float)},
            "numbers": {name: a for name, a in case.inputs.items() if isinstance(a, float)},
            "entries": {
                name: [
                    e.response,
                    slot(e.autograd),
                    *(slot(getattr(e.differences, f.name)) for f in fields(Slopes)),
                ]
                for name, e in case.entries.items()
            },
        }
        for case in key.cases
    ]
    return {"spec": key.spec.data, "text_hash": key.spec.text_hash, "cases": cases}, arrays


def unpacked(path: str, header: Any, arrays: list[Array]) -> AnswerKey:
    """The key that `packed` was given; `path` is the spec's, as it is shown."""
    spec = Spec.build(header["spec"], path, header["text_hash"])
    cases = tuple(
        KeyCase(
            plan,
            {**{name: arrays[i] for name, i in case["inputs"].items()}, **case["numbers"]},
            {
                name: Entry(arrays[i], Slopes(*(arrays[j] for j in rest)), response)
                for name, (response, i, *rest) in case["entries"].items()
            },
        )
        for plan, case in zip(spec.cases, header["cases"], strict=True)
    )
    return AnswerKey(spec, cases)
