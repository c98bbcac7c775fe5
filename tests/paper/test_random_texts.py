"""Random texts in every dialect and notation are read, and each of their claims is judged rightly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from random_texts import RandomText, Written, random_text

from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.paper.check import check

WORST = (Standing.WRONG, Standing.CANNOT_TELL, Standing.UNCHECKED, Standing.DEFINED, Standing.RIGHT)
FEWEST = 0.97
"""How many of the claims have to be judged."""
MANY, EACH = 1_000, 250
"""How many texts are drawn in all, and in each of the slow tests."""


@dataclass(frozen=True)
class Verdict:
    """What is said of a drawn equation."""

    seed: int
    drawn: RandomText
    equation: Written
    standing: Standing | None
    """None where it can't be read."""
    message: str

    @property
    def is_claim(self) -> bool:
        """Whether it claims something."""
        return self.equation.truth is not None

    @property
    def is_false(self) -> bool:
        """Whether what is right, or a definition, is called wrong, or what is wrong right."""
        if self.standing is Standing.WRONG:
            return self.equation.truth is not False
        return self.standing is Standing.RIGHT and self.equation.truth is False

    @property
    def is_judged(self) -> bool:
        """Whether it is called right or wrong."""
        return self.standing in (Standing.RIGHT, Standing.WRONG)

    def __str__(self) -> str:
        standing = "unread" if self.standing is None else self.standing.value
        truth = {True: "right", False: "wrong", None: "a definition"}[self.equation.truth]
        head = f"seed {self.seed} ({self.drawn.family}, {self.drawn.dialect}, {self.drawn.notation})"
        return f"{head}: {standing}, and it is {truth}\n  {self.equation.text}\n  {self.message}"


def verdicts(seed: int) -> Iterator[Verdict]:
    """Of each equation of a text; the worst of what is said of its parts."""
    drawn = random_text(seed)
    derivation = check(drawn.text, drawn.name)
    starts = _starts(drawn.text)
    for equation in drawn.equations:
        inside = [
            one
            for one in derivation.claims
            if equation.start <= starts[one.line - 1] + one.column - 1 < equation.end
        ]
        worst = min(inside, key=lambda one: WORST.index(one.standing), default=None)
        message = _unread(derivation) if worst is None else _message(worst)
        yield Verdict(seed, drawn, equation, None if worst is None else worst.standing, message)


def _starts(text: str) -> list[int]:
    """Where each line begins."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _message(judged: Judged) -> str:
    return "; ".join(filter(None, [judged.mistake, *(step.message for step in judged.steps), *judged.notes]))


def _unread(derivation: Derivation) -> str:
    return "; ".join(f"line {one.line}: {one.message}" for one in derivation.unread)


def _assert_judged(seeds: range) -> None:
    """No verdict on the texts of these seeds is false, and nearly all claims have one."""
    found = [verdict for seed in seeds for verdict in verdicts(seed)]
    false = [verdict for verdict in found if verdict.is_false]
    assert not false, "\n".join([f"{len(false)} false verdicts", *map(str, false[:10])])
    claims = [verdict for verdict in found if verdict.is_claim]
    for trait in ("dialect", "notation", "family"):
        _print_rates(claims, trait)
    assert sum(verdict.is_judged for verdict in claims) >= FEWEST * len(claims)


def _print_rates(claims: list[Verdict], trait: str) -> None:
    """How many claims of each dialect, or of what else, are judged."""
    every = Counter(getattr(verdict.drawn, trait) for verdict in claims)
    judged = Counter(getattr(verdict.drawn, trait) for verdict in claims if verdict.is_judged)
    for name, count in sorted(every.items()):
        print(f"{trait} {name}: {judged[name]} of {count} claims judged")


def test_claims_are_judged_rightly() -> None:
    """No right claim is called wrong, no wrong one right, and few can't be judged."""
    _assert_judged(range(60))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, MANY, EACH))
def test_many_claims_are_judged_rightly(first: int) -> None:
    """The same of a thousand texts."""
    _assert_judged(range(first, first + EACH))
