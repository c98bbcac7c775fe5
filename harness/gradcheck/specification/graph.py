"""What follows from what in a spec's network, by names alone: what a report draws."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from gradcheck.network.backward import adjoint
from gradcheck.network.records import Network
from gradcheck.specification.records import Node, NodeKind, Spec

MOST = 48
"""Quantities of a network that is still drawn."""

Reads: TypeAlias = Mapping[str, tuple[str, ...]]
"""Quantity -> those that its equation reads, in the order in which they are made."""


def graph(spec: Spec) -> tuple[Node, ...]:
    """The quantities that have a name in the spec's notation: given, then computed in forward order, then
    the local derivatives that are asked for.

    None where there are more than MOST, or where equations are gradients of others.
    """
    network = spec.stack.network if spec.model is None else spec.model.network
    if network.gradients:
        return ()
    reads = _reads(network, _shown(spec, network))
    used = {name for names in reads.values() for name in names}
    given = [name for name in network.given if name in used]
    if len(given) + len(reads) > MOST:
        return ()
    parameters = spec.stack.parameters if spec.model is None else spec.model.parameters
    gradients = _differentiable(spec) & _behind(reads, _ends(spec, reads))

    def node(name: str, kind: NodeKind) -> Node:
        gradient = adjoint(name) if name in gradients else ""
        symbol = spec.notation.pretty(gradient) if gradient else ""
        return Node(name, spec.notation.pretty(name), kind, reads.get(name, ()), gradient, symbol)

    return (
        *(node(name, "parameter" if name in parameters else "input") for name in given),
        *(node(name, "computed") for name in reads),
        *_local_derivatives(spec),
    )


def _shown(spec: Spec, network: Network) -> Collection[str]:
    """The quantities that are drawn: not what has no symbol, nor what a course has as a part of another."""
    if spec.model is not None:
        return network.layouts
    stack = spec.stack
    within = {part for name in stack.parameters for part in spec.notation.unfolded([name])[1:]}
    loss = [] if stack.target == "dout" else ["J", *([stack.target] if stack.target else [])]
    return {*stack.shapes(1), *stack.parameters, *loss} - within


def _reads(network: Network, shown: Collection[str]) -> Reads:
    """What each shown quantity's equation reads; those that are not shown are seen through."""
    order = {name: number for number, name in enumerate(network.layouts)}
    through = {name: {name} for name in network.given if name in shown}
    known: dict[str, tuple[str, ...]] = {}
    for name, equation in network.equations.items():
        read = equation.expression.reads
        names = set().union(*(through.get(one, {one} & {*shown}) for one in read)) - {name}
        through[name] = {name} if name in shown else names
        if name in shown:
            known[name] = tuple(sorted(names, key=order.__getitem__))
    return known


def _ends(spec: Spec, reads: Reads) -> list[str]:
    """What is differentiated."""
    if spec.model is None:
        return [spec.stack.out if spec.stack.target == "dout" else "J"]
    return [*(spec.model.upstream or ["J"])]


def _behind(reads: Reads, ends: list[str]) -> set[str]:
    """All that the ends depend on, and they themselves."""
    found, waiting = set[str](), ends
    while waiting:
        name, *waiting = waiting
        waiting += [] if name in found else reads.get(name, ())
        found.add(name)
    return found


def _differentiable(spec: Spec) -> set[str]:
    """What a gradient is taken by: neither J nor whole numbers nor, of layers, the targets."""
    if spec.model is None:
        stack = spec.stack
        return {name for name in (*stack.shapes(1), *stack.sources) if name != "x" or name in stack.sources}
    whole = {name for name, how in spec.model.draws.items() if how.discrete}
    return {*spec.model.network.layouts} - whole - {"J"}


def _local_derivatives(spec: Spec) -> list[Node]:
    """Those that are asked for; each reads what it is a derivative of, and by what."""
    if spec.model is not None:
        return []
    asked = (spec.layered_notation.known[name] for name in (*spec.check, *spec.accept))
    return [
        Node(one.name, spec.notation.pretty(one.name), "local", (one.of.name, one.value.name))
        for one in asked
        if one.of is not None
    ]
