"""Cases lie on both sides of kinks: who goes wrong on one side alone is found out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from gradcheck.expr.adjoint import bends
from gradcheck.expr.arithmetic import ADD, GREATER, LESS, MULTIPLY
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.simplify import summed
from gradcheck.expr.tree import ONE, ZERO, Apply
from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.network.backward import adjoint
from gradcheck.network.case import Case, everything
from gradcheck.network.forward import run
from gradcheck.network.records import Network, named
from gradcheck.network.sides import Sides, lacking, sides
from gradcheck.specification.cases import draw, stated
from gradcheck.specification.coverage import covering_of_layers
from gradcheck.specification.read import parse
from gradcheck.specification.records import CasePlan
from halves import some

PLANS = [CasePlan(batch=batch, seed=seed) for seed, batch in enumerate((6, 4, 9))]
OUTPUTS = {
    "binary_cross_entropy": "sigmoid", "cross_entropy": "softmax", "kl_divergence": "softmax",
    "nll": "log_softmax",
}  # fmt: skip
PAIRS = [(one, loss) for one in ACTIVATIONS for loss in LOSSES if "custom" not in (one, loss)]


def network(activation: str, loss: str) -> Stack:
    """Two hidden layers, and as many outputs as the loss takes."""
    hidden, output = ACTIVATIONS[activation](), ACTIVATIONS[OUTPUTS.get(loss, "identity")]()
    chosen = LOSSES[loss]()
    units = 3 if chosen.targets in ("one_hot", "probabilities") else 1
    return Stack((Dense(4, hidden), Dense(4, hidden), Dense(units, output)), (3,), chosen)


def case(stack: Stack, plan: CasePlan) -> Case:
    return stated(stack, draw(stack, plan.batch, plan.seed))


def seen(stack: Stack, plan: CasePlan) -> Sides:
    return sides(case(stack, plan), ["y"])


@pytest.mark.parametrize(("activation", "loss"), some(PAIRS, 3))
def test_a_mistake_on_one_side_shows(activation: str, loss: str) -> None:
    """On either side of each kink, wherever another seed in five gets there."""
    stack = network(activation, loss)
    cases = [case(stack, plan) for plan in covering_of_layers(stack, PLANS, range(3))]
    reached = Counter(side for seed in range(100, 120) for side in seen(stack, CasePlan(batch=9, seed=seed)))
    for side in [one for one, count in reached.items() if count >= 4]:
        assert any(shows(one, side) for one in cases), side


def shows(one: Case, side: tuple[str, int, bool]) -> bool:
    """Whether gradients are others where more comes back on that side of that kink than should."""
    right, wrong = everything(one), run(mistaken(one, *side), one.given, one.lengths)
    names = map(adjoint, one.model.parameters)
    return any(
        np.abs(right[n].array - wrong[n].array).max() > 1e-6 * np.abs(right[n].array).max() for n in names
    )


def mistaken(one: Case, name: str, number: int, above: bool) -> Network:
    """The reverse pass of somebody who hands down on that side what comes back to the equation."""
    whole = one.model.whole
    kink = list(bends(whole.equations[name].expression))[number]
    back = adjoint(name)
    size = Apply(BY_NAME["abs"], (whole.quantity(back),)) if back in whole.equations else ONE
    extra = Apply(MULTIPLY, (Apply(GREATER if above else LESS, (kink, ZERO)), size))
    last = adjoint(max(kink.reads - {"y"}, key=list(whole.layouts).index))
    own = named(whole.layouts[last])
    more = summed(extra, tuple(axis for axis in extra.axes if axis not in own))
    equations = dict(whole.equations)
    equations[last] = replace(equations[last], expression=Apply(ADD, (equations[last].expression, more)))
    return Network(whole.given, tuple(equations.values()))


def test_seeds_stay_where_both_sides_occur() -> None:
    """Numbers that were drawn before, and answers that are kept, are the same."""
    stack = network("leaky_relu", "squared_error")
    assert not lacking([seen(stack, plan) for plan in PLANS])
    assert covering_of_layers(stack, PLANS, range(3)) == tuple(PLANS)


def test_margins_are_reached_and_missed() -> None:
    """By the largest case that is free, with a seed that no other case has."""
    stack = network("tanh", "squared_hinge")
    assert lacking([seen(stack, plan) for plan in PLANS])
    plans = covering_of_layers(stack, PLANS, range(3))
    assert plans[:2] == tuple(PLANS[:2])
    assert plans[2].seed % 3 == 2
    assert not lacking([seen(stack, plan) for plan in plans])
    assert covering_of_layers(stack, PLANS, [0])[1:] == tuple(PLANS[1:])
    assert covering_of_layers(stack, PLANS, []) == tuple(PLANS)


SPEC = """\
title: A hinge
network:
  {network}
submission: {{file: a.py, run: "{check} = f({names})"}}
check: [{check}]
cases: [{{{sizes}}}, {{{sizes}, seed: 1}}]
"""
LAYERS = "inputs: 2\n  layers: [{dense: {units: 1}}]\nloss: hinge"
EQUATIONS = """\
sizes: {n: 3, d: 2}
  inputs: {x: [n, d], y: {axes: [n], draw: signs}}
  parameters: {w: [d], b: []}
  equations: |
    z = x @ w + b
    J = mean(max(0, 1 - y * z), n)"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "names", "check", "sizes"),
    [(LAYERS, "x, y, W1, b1", "dW1", "batch: 3"), (EQUATIONS, "x, y, w, b", "dw", "sizes: {n: 3}")],
    ids=["layers", "equations"],
)
def test_specs_are_covered(network: str, names: str, check: str, sizes: str) -> None:
    """Of a network of either kind, for any seed; a case whose seed is given keeps it."""
    text, moved = SPEC.format(network=network, names=names, check=check, sizes=sizes), 0
    for seed in range(8):
        plans = parse(f"{text}seed: {seed}\n".encode(), "a.yaml").cases
        assert plans[1].seed == 1
        moved += plans[0].seed != 1000 * seed
    assert 0 < moved < 8


def test_so_are_networks_that_are_asked_for_everything() -> None:
    """Formulas on paper are tried at these cases."""
    layers = "inputs: 3\n  layers: [{dense: {units: 4, activation: relu}}, {dense: {units: 1}}]\nloss: hinge"
    text = SPEC.format(network=layers, names="x, y, W1, b1, W2, b2", check="dW1", sizes="batch: 3")
    whole = parse(text.encode(), "a.yaml").whole((1, 1, 1, 1, 3, 5))
    stack, seeds = whole.stack, [plan.seed for plan in whole.cases]
    assert seeds[5] != seeds[4] + 1
    assert not lacking([seen(stack, plan) for plan in whole.cases])
