"""A penalty on parameters, as a term of J."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from gradcheck.expr.along import SUM
from gradcheck.expr.registry import CALLED
from gradcheck.expr.simplify import power, product, quotient, sum_of
from gradcheck.expr.tree import Apply, Expr, Number, Size
from gradcheck.network.records import Loop, Network, Step

Constant = Literal["lambda", "lambda/2", "lambda/m", "lambda/2m"]


def penalised(
    network: Network, *, norm: str, strength: float, constant: str, names: Sequence[str], samples: str
) -> Network:
    """The network with c Σ w² (l2) or c Σ |w| (l1) over the named parameters added to J, if it makes J.

    c is the constant, one of lambda, lambda/2, lambda/m and lambda/2m, with λ the strength and m the length
    of the axis of samples.
    """
    before = coefficient(Number(strength), constant, samples)
    whole = sum_of(_size(network, name, norm) for name in names)

    def changed(step: Step) -> Step:
        if isinstance(step, Loop) or step.name != "J":
            return step
        return replace(step, expression=sum_of([step.expression, product(before, whole)]))

    return replace(network, steps=tuple(map(changed, network.steps)))


def coefficient(strength: Expr, constant: str, samples: str) -> Expr:
    """What stands before the sum: λ, λ/2, λ/m or λ/2m, with m the length of the axis of samples."""
    whole = quotient(strength, Number(2.0)) if constant.endswith(("2", "2m")) else strength
    return quotient(whole, Size(samples)) if constant.endswith("m") else whole


def factor(strength: float, constant: str, samples: int) -> float:
    """The constant as a number."""
    half = 2 if constant.endswith(("2", "2m")) else 1
    return strength / (half * (samples if constant.endswith("m") else 1))


def _size(network: Network, name: str, norm: str) -> Expr:
    w = network.quantity(name)
    entries: Expr = power(w, Number(2.0)) if norm == "l2" else Apply(CALLED["abs"], (w,))
    return Apply(SUM, (entries,), w.axes) if w.axes else entries
