"""The single links of the chain rule: ∂a/∂z of an activation, ∂z/∂W of a dense layer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from gradcheck.maths._arrays import Array
from gradcheck.maths.chain import Step
from gradcheck.maths.layers import Activate, ignore
from gradcheck.oracle.autograd import activation_slope
from gradcheck.oracle.entry import Entry
from gradcheck.slopes import EPS, Slopes, slopes
from gradcheck.spec.cases import Case


def links(case: Case, values: Mapping[str, Array], names: Collection[str]) -> dict[str, Entry]:
    """The named links, "da1/dz1" or "dz1/dW1", from PyTorch's values of all intermediates."""
    found = {}
    for step in case.chain.steps:
        source = values[step.source]
        if (name := f"d{step.out}/d{step.source}") in names:
            assert isinstance(step.link, Activate)
            exact = activation_slope(step.link.activation, source)
            found[name] = _entry(exact, _activation_differences(step.link, source))
        if (name := f"d{step.out}/d{step.named('W')}") in names:
            found[name] = _entry(source, _weight_differences(step, source, case))
    return found


def _entry(exact: Array, quotients: Slopes) -> Entry:
    return Entry(exact, quotients, float(np.abs(exact).max(initial=1.0)))


def _activation_differences(link: Activate, z: Array) -> Slopes:
    """∂a/∂z: of z's shape, or (examples, units j, units k) where units are coupled."""
    g = link.activation
    noise = 2 * EPS * (1 + np.abs(z))  # what the function makes on its way is no larger than that
    if g.elementwise:
        return slopes(lambda s: g.value(z + s), np.ones_like(z), noise)
    e = np.eye(z.shape[-1])[:, None, :]
    along = slopes(lambda s: g.value(z + s * e), np.ones((len(e), 1, 1)), noise.max())
    return along.map(lambda part: part.transpose(1, 2, 0))


def _weight_differences(step: Step, x: Array, case: Case) -> Slopes:
    """∂z_j/∂w_ij, (examples, inputs): how far the first unit moves with each of its weights."""
    W = case.parameters[step.named("W")]
    e = np.zeros((len(W), *W.shape))
    e[np.arange(len(W)), np.arange(len(W)), 0] = 1

    def first_unit(s: float) -> Array:
        own = step.own(case.parameters)
        moved = [step.link.forward(x, {**own, "W": W + s * direction}, ignore) for direction in e]
        return np.stack([z[:, 0] for z in moved], axis=1)

    noise = EPS * (1 + np.abs(first_unit(0.0)))
    return slopes(first_unit, np.ones(x.shape), noise)
