"""Why a derivative of an expression is not right: a factor, a sign, another name's derivative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import facts
from gradcheck.derivation.draws import derivative
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.judge import CLOSE, Outcome
from gradcheck.derivation.wording import Explanation
from gradcheck.digits import short
from gradcheck.expr.registry import ALIASES, CALLED, called
from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Bracket, Node, Number, Power, Product, Symbol
from gradcheck.formulas.walk import innermost, nodes
from gradcheck.formulas.written import written

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


_DERIVATIVES = {
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

_ASIDE = "The inner derivative"
_PLAIN = "The factor"


@dataclass(frozen=True)
class _Candidate:
    """Something that a product may have once too often, or not at all."""

    kind: str
    label: str
    values: Sequence[Array]


def explain(of: Node, wrt: str, outcome: Outcome) -> Explanation:
    """What the ratio of the broken side to the one before it is; nothing where it is nothing known."""
    assert outcome.broken is not None
    pairs = [(t.values[outcome.before], t.values[outcome.broken]) for t in outcome.trials]
    known = [(a, b) for a, b in pairs if isinstance(a, np.ndarray) and isinstance(b, np.ndarray)]
    ratios = [r for a, b in known if (r := facts.ratio(a, b)) is not None and r.size == 1]
    if not ratios or len(ratios) < len(pairs):
        return Explanation()
    if constant := facts.constant(ratios):
        return Explanation(constant)
    scopes = [trial.scope for trial in outcome.trials]
    for candidate in _candidates(of, wrt, scopes):
        if text := _explained(candidate, np.array([float(r.reshape(())) for r in ratios])):
            return Explanation(text)
    return Explanation(_other_derivative(of, wrt, scopes, [b for _, b in known]))


def _explained(candidate: _Candidate, ratios: Array) -> str:
    factor = np.array([float(v.reshape(())) for v in candidate.values])
    if not (np.isfinite(factor).all() and factor.all()):
        return ""
    for rest, what in ((ratios * factor, "is missing"), (ratios / factor, "is there once too often")):
        if np.allclose(rest, rest[0], CLOSE, 0):
            off = float(rest[0])
            besides = "" if abs(off - 1) < CLOSE else f", and the rest is {short(off, 4)} times what is due"
            return f"{candidate.kind} {candidate.label} {what}{besides}."
    return ""


def _candidates(of: Node, wrt: str, scopes: Sequence[Scope]) -> Iterator[_Candidate]:
    for label in dict.fromkeys(_derivatives(of)):
        if values := _values(read(label).claims[0].sides[0], scopes):
            yield _Candidate(_ASIDE, label, values)
    for part in _parts(of):
        label = f"∂({written(part)})/∂{wrt}"
        yield _Candidate(_ASIDE, label, [derivative(scope, part, wrt).value for scope in scopes])
    for part in _parts(of):
        if values := _values(part, scopes):
            yield _Candidate(_PLAIN, written(part), values)
    for name in scopes[0].values:
        if name != scopes[0].words.gradient(wrt):
            yield _Candidate(_PLAIN, name, [scope.values[name] for scope in scopes])


def _derivatives(of: Node) -> Iterator[str]:
    """The derivatives of the functions that are applied, at their arguments."""
    for name, argument in _calls(of):
        yield _DERIVATIVES[name.text].format(u=written(argument.inner))


def _calls(of: Node) -> Iterator[tuple[Symbol, Bracket]]:
    """Functions with what they are applied to."""
    for node, _ in nodes(of):
        if isinstance(node, Product):
            for name, behind in pairwise(node.factors):
                argument = innermost(behind)
                if isinstance(name, Symbol) and name.text in _DERIVATIVES and isinstance(argument, Bracket):
                    yield name, argument


def _parts(of: Node) -> list[Node]:
    """What is applied, stands in brackets, or under powers."""
    found: list[Node] = [Product(call, ("",)) for call in _calls(of)]
    for node, _ in nodes(of):
        match node:
            case Bracket(inner=inner) | Power(base=inner):
                if not isinstance(innermost(inner), Number | Bracket):
                    found.append(inner)
    return list(dict.fromkeys(found))


def _values(part: Node, scopes: Sequence[Scope]) -> list[Array]:
    try:
        with np.errstate(all="ignore"):
            return [scope.number(part) for scope in scopes]
    except MeaningError:
        return []


def _other_derivative(of: Node, wrt: str, scopes: Sequence[Scope], yours: Sequence[Array]) -> str:
    """The name by which the expression has that derivative."""
    names = [n for n in scopes[0].values if n not in (wrt, scopes[0].words.gradient(wrt))]
    for name in names:
        derivatives = [derivative(scope, of, name).value for scope in scopes]
        if np.allclose([float(a.reshape(())) for a in yours], derivatives, CLOSE, 0):
            return f"This is the derivative by {name}."
    return ""
