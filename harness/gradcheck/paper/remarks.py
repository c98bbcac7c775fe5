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
from gradcheck.paper.multiples import multiple
from gradcheck.paper.names import Key
from gradcheck.paper.rewriting.normal import is_function, normal
from gradcheck.paper.text import EXPRESSION as POSED
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.values.network import open_axes

EXPRESSION = Key(POSED.text)


_LONGEST = 24
"""Characters of a rule; for a longer one people write f'(u)."""
_LETTER = re.compile(r"\b([xy])\b")


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


@dataclass(frozen=True)
class _Remark:
    """A factor that is missing or too many, if any, and how many times what is due the rest is."""

    words: str
    number: float


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
    remark = _remark(way, claim, before, broken)
    if remark is not None and (text := _worded(remark, way, outcome)):
        return Explanation(text)
    return Explanation(_other_derivative(way, claim, broken) or facts.one_entry(before, broken))


def _remark(way: Way, claim: Claim, before: Sequence[Array], broken: Sequence[Array]) -> _Remark | None:
    """What the broken side is, if it is some number of times what is due, with or without a factor."""
    ratios = [r for a, b in zip(before, broken, strict=True) if (r := facts.ratio(a, b)) is not None]
    if len(ratios) < len(before):
        return None
    if (constant := facts.constant(ratios)) is not None:
        return _Remark("", constant)
    found = (_missing(factor, ratios) for factor in _factors(way, claim))
    return next((remark for remark in found if remark is not None), None)


def _worded(remark: _Remark, way: Way, outcome: Outcome) -> str:
    """The remark as a sentence; "" where its number depends on lengths in another way than as n does."""
    other = _resized(way, outcome)
    if other is not None and other.words != remark.words:
        return ""
    times = multiple(way, remark.number, None if other is None else other.number)
    if times is None:
        return ""
    if remark.words:
        rest = f", and the rest is {times.number} times what is due{times.where}"
        return f"{remark.words}{'' if times.number == '1' else rest}."
    if times.number == short(remark.number, 4):
        return facts.times(remark.number)
    return f"It is {times.number} times what stands before it, everywhere{times.where}."


def _resized(way: Way, outcome: Outcome) -> _Remark | None:
    """The remark on the same side with arrays of other lengths."""
    assert outcome.broken is not None
    if not open_axes(way.network):
        return None
    sides = [outcome.claim.sides[n] for n in (outcome.before, outcome.broken)]
    try:
        before, broken = map(way.resized.values, sides)
    except MeaningError:
        return None
    return _remark(way.resized, outcome.claim, before, broken)


def _missing(factor: _Factor, ratios: Sequence[Array]) -> _Remark | None:
    """Whether the factor makes the ratio, up to a constant."""
    if not all(_fits(value, ratio) and value.all() for value, ratio in _pairs(factor, ratios)):
        return None
    for what, rests in (
        ("is missing", [ratio * value for value, ratio in _pairs(factor, ratios)]),
        ("is there once too often", [ratio / value for value, ratio in _pairs(factor, ratios)]),
    ):
        off = float(rests[0].ravel()[0])
        if all(np.allclose(rest, off, CLOSE, 0) for rest in rests):
            return _Remark(f"{factor.words} {what}", off)
    return None


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
