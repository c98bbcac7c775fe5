"""Conditions before what they restrict: If i = j: …, For z > 0 we get …, Case i ≠ j.

A claim's condition stands behind it; one that stands before it is put there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gradcheck.formulas.tree import COMPARING, Claim, Comparison, Symbol

_EQUATING = frozenset({"=", "==", "≠"})
_RUNNING = frozenset("ijklmn")
_INDICES = _RUNNING | frozenset("cpqrsty")
"""Letters of places, of which one at least is no other thing: i = j, k = y."""
_MARKUP = re.compile(r"\\(?:text|mbox|mathrm|quad|qquad|left|right|[()\[\],;! ])|[${}&*_`~\s\\]")
_OPENING = re.compile(
    r"""[.;:\n](?:\W|\d)*
    (?:\b(?P<word>if|for|when|whenever|case|suppose|assume|consider|let|take|provided|in)\b[^.;\n=]*)?\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST, _FAR = 80, 200
"""Characters between a condition and what it restricts, and before it that are looked at."""


def behind(text: str, claims: Sequence[Claim]) -> Iterator[Claim]:
    """The claims in order, but each condition that leads to one right behind it."""
    waiting: list[Claim] = []
    end = 0
    for n, claim in enumerate(claims):
        condition = _condition(claim)
        before = text[end : claim.span[0]] if end else f".{text[: claim.span[0]]}"
        end = claim.span[1]
        after = text[end : claims[n + 1].span[0]] if n + 1 < len(claims) else None
        if condition is not None and after is not None and _leads(before, after):
            waiting.append(condition)
            continue
        yield claim
        yield from waiting
        waiting = []
    yield from waiting


def _condition(claim: Claim) -> Claim | None:
    """The claim as a condition, where it says no more than which letters are equal, or what is larger."""
    match claim.sides:
        case (Comparison(left, relation, right),):
            return replace(claim, sides=(left, right), relations=(relation,))
        case (_, _) if not claim.leading and claim.relations[0] in COMPARING:
            return claim
        case (Symbol(one), Symbol(other)) if not claim.leading and claim.relations[0] in _EQUATING:
            return claim if {one, other} <= _INDICES and {one, other} & _RUNNING else None
    return None


def _leads(before: str, after: str) -> bool:
    """Whether it opens a sentence that goes on with a claim."""
    opening = _OPENING.search(before[-_FAR:])
    if opening is None or len(after) > _MOST or re.search(r"[.;]\s|\n\s*\n.*\w", after):
        return False
    rest = _MARKUP.sub("", after)
    return bool(rest) or (opening["word"] or "").lower() == "case"
