"""The equations of a solution as a teacher writes them, not step by step as they are derived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

import numpy as np

from gradcheck.expr.operation import Entrywise
from gradcheck.expr.simplify import simplified
from gradcheck.expr.tree import ONE, Apply, Expr, Name, Size, axis_of, nodes, rebuilt, substituted
from gradcheck.expr.windows import Overlap, Overlap2d, Windows, Windows2d
from gradcheck.layers import Stack
from gradcheck.mistakes.conditions import PAIRED
from gradcheck.mistakes.equations import Equations
from gradcheck.network.backward import adjoint
from gradcheck.network.code import with_backward
from gradcheck.network.records import Equation, Network, Step, change_equations, equations_of, named

LONGEST = 19
"""Nodes of an expression that is put into another one."""
_ONES = Entrywise(
    name="ones_like",
    value=np.ones_like,
    torch=lambda torch, x: torch.ones_like(x),
    derivatives=(None,),
    numpy="np.ones_like",
)


def with_upstream_ones(forward: Network, out: str) -> Network:
    """The network with its reverse pass, which begins with `dz3 = np.ones_like(z3)`: its sum is the loss."""
    made = forward.equations[out].expression
    out = made.text if isinstance(made, Name) else out
    network = with_backward(forward, [out])
    layout = network.layouts[out]
    ones = Equation(adjoint(out), Apply(_ONES, (Name(out, named(layout)),)), layout)
    at = next(n for n, step in enumerate(network.steps) if out in _names(step)) + 1
    given = {name: axes for name, axes in network.given.items() if name != adjoint(out)}
    return replace(network, given=given, steps=(*network.steps[:at], ones, *network.steps[at:]))


def with_difference(network: Network, stack: Stack, asked: Collection[str]) -> Network:
    """The same, where the last delta is output minus target, as it is for a loss made for its activation."""
    layer = len(stack.layers)
    delta, back = f"dz{layer}", f"da{layer}"
    if not PAIRED.holds(stack, layer) or not _is_loose(network, delta) or back in asked:
        return network
    difference = simplified(Equations(stack).read("share * (p - y)", layer).expression)

    def equation(e: Equation) -> Equation:
        return replace(e, expression=difference) if e.name == delta else e

    network = replace(network, steps=change_equations(network.steps, equation))
    if any(back in e.expression.reads for e in network.equations.values()):
        return network
    return replace(network, steps=tuple(step for step in network.steps if _names(step) != {back}))


def merged(network: Network, deltas: Collection[str], asked: Collection[str]) -> Network:
    """The same, where a delta's equation has what comes back to its activation within it.

    δ² = (W³)ᵀ δ³ ⊙ σ′(z²) is one line in sources that have no name for the gradient of an activation.
    """
    for delta in deltas:
        equation = network.equations.get(delta)
        for name in sorted(equation.expression.reads) if equation else ():
            back = network.equations.get(name)
            readers = [e for e in network.equations.values() if name in e.expression.reads]
            if back is None or not name.startswith("da") or name in asked or len(readers) != 1:
                continue
            if _is_loose(network, name) and sum(1 for _ in nodes(back.expression)) <= LONGEST:
                network = _put(network, delta, name, back.expression)
    return network


def of_one_example(network: Network, samples: str) -> Network:
    """The same where every batch is one example: nothing is divided by m, and the sum is the example's."""

    def node(e: Expr) -> Expr:
        return ONE if e == Size(samples) else e

    return _rewritten(network, lambda e: simplified(rebuilt(e, node)))


def in_images(network: Network) -> Network:
    """The same, where windows that slide along rows and columns are those of an image."""

    def node(e: Expr) -> Expr:
        match e:
            case Apply(Windows() as one, (Apply(Windows() as by, (x,), (h, r, i)),), (w, q, j)) if one == by:
                return Apply(Windows2d(one.stride, one.padding), (x,), (h, w, r, q, i, j))
            case Apply(Overlap() as one, (Apply(Overlap() as by, (g,), (q, j, w)),), (r, i, h)) if one == by:
                return Apply(Overlap2d(one.stride, one.padding), (g,), (r, q, i, j, h, w))
        return e

    return _with_patches(_rewritten(network, lambda e: rebuilt(e, node)))


def _with_patches(network: Network) -> Network:
    """The same, where the windows of an image have a line and a name of their own: x_patches."""
    steps, known = list[Step](), dict[str, Expr]()
    for step in network.steps:
        if not isinstance(step, Equation):
            steps.append(step)
            continue
        whole = step.expression
        for patches in (_windows, _overlapped):
            for e, name in patches(replace(step, expression=whole), network):
                if known.setdefault(name.text, e) == e:
                    line = Equation(name.text, e, tuple(map(axis_of, name.axes)))
                    steps += [line] if line not in steps else []
                    whole = rebuilt(whole, lambda one, e=e, name=name: name if one == e else one)  # type: ignore[misc]
        steps.append(replace(step, expression=whole))
    return replace(network, steps=tuple(steps))


def _windows(step: Equation, network: Network) -> Iterator[tuple[Expr, Name]]:
    """The windows of quantities, and what they are called."""
    for e in nodes(step.expression):
        match e:
            case Apply(Windows2d(), (Name(image),)) if e != step.expression:
                front = (axis for axis in network.layouts[image] if axis not in e.over[:2])
                yield e, Name(f"{image}_patches", named((*front, *e.over[2:])))


def _overlapped(step: Equation, network: Network) -> Iterator[tuple[Expr, Name]]:
    """What is added up at the places of windows, unless it is a quantity already."""
    for e in nodes(step.expression):
        match e:
            case Apply(Overlap2d(), (inner,)) if not isinstance(inner, Name):
                front = (axis for axis in step.layout if axis not in e.over[4:])
                yield inner, Name(f"{step.name}_patches", named((*front, *e.over[:4])))


def _rewritten(network: Network, change: Callable[[Expr], Expr]) -> Network:
    def equation(e: Equation) -> Equation:
        return replace(e, expression=change(e.expression))

    return replace(network, steps=change_equations(network.steps, equation))


def _is_loose(network: Network, name: str) -> bool:
    """Whether a quantity is made in no loop."""
    return any(isinstance(step, Equation) and step.name == name for step in network.steps)


def _put(network: Network, delta: str, name: str, expression: Expr) -> Network:
    """The network without a quantity, whose equation stands in that of the one that reads it."""
    steps: list[Step] = []
    for step in network.steps:
        if isinstance(step, Equation) and step.name == delta:
            whole = simplified(substituted(step.expression, {name: expression}))
            steps.append(replace(step, expression=whole))
        elif not (isinstance(step, Equation) and step.name == name):
            steps.append(step)
    return replace(network, steps=tuple(steps))


def _names(step: Step) -> set[str]:
    return {equation.name for equation in equations_of(step)}
