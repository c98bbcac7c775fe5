"""The truth of a network of equations: its cases, and what is true of all that is checked or accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradcheck.expr.named import Named
from gradcheck.maths._arrays import Array
from gradcheck.network.case import Case, draw, everything
from gradcheck.network.forward import laid
from gradcheck.network.model import Model
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.oracle.slopes import Slopes
from gradcheck.spec.quantity import STRENGTH
from gradcheck.spec.records import Spec


def answered(spec: Spec, model: Model) -> AnswerKey:
    """The key of a spec, computed."""
    cases = []
    for plan in spec.cases:
        case = draw(model, plan.sizes or {}, plan.seed)
        cases.append(KeyCase(plan, inputs(spec, case), entries(spec, case)))
    return AnswerKey(spec, tuple(cases))


def inputs(spec: Spec, case: Case) -> dict[str, Any]:
    """What `run` is given: inputs, parameters, upstream gradients, λ, and what the spec gives besides."""
    names = [*case.model.handed_over, *spec.contract.given]
    values = everything(case) if spec.contract.given else case.given
    given: dict[str, Any] = arrays(case, {name: values[name] for name in names})
    penalty = spec.document["model"]["penalty"]
    return given | ({STRENGTH: float(penalty["strength"])} if penalty else {})


def arrays(case: Case, values: Mapping[str, Named]) -> dict[str, Array]:
    """Values as arrays that lie as the equations have them."""
    networks = (case.model.network, case.model.backward)
    found = {}
    for name, value in values.items():
        network = next(network for network in networks if name in network.layouts)
        found[name] = laid(network, name, value, case.lengths)
    return found


def entries(spec: Spec, case: Case) -> dict[str, Entry]:
    """What both oracles say."""
    values = everything(case)
    found = arrays(case, {name: values[name] for name in (*spec.check, *spec.accept)})
    return {
        name: Entry(a, Slopes.exact(a, np.zeros_like(a)), float(np.abs(a).max())) for name, a in found.items()
    }
