"""Why a side is not what stands before it: a factor, a sign, another name's derivative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.wording import Explanation
from gradcheck.digits import short
from gradcheck.expr.registry import ALIASES, CALLED, called
from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Bracket, Claim, Derivative, Node, Number, Power, Product, Scripted, Symbol
from gradcheck.formulas.walk import innermost, nodes
from gradcheck.formulas.written import written
from gradcheck.paper import facts
from gradcheck.paper.judge import AS_A_ROW, CLOSE, Outcome, Way, same
from gradcheck.paper.lengths import entries_along, name_of
from gradcheck.paper.names import Key
from gradcheck.paper.rewriting.normal import is_function, normal
from gradcheck.paper.text import EXPRESSION as POSED
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.values.network import open_axes

EXPRESSION = Key(POSED.text)


_LONGEST = 24
"""Characters of a rule; for a longer one people write f'(u)."""
_LETTER = re.compile(r"\b([xy])\b")
_COUNT = "N"
"""What stands for how many there are, where the text has no name for it."""


def _rule_on_paper(name: str, rule: str) -> str:
    """The rule of a function's derivative as it is written on paper, up to its sign, of {u}."""
    if ">" in rule or "<" in rule or len(rule) > _LONGEST:
        return f"{name}'({{u}})"
    words = {"x": "({u})", "y": f"{name}({{u}})"}
    text = _LETTER.sub(lambda match: words[match[0]], rule.removeprefix("-"))
    return text.replace(" * ", "*").replace(" / ", "/").replace("(({u}))", "({u})")


SLOPES = {
    name: _rule_on_paper(name, rule)
    for name, operation in [
        *((name, called(name)) for name in (*CALLED, *ALIASES)),
        ("sigma", CALLED["sigmoid"]),
    ]
    if operation and operation.arity == 1
    for rule in operation.derivatives
    if rule
}
"""Derivatives of functions, up to their sign."""


def formula_of(label: str) -> Node:
    """A formula in plain text."""
    return normal([Claim(read(label).claims[0].sides, ())])[0].sides[0]


def _as_node(key: Key) -> Node:
    """The name as a formula has it."""
    return read(str(key)).claims[0].sides[0]


@dataclass(frozen=True)
class _Factor:
    """Something that a product may have once too often, or not at all."""

    words: str
    values: Sequence[Array]


def explained(outcome: Outcome) -> Explanation:
    """What the ratio of the broken side to the one before it is; nothing where it is nothing known."""
    assert outcome.broken is not None
    assert outcome.way is not None
    way, claim = outcome.way, outcome.claim
    before: Sequence[Array] = outcome.values[outcome.known.index(outcome.before)]
    broken: Sequence[Array] = outcome.values[outcome.known.index(outcome.broken)]
    if AS_A_ROW in outcome.notes and before[0].shape != broken[0].shape:
        broken = [np.swapaxes(value, -1, -2) for value in broken]
    pairs = list(zip(before, broken, strict=True))
    if differ := facts.shapes_differ(*pairs[0]):
        return Explanation(differ)
    ratios = [r for a, b in pairs if (r := facts.ratio(a, b)) is not None]
    if len(ratios) == len(pairs):
        constant = facts.constant(ratios)
        if constant is not None and (text := _times(way, outcome, constant)):
            return Explanation(text)
        for factor in _factors(way, claim):
            if text := _missing(factor, ratios):
                return Explanation(text)
    return Explanation(_other_derivative(way, claim, broken) or facts.one_entry(before, broken))


def _times(way: Way, outcome: Outcome, ratio: float) -> str:
    """What a side is that is the same number of times the one before it everywhere.

    Where the number changes with the length of an array, it is that length.
    """
    other = _resized_ratio(way, outcome)
    if other is None or np.isclose(ratio, other, CLOSE, 0):
        return facts.times(ratio)
    network, larger = way.network, way.resized.network
    for axis in open_axes(network):
        name = name_of(axis, network) or _COUNT
        lengths = network.lengths[axis], larger.lengths[axis]
        if text := facts.times_length(ratio, lengths[0], other, lengths[1], name):
            what = "" if name != _COUNT else ", where {} has N {}".format(*entries_along(axis, network))
            return f"{text}, everywhere{what}."
    return ""


def _resized_ratio(way: Way, outcome: Outcome) -> float | None:
    """The constant ratio of the broken side to the one before it with arrays of other lengths."""
    assert outcome.broken is not None
    if not open_axes(way.network):
        return None
    sides = [outcome.claim.sides[n] for n in (outcome.before, outcome.broken)]
    try:
        before, broken = map(way.resized.values, sides)
    except MeaningError:
        return None
    ratios = [facts.ratio(a, b) for a, b in zip(before, broken, strict=True)]
    known = [ratio for ratio in ratios if ratio is not None]
    return facts.constant(known) if len(known) == len(ratios) else None


def _missing(factor: _Factor, ratios: Sequence[Array]) -> str:
    """Whether the factor makes the ratio, up to a constant."""
    if not all(_fits(value, ratio) and value.all() for value, ratio in _pairs(factor, ratios)):
        return ""
    for what, rests in (
        ("is missing", [ratio * value for value, ratio in _pairs(factor, ratios)]),
        ("is there once too often", [ratio / value for value, ratio in _pairs(factor, ratios)]),
    ):
        off = float(rests[0].ravel()[0])
        if all(np.allclose(rest, off, CLOSE, 0) for rest in rests):
            besides = "" if abs(off - 1) < CLOSE else f", and the rest is {short(off, 4)} times what is due"
            return f"{factor.words} {what}{besides}."
    return ""


def _fits(value: Array, ratio: Array) -> bool:
    """Whether it is repeated along rows or columns at most."""
    pairs = zip(value.shape, ratio.shape, strict=False)
    return value.ndim in (0, ratio.ndim) and all(n in (1, m) for n, m in pairs)


def _pairs(factor: _Factor, ratios: Sequence[Array]) -> Iterator[tuple[Array, Array]]:
    """One value for a single ratio in whatever shape."""
    for value, ratio in zip(factor.values, ratios, strict=True):
        yield (
            (value.reshape(()) if value.size == 1 else value),
            (ratio.reshape(()) if ratio.size == 1 else ratio),
        )


def _factors(way: Way, claim: Claim) -> Iterator[_Factor]:
    """Derivatives of what is applied, and what it is applied to, in definitions and in the claim."""
    by = next((side.by for side in claim.sides if isinstance(side, Derivative)), None)
    formulas = [*way.text.bodies.values(), *claim.sides]
    for label in dict.fromkeys(label for formula in formulas for label in slopes(formula)):
        slope = formula_of(label)
        yield from _factor(way, "The inner derivative", label, slope)
        for part in slope.factors if isinstance(slope, Product) else ():
            inner = part.inner if isinstance(part, Bracket) else part
            yield from _factor(way, "The factor", written(inner), inner)
    parts = list(dict.fromkeys(part for formula in formulas for part in _parts(formula)))
    if by is not None:
        for part in parts:
            label = f"∂({written(part)})/∂{written(by)}"
            yield from _factor(way, "The inner derivative", label, Derivative(part, by))
    for part in parts:
        yield from _factor(way, "The factor", written(part), part)
    for key in way.network.shapes:
        if key != EXPRESSION:
            yield _Factor(f"The factor {key}", [at.values[str(key)].array for at in way.points])


def _factor(way: Way, kind: str, label: str, node: Node) -> Iterator[_Factor]:
    try:
        values = way.values(node)
    except MeaningError:
        return
    if all(np.isfinite(value).all() for value in values):
        yield _Factor(f"{kind} {label}", values)


def slopes(formula: Node) -> Iterator[str]:
    """The derivatives of the functions that are applied, at their arguments."""
    for name, argument in _calls(formula):
        if name.text in SLOPES:
            yield SLOPES[name.text].format(u=written(argument.inner))


def _calls(formula: Node) -> Iterator[tuple[Symbol, Bracket]]:
    """Functions with what they are applied to."""
    for node, _ in nodes(formula):
        if isinstance(node, Product):
            for name, behind in pairwise(node.factors):
                argument = innermost(behind)
                if isinstance(name, Symbol) and is_function(name.text) and isinstance(argument, Bracket):
                    yield name, argument


def _parts(formula: Node) -> Iterator[Node]:
    """What is applied, stands in brackets, under powers or is a factor."""
    for call in _calls(formula):
        yield Product(call, ("",))
    for node, _ in nodes(formula):
        match node:
            case Bracket(inner=inner) | Power(base=inner):
                if not isinstance(innermost(inner), Number | Bracket):
                    yield inner


def _other_derivative(way: Way, claim: Claim, yours: Sequence[Array]) -> str:
    """The name by which what is differentiated has that derivative."""
    about = next((side for side in claim.sides if isinstance(side, Derivative) and side.of is not None), None)
    if about is None or not isinstance(about.of, Symbol | Scripted):
        return ""
    for key in way.text.inputs:
        name = _as_node(key)
        if name == about.by:
            continue
        try:
            theirs = way.values(Derivative(about.of, name))
        except MeaningError:
            continue
        if all(same(a, b) for a, b in zip(theirs, yours, strict=True)):
            return f"This is the derivative by {key}."
    return ""
