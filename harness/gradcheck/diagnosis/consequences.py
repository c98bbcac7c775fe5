"""What the right equations make of wrong numbers: whether a quantity follows from those before it."""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck.diagnosis.causes import Readings
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


def readings(network: Network) -> Readings:
    """What each equation of a network reads."""
    return tuple(
        (isinstance(step, Loop), tuple((e.name, e.expression.reads - {e.name}) for e in equations_of(step)))
        for step in network.steps
    )
