"""Numbers that a tree spells out: 9^9^9^9 is as much too large as its digits would be."""

from __future__ import annotations

import math

from gradcheck.formulas.errors import Unread
from gradcheck.formulas.limits import MAX_EXPONENT
from gradcheck.formulas.tree import Bracket, Negative, Node, Number, Power, Scripted
from gradcheck.formulas.walk import nodes


def too_large(root: Node) -> Unread | None:
    """What is said of a gigantic exponent, or of a power of numbers that no float holds."""
    known: dict[int, float] = {}
    for node, _ in reversed(list(nodes(root))):  # parts before wholes
        exponent = _exponent(node)
        if exponent is not None and abs(known.get(id(exponent), 0.0)) > MAX_EXPONENT:
            return Unread(f"an exponent is beyond {MAX_EXPONENT}", exponent.span)
        try:
            value = _value(node, known)
        except OverflowError:
            return Unread("this number is too large", node.span)
        if value is not None:
            known[id(node)] = value
    return None


def _exponent(node: Node) -> Node | None:
    """What stands above, which may turn out to be a layer."""
    match node:
        case Power(exponent=above) | Scripted(sup=above):
            return above
    return None


def _value(node: Node, known: dict[int, float]) -> float | None:
    """The number that a node is, by those of its parts; None for all else."""
    match node:
        case Number(value=value):
            return value
        case Bracket(inner=inner):
            return known.get(id(inner))
        case Negative(of=of) if id(of) in known:
            return -known[id(of)]
        case Power(base=base, exponent=exponent) if id(base) in known and id(exponent) in known:
            return _power(known[id(base)], known[id(exponent)])
    return None


def _power(base: float, exponent: float) -> float | None:
    try:
        return math.pow(base, exponent)
    except ValueError:  # a root of what is negative, or 0 to a negative power
        return None
