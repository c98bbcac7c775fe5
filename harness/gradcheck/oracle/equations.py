"""The truth of a network of equations: its cases, and what is true of all that is checked or accepted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.named import Named
from gradcheck.network.autograd import Truth, differentiate
from gradcheck.network.backward import adjoint
from gradcheck.network.case import Case, draw, everything
from gradcheck.network.differences import Differences, Graph
from gradcheck.network.forward import laid
from gradcheck.network.model import Model
from gradcheck.network.rounding import response
from gradcheck.oracle.cases import Drawn
from gradcheck.oracle.entry import ROUNDINGS, Entry
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.slopes import EPS, Slopes
from gradcheck.specification.quantity import STRENGTH
from gradcheck.specification.records import Spec


def answered(spec: Spec, model: Model) -> AnswerKey:
    """The key of a spec, computed."""
    cases = []
    for plan in spec.cases:
        case = draw(model, plan.sizes or {}, plan.seed)
        cases.append(KeyCase(plan, inputs(spec, case), truth(case, [*spec.check, *spec.accept])))
    return AnswerKey(spec, tuple(cases))


def inputs(spec: Spec, case: Case) -> dict[str, Any]:
    """What `run` is given: inputs, parameters, upstream gradients, λ, and what the spec gives besides."""
    names = [*case.model.handed_over, *spec.contract.given]
    values = everything(case) if spec.contract.given else case.given
    given: dict[str, Any] = arrays(case, {name: values[name] for name in names})
    penalty = spec.network["model"]["penalty"]
    return given | ({STRENGTH: float(penalty["strength"])} if penalty else {})


class EquationCases:
    """Draws cases of one spec."""

    def __init__(self, key: AnswerKey) -> None:
        assert key.spec.model is not None
        self.spec, self.model, self.plan = key.spec, key.spec.model, key.spec.cases[0]
        self.wanted = [*key.spec.check, *key.spec.accept]
        self.first = draw(self.model, self.plan.sizes or {}, self.plan.seed)

    def redraw(self, case: KeyCase) -> Drawn:
        """One of the spec's own."""
        return self._drawn(draw(self.model, case.plan.sizes or {}, case.plan.seed))

    def like_first(self, seed: int) -> Drawn:
        """One like the spec's first."""
        return self._drawn(draw(self.model, self.plan.sizes or {}, seed, like=self.first))

    def truth(self, case: Case) -> dict[str, Entry]:
        """What both oracles say of a case."""
        return truth(case, self.wanted)

    def truth_by_reverse_pass(self, case: Case) -> dict[str, Entry]:
        """What differences say of a case beside the reverse pass."""
        return compared(case, reverse_pass(case), self.wanted)

    def _drawn(self, case: Case) -> Drawn:
        values = everything(case)
        known = arrays(case, {name: values[name] for name in self.wanted if name in values})
        return Drawn(case, inputs(self.spec, case), known)


def arrays(case: Case, values: Mapping[str, Named]) -> dict[str, Array]:
    """Values as arrays that lie as the equations have them."""
    whole = case.model.whole
    return {name: laid(whole, name, value, case.lengths) for name, value in values.items()}


def truth(case: Case, names: Collection[str]) -> dict[str, Entry]:
    """Both oracles' answers for the named quantities, values and gradients."""
    return compared(case, autograd(case), names)


def autograd(case: Case) -> Truth:
    """What PyTorch finds."""
    given = arrays(case, case.given)
    upstream = {name: given[adjoint(name)] for name in case.model.upstream}
    values = {name: given[name] for name in case.model.network.given}
    return differentiate(case.model.network, values, case.lengths, upstream or None)


def reverse_pass(case: Case) -> Truth:
    """What the derived reverse pass finds, by NumPy."""
    found = arrays(case, everything(case))
    gradients = {name: found[adjoint(name)] for name in found if adjoint(name) in found}
    return Truth(found, gradients)


def compared(case: Case, torchs: Truth, names: Collection[str]) -> dict[str, Entry]:
    """PyTorch's numbers, or the reverse pass's, beside differences, with what rounding may do to them."""
    model, values = case.model, everything(case)
    responses = response(model.whole, case.given, case.lengths)
    of = {adjoint(name): name for name in model.network.layouts}
    sought = [of[name] for name in names if name in of]
    quotients = Differences(_graph(model), case.given, case.lengths).along(sought)
    entries = {}
    for name in names:
        if name in of:
            entries[name] = Entry(torchs.gradients[of[name]], quotients[of[name]], responses.get(name, 0.0))
        else:
            rounding = responses.get(name, 1.0)  # of what is given, its own last digit
            ours = laid(model.network, name, values[name], case.lengths)
            error = np.full(np.shape(ours), ROUNDINGS * EPS * rounding)
            entries[name] = Entry(torchs.values[name], Slopes.exact(ours, error), rounding)
    return entries


@lru_cache(maxsize=64)
def _graph(model: Model) -> Graph:
    return Graph(model.network, model.upstream or None)
