"""What the right equations make of wrong numbers: whether a quantity follows from those before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Lengths, Named
from gradcheck.network.forward import run
from gradcheck.network.records import Loop, Network, equations_of, select_equations


def recompute(
    network: Network, given: Mapping[str, Named], yours: Mapping[str, Named], lengths: Lengths
) -> dict[str, Named]:
    """Every quantity as its equation makes it from those before it: as they were handed in, if they were."""
    values, found = dict(given), dict[str, Named]()
    for step in network.steps:
        inside = equations_of(step)
        values |= {e.name: yours[e.name] for e in inside if e.name in yours}
        if rest := select_equations(step, {e.name for e in inside} - yours.keys()):
            values = run(Network({}, (rest,)), values, lengths)
        found |= {
            e.name: evaluate(e.expression, values, lengths) if e.name in yours else values[e.name]
            for e in inside
        }
    return found


def following(
    network: Network, wrong: Collection[str], submitted: Collection[str], agreeing: Collection[str]
) -> dict[str, str]:
    """Wrong quantity -> the one before it, wrong by itself, that it follows from.

    `agreeing` are those that are as their equations make them from what was handed in.
    """
    nearest = causes(network, wrong, submitted)
    follows = {name: nearest[name] for name in wrong if name in nearest and name in agreeing}
    for name in follows:
        while follows[name] in follows:
            follows[name] = follows[follows[name]]
    return follows


def causes(network: Network, among: Collection[str], submitted: Collection[str] = ()) -> dict[str, str]:
    """Quantity -> the last of some on the way to it, on which no other one lies that was handed in.

    A local derivative, da1/dz1, is on the way to dz1.
    """
    before: dict[str, set[str]] = {}
    local = {name: name.split("/")[1] for name in among if "/" in name}
    order = {name: n for n, name in enumerate(network.equations)}
    for step in network.steps:
        for _ in range(2 if isinstance(step, Loop) else 1):  # of a loop each may read each
            for equation in equations_of(step):
                read = equation.expression.reads - {equation.name}
                passed = [before.get(name, set()) for name in read if name not in submitted]
                own = {name for name, by in local.items() if by == equation.name}
                before[equation.name] = own.union(read.intersection(among), *passed)
    return {
        name: max(found, key=lambda cause: order.get(local.get(cause) or cause, -1))
        for name, found in before.items()
        if found
    }
