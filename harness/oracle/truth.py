"""What is true of a case, according to two oracles that share no code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from harness.maths._arrays import Array
from harness.maths.chain import Step
from harness.maths.layers import Activate
from harness.oracle.differences import Differences
from harness.oracle.rounding import response
from harness.oracle.slopes import EPS, Slopes, slopes
from harness.spec.cases import Case

ROUNDINGS = 64
"""How many responses of rounding a correct answer may be off."""


@dataclass(frozen=True)
class Entry:
    """One quantity's truth; all arrays have the quantity's shape."""

    autograd: Array
    differences: Slopes
    """Of a gradient, its difference quotients; of a value, what the NumPy forward pass gives."""
    response: float
    """Change of the largest entry per relative change of the numbers on the way."""


def truth(case: Case, names: Collection[str]) -> dict[str, Entry]:
    """Both oracles' answers for the named quantities: values (z1, J), gradients (dW1), links (da1/dz1)."""
    from harness.oracle.autograd import activation_slopes, autograd  # imports torch

    values, gradients = autograd(case.chain, case.parameters, case.x, case.y)
    sensitivity = response(case.chain, case.parameters, case.x, case.y)
    differences = Differences(case.chain, case.parameters, case.x, case.y, noise=EPS * sensitivity["losses"])
    wanted = {name for name in names if _is_gradient(name)}
    quotients = differences.along([name.removeprefix("d") for name in sorted(wanted)])
    found = {name: Entry(gradients[name[1:]], quotients[name[1:]], sensitivity[name]) for name in wanted}
    made = differences.values | {"J": np.asarray(case.chain.objective(case.parameters, case.x, case.y))}
    for name in set(names) & values.keys():
        error = np.full(np.shape(made[name]), ROUNDINGS * EPS * sensitivity[name])
        found[name] = Entry(values[name], Slopes.exact(made[name], error), sensitivity[name])
    links = activation_slopes(case.chain, made)
    for step in case.chain.steps:
        if (name := f"d{step.out}/d{step.source}") in names:
            found[name] = _entry(links[step.out], _activation_differences(step, made[step.source]))
        if (name := f"d{step.out}/d{step.named('W')}") in names:
            found[name] = _entry(values[step.source], _lever_differences(step, made[step.source], case))
    return {name: found[name] for name in names}


def _is_gradient(name: str) -> bool:
    return name.startswith("d") and "/" not in name


def _entry(exact: Array, quotients: Slopes) -> Entry:
    return Entry(exact, quotients, float(np.abs(exact).max(initial=1.0)))


def _activation_differences(step: Step, z: Array) -> Slopes:
    """∂a/∂z: elementwise, or (examples, units j, units k) where units are coupled."""
    assert isinstance(step.link, Activate)
    g = step.link.activation
    noise = 2 * EPS * (1 + np.abs(z))  # what the function makes on its way is no larger than that
    if g.elementwise:
        return slopes(lambda s: g.value(z + s), np.ones_like(z), noise)
    e = np.eye(z.shape[-1])[:, None, :]
    along = slopes(lambda s: g.value(z + s * e), np.ones((len(e), 1, 1)), noise.max())
    return along.map(lambda part: part.transpose(1, 2, 0))


def _lever_differences(step: Step, x: Array, case: Case) -> Slopes:
    """∂z_j/∂w_ij, (examples, inputs): how far the first unit moves with each of its weights."""
    W = case.parameters[step.named("W")]
    e = np.zeros((len(W), *W.shape))
    e[np.arange(len(W)), np.arange(len(W)), 0] = 1

    def first_unit(s: float) -> Array:
        moved = [
            step.link.forward(x, {**step.own(case.parameters), "W": W + s * d}, lambda _, v: v) for d in e
        ]
        return np.stack([z[:, 0] for z in moved], axis=1)

    noise = EPS * (1 + np.abs(first_unit(0.0)))
    return slopes(first_unit, np.ones(x.shape), noise)
