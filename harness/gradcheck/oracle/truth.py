"""What is true of a case, according to two oracles that share no code."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from gradcheck.maths._arrays import Array
from gradcheck.oracle.autograd import autograd
from gradcheck.oracle.differences import Differences
from gradcheck.oracle.entry import ROUNDINGS, Entry
from gradcheck.oracle.links import links
from gradcheck.oracle.rounding import response
from gradcheck.slopes import EPS, Slopes
from gradcheck.spec.cases import Case


def truth(case: Case, names: Collection[str]) -> dict[str, Entry]:
    """Both oracles' answers for the named quantities: values (z1, J), gradients (dW1), links (da1/dz1)."""
    values, gradients = autograd(case.chain, case.parameters, case.x, case.y)
    felt = response(case.chain, case.parameters, case.x, case.y)
    differences = Differences(case.chain, case.parameters, case.x, case.y, noise=EPS * felt["losses"])
    made = differences.values | {"J": np.asarray(case.chain.objective(case.parameters, case.x, case.y))}

    sought = [name.removeprefix("d") for name in names if name.startswith("d") and "/" not in name]
    quotients = differences.along(sought)
    found = {f"d{name}": Entry(gradients[name], quotients[name], felt[f"d{name}"]) for name in sought}
    found |= {name: _value(values[name], made[name], felt[name]) for name in names if name in made}
    found |= links(case, values, [name for name in names if "/" in name])
    return {name: found[name] for name in names}


def _value(torchs: Array, numpys: Array, felt: float) -> Entry:
    """A value has no difference quotient: there the NumPy forward pass is the second opinion."""
    error = np.full(np.shape(numpys), ROUNDINGS * EPS * felt)
    return Entry(torchs, Slopes.exact(numpys, error), felt)
