"""The shape of every quantity of a spec, in the learner's layout."""

from __future__ import annotations

import numpy as np

from gradcheck.arrays import Shape
from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.tree import axis_of
from gradcheck.network.model import Model
from gradcheck.specification.records import CasePlan, Spec


def shapes(spec: Spec, plan: CasePlan) -> dict[str, Shape]:
    """Shapes by canonical name: parameters, inputs, intermediates, J, local derivatives and gradients."""
    if spec.model is not None:
        return _stated(spec.model, plan)
    stack = spec.sized(plan)
    canonical = {"J": (), **stack.parameters, **stack.shapes(plan.batch)}
    canonical |= {stack.target: canonical[stack.out]} if stack.target else {}
    canonical |= {stack.quantities[name].gradient.name: shape for name, shape in canonical.items()}
    canonical |= stack.local(plan.batch)
    shown = spec.notation.present({name: np.empty(shape) for name, shape in canonical.items()})
    if spec.labels:
        shown["y"] = np.empty(plan.batch)
    return {name: array.shape for name, array in shown.items()}


def _stated(model: Model, plan: CasePlan) -> dict[str, Shape]:
    lengths = {UNNAMED: 1, **model.sizes, **(plan.sizes or {})}
    layouts = {**model.handed_over, **model.computed}
    return {name: tuple(lengths[axis_of(axis)] for axis in layout) for name, layout in layouts.items()}
