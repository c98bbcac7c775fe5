"""A derivative of an expression alone, checked by differences: no network, no spec."""

from __future__ import annotations

from gradcheck.derivation import wording
from gradcheck.derivation.records import Derivation
from gradcheck.errors import UsageError
from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Negative, Node, Sum


def check(text: str, source: str, *, of: str, wrt: str) -> Derivation:
    """Every claim of the text about ∂of/∂wrt or about its parts; a formula alone is that derivative.

    Raises UsageError where `of` and `wrt` make no sense.
    """
    reading = read(text)
    function = _one(of, "--of")
    by = _one(wrt, "--wrt")
    loose = isinstance(function, (Sum, Negative))
    title = f"∂/∂{wrt.strip()} " + (f"({of.strip()})" if loose else of.strip())
    if not reading.can_be_judged:
        return wording.unjudged(reading, source, of=title)
    from gradcheck.derivation.question import Question  # NumPy and more, as in `check`

    question = Question(function, by, reading.claims, text)
    claims = [question.judged(number, title) for number in range(len(reading.claims))]
    return wording.derivation(reading, claims, source, of=title)


def _one(text: str, option: str) -> Node:
    reading = read(text)
    if reading.unread:
        raise UsageError(f"{option}: {reading.unread[0].message}")
    if len(reading.claims) != 1 or len(reading.claims[0].sides) != 1:
        raise UsageError(f"{option}: give one expression, without =")
    return reading.claims[0].sides[0]
