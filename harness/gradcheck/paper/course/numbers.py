"""Numbers of a claim beside a spec that may be how many examples there are: 1/4 of a batch of four."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from gradcheck.derivation.records import Standing
from gradcheck.formulas.tree import Claim, Node, Number, Symbol
from gradcheck.formulas.walk import changed
from gradcheck.paper.judge import Outcome
from gradcheck.paper.lengths import numbers_of
from gradcheck.paper.values.algebra import MeaningError

_COUNT = Symbol("m")
"""What formulas call the number of examples."""
_NUMBERS = range(3, 10_000)
_MOST = 2
"""How many numbers of a claim are tried."""


def for_examples(
    claims: Sequence[Claim],
    number: int,
    outcome: Outcome,
    batches: Callable[[], Collection[int]],
    tried: Sequence[int],
    judged: Callable[[Sequence[Claim]], Outcome],
) -> Outcome:
    """The outcome of a claim, one of whose numbers may be that of the examples.

    `batches` finds those of the spec's cases, `tried` those of the points at which claims are tried, and
    `judged` says what is known of the claim in a text of other claims.
    """
    for length in numbers_of(claims[number], _NUMBERS, _MOST):
        is_by_chance = outcome.standing is Standing.RIGHT and length in tried
        if outcome.standing is not Standing.WRONG and not is_by_chance:
            continue
        found = judged([_counted(one, length) if n == number else one for n, one in enumerate(claims)])
        if found.standing is not Standing.RIGHT:
            continue
        if length in batches() or length in _given(claims):
            return replace(found, notes=(*found.notes, f"{length} is taken for the number of examples"))
        error = MeaningError(f"this holds for {length} examples, and not otherwise", "write m", "length")
        return Outcome.unknown(claims[number], error)
    return outcome


def may_count(claim: Claim) -> bool:
    """Whether a number of a claim may be that of the examples."""
    return bool(numbers_of(claim, _NUMBERS, 1))


def _given(claims: Sequence[Claim]) -> Iterator[int]:
    """The number of examples by the text's m = 4."""
    for claim in claims:
        match claim.sides:
            case (Symbol("m" | "n" | "N" | "M"), Number(value)) if value in _NUMBERS:
                yield int(value)


def _counted(claim: Claim, length: int) -> Claim:
    """The claim with m for a number."""

    def rewritten(node: Node) -> Node:
        return replace(_COUNT, span=node.span) if node == Number(float(length)) else changed(node, rewritten)

    return replace(claim, sides=tuple(map(rewritten, claim.sides)))
