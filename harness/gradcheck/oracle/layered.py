"""A spec whose network is layers one after the other: its truth, and cases drawn like its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from gradcheck.arrays import largest
from gradcheck.errors import GradcheckError
from gradcheck.expr.by_torch import pytorch
from gradcheck.layers import Stack
from gradcheck.network import case as network_case
from gradcheck.network.autograd import Truth
from gradcheck.network.backward import adjoint
from gradcheck.network.local import Local
from gradcheck.oracle import equations
from gradcheck.oracle.cases import Drawn
from gradcheck.oracle.entry import Entry
from gradcheck.slopes import Slopes
from gradcheck.specification.cases import Case, Passes, Sampler, run_passes, stated
from gradcheck.specification.inputs import inputs

if TYPE_CHECKING:
    from gradcheck.arrays import Array
    from gradcheck.oracle.key import AnswerKey, KeyCase
    from gradcheck.specification.records import Spec

Witness: TypeAlias = Callable[[Stack, network_case.Case], Truth]
"""What finds the values and gradients that differences are compared with."""

LIBRARY = 1e-11
"""How far PyTorch's own layers may be off the equations, relative to the largest entry."""


def entries(spec: Spec, case: Case, witness: Witness | None = None) -> dict[str, Entry]:
    """What both oracles say of all that is checked or accepted, in one case, in the learner's layout.

    The `witness` beside differences is autograd, or what is given.
    """
    names = spec.notation.unfolded([*spec.check, *spec.accept])
    return presented(spec, truth(case.stack, case, names, witness or _by_torch))


def _by_torch(stack: Stack, case: network_case.Case) -> Truth:
    """What PyTorch finds, of the equations and, for comparison, of its own layers."""
    found = equations.autograd(case)
    _check_library(stack, case, found)
    return found


def truth(stack: Stack, case: Case, names: Collection[str], witness: Witness = _by_torch) -> dict[str, Entry]:
    """Both oracles' answers for the named quantities: values (z1, J), gradients (dW1), da1/dz1.

    Raises GradcheckError where PyTorch's own layers make other numbers than the equations.
    """
    same = stated(stack, case)
    model = same.model
    torchs = witness(stack, same)
    links = {name: ends for name in names if (ends := _ends(stack, name))}
    entries_by_name = equations.compared(same, torchs, [name for name in names if name not in links])
    values = network_case.everything(same)
    for name, ends in links.items():
        local = Local(model.network, *ends, values, model.sizes)
        exact = local.by_autograd()
        entries_by_name[name] = Entry(exact, local.by_differences(), float(np.abs(exact).max(initial=1.0)))
    return {name: entries_by_name[name] for name in names}


def _ends(stack: Stack, name: str) -> tuple[str, str] | None:
    """Of da1/dz1, what is differentiated and by what."""
    one = stack.quantities.get(name)
    return (one.of.name, one.value.name) if one and one.of else None


def _check_library(stack: Stack, case: network_case.Case, ours: Truth) -> None:
    """Compare the equations with PyTorch's own layers and losses: a disagreement is a fault of gradcheck."""
    torch = pytorch()
    given = {name: torch.tensor(value.array) for name, value in case.given.items()}
    names = stack.sources
    J = stack.by_torch(torch, {**given, **{name: given[name].requires_grad_() for name in names}})
    if J is None:
        return
    by_library = torch.autograd.grad(J, [given[name] for name in names], materialize_grads=True)
    pairs = {adjoint(name): (ours.gradients[name], g) for name, g in zip(names, by_library, strict=True)}
    for name, (right, theirs) in {"J": (ours.values["J"], J.detach()), **pairs}.items():
        off = largest(right - theirs.numpy().reshape(right.shape))
        if not off <= LIBRARY * max(largest(right), 1e-3):
            raise GradcheckError(f"the equations make {name} differ by {off:.1e} from PyTorch's own layers")


def presented(spec: Spec, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries in the learner's layout; what the notation folds together has one response."""

    def arranged(part: str) -> dict[str, Array]:
        return spec.notation.present({name: getattr(e.differences, part) for name, e in entries.items()})

    parts = {f.name: arranged(f.name) for f in fields(Slopes)}
    exact = spec.notation.present({name: e.autograd for name, e in entries.items()})
    return {
        name: Entry(
            exact[name],
            Slopes(**{part: parts[part][name] for part in parts}),
            max(entries[n].response for n in spec.notation.unfolded([name])),
        )
        for name in exact
    }


class LayeredCases:
    """Draws cases of one spec; what no seed changes is worked out once."""

    def __init__(self, key: AnswerKey) -> None:
        self.spec = key.spec
        self.wanted = frozenset(key.spec.notation.unfolded([*key.spec.check, *key.spec.accept]))
        first = key.cases[0].case(key.spec)
        stack = first.stack
        self.links = [name for name in self.wanted if _ends(stack, name)]
        self.sampler = Sampler(stack, len(first.x), first.y)

    def redraw(self, case: KeyCase) -> Drawn:
        """One of the spec's own."""
        return self._drawn(run_passes(case.case(self.spec)))

    def like_first(self, seed: int) -> Drawn:
        """One like the spec's first."""
        return self._drawn(self.sampler.draw(seed))

    def truth(self, case: Case) -> dict[str, Entry]:
        """What both oracles say of a case."""
        return entries(self.spec, case)

    def truth_by_reverse_pass(self, case: Case) -> dict[str, Entry]:
        """What differences say of a case beside the reverse pass; not of da1/dz1, which needs PyTorch."""
        return entries(self.spec, case, lambda _, same: equations.reverse_pass(same))

    def _drawn(self, passes: Passes) -> Drawn:
        return Drawn(passes.case, inputs(self.spec, passes.case, passes.values), self._values(passes))

    def _values(self, passes: Passes) -> dict[str, Array]:
        """All that is checked or accepted, a bias that is folded into its weights by itself."""
        known = {**passes.values, **{adjoint(name): g for name, g in passes.gradients.items()}}
        if self.links:
            known |= passes.case.stack.derivatives(self.links, {**known, **passes.case.parameters})
        return self.spec.notation.present({name: known[name] for name in self.wanted})
