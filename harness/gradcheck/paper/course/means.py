"""The losses of the examples: Σ_k C_k is m times their mean, or the whole loss where that is a sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.tree import (
    BigSum,
    Claim,
    Derivative,
    Negative,
    Node,
    Number,
    Product,
    Scripted,
    Sum,
    Symbol,
)
from gradcheck.formulas.walk import changed
from gradcheck.paper.rewriting.nabla import is_nabla

COUNTS = ("m", "N", "M", "n")
"""Letters for the number of examples."""


def with_means(words: Vocabulary, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims without sums over the losses of examples, each of which has the sum's letter below it."""
    change = partial(_without_sum, words)
    return tuple(replace(claim, sides=tuple(map(change, claim.sides))) for claim in claims)


def _without_sum(words: Vocabulary, node: Node) -> Node:
    node = changed(node, partial(_without_sum, words))
    match node:
        case BigSum((Symbol(letter),), lower, upper, body, span, None) if _is_over_all(lower, upper):
            whole = _of_all(words, letter, body)
            if whole is not None and words.stack.reduction == "sum":
                return whole
            if whole is not None:
                return Product((Symbol("m", span), whole), ("",), span)
    return node


def _is_over_all(lower: Node | None, upper: Node | None) -> bool:
    """Whether a sum runs over all examples: from 1 to m, from 0 to m - 1, or without a word on it."""
    match lower, upper:
        case None, None:
            return True
        case Number(1.0), Symbol(count):
            return count in COUNTS
        case Number(0.0), Sum((Symbol(count), Negative(Number(1.0)))):
            return count in COUNTS
    return False


def _of_all(words: Vocabulary, letter: str, body: Node) -> Node | None:
    """What is said of the loss of one example, of all of them."""
    match body:
        case Derivative(of) if of is not None and (whole := _of_all(words, letter, of)) is not None:
            return replace(body, of=whole)
        case Product((nabla, of), ("",)) if is_nabla(nabla):
            whole = _of_all(words, letter, of)
            return None if whole is None else replace(body, factors=(nabla, whole))
        case Scripted(base, 0, None, _, (Symbol(below),)) if below == letter and words.is_objective(base):
            return base
    return None
