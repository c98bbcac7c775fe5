"""The shape of every quantity of a spec, in the learner's layout."""

from __future__ import annotations

import numpy as np

from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.tree import axis_of
from gradcheck.maths._arrays import Shape
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers import Activate
from gradcheck.network.model import Model
from gradcheck.spec.records import CasePlan, Spec


def shapes(spec: Spec, plan: CasePlan) -> dict[str, Shape]:
    """Shapes by canonical name: parameters, inputs, intermediates, J, links and gradients."""
    if spec.model is not None:
        return _stated(spec.model, plan)
    chain = spec.chain(plan)
    canonical = {"J": (), **chain.parameters}
    canonical |= {name: (plan.batch, *shape) for name, shape in chain.intermediates.items()}
    canonical |= dict.fromkeys(("y", "dout"), canonical[chain.steps[-1].out])
    canonical |= _links(chain, canonical)
    canonical |= {f"d{name}": s for name, s in canonical.items() if "/" not in name and name != "dout"}
    shown = spec.notation.present({name: np.empty(shape) for name, shape in canonical.items()})
    if spec.labels:
        shown["y"] = np.empty(plan.batch)
    return {name: array.shape for name, array in shown.items()}


def _stated(model: Model, plan: CasePlan) -> dict[str, Shape]:
    lengths = {UNNAMED: 1, **model.sizes, **(plan.sizes or {})}
    layouts = {**model.handed_over, **model.computed}
    return {name: tuple(lengths[axis_of(axis)] for axis in layout) for name, layout in layouts.items()}


def _links(chain: Chain, canonical: dict[str, Shape]) -> dict[str, Shape]:
    found = {}
    for step in chain.steps:
        source, out = canonical[step.source], canonical[step.out]
        coupled = isinstance(step.link, Activate) and not step.link.activation.elementwise
        found[f"d{step.out}/d{step.source}"] = (*source, source[-1]) if coupled else out
        found[f"d{step.out}/d{step.named('W')}"] = source
    return found
