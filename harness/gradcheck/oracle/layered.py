"""Cases of a spec whose network is layers one after the other, with what the passes in NumPy make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradcheck.fresh import Drawn
from gradcheck.spec.cases import Case, Passes, Sampler, run_passes
from gradcheck.spec.inputs import inputs

if TYPE_CHECKING:
    from gradcheck.maths._arrays import Array
    from gradcheck.oracle.entry import Entry
    from gradcheck.oracle.key import AnswerKey, KeyCase


class LayeredCases:
    """Draws cases of one spec; what no seed changes is worked out once."""

    def __init__(self, key: AnswerKey) -> None:
        self.spec = key.spec
        self.wanted = frozenset(key.spec.notation.unfolded([*key.spec.check, *key.spec.accept]))
        first = key.cases[0].case(key.spec)
        self.sampler = Sampler(first.chain, len(first.x), first.y)

    def own(self, case: KeyCase) -> Drawn:
        """One of the spec's own."""
        return self._drawn(run_passes(case.case(self.spec)))

    def like_first(self, seed: int) -> Drawn:
        """One like the spec's first."""
        return self._drawn(self.sampler.draw(seed))

    def truth(self, case: Case) -> dict[str, Entry]:
        """What both oracles say of a case."""
        from gradcheck.oracle.answer import entries  # PyTorch: seldom needed

        return entries(self.spec, case)

    def _drawn(self, passes: Passes) -> Drawn:
        return Drawn(passes.case, inputs(self.spec, passes.case, passes.values), self._values(passes))

    def _values(self, passes: Passes) -> dict[str, Array]:
        """All that is checked or accepted, a bias that is folded into its weights by itself."""
        case = passes.case
        known = {**passes.values, **{f"d{name}": g for name, g in passes.gradients.items()}}
        if "J" in self.wanted:
            losses = case.chain.losses(passes.values[case.chain.steps[-1].out], case.y)
            known["J"] = np.asarray(case.chain.reduced(losses, case.parameters))
        if any("/" in name for name in self.wanted):
            from gradcheck.mistakes.reverse import links
            from gradcheck.mistakes.scene import Scene

            known |= links(Scene(case, passes.values))
        if not known.keys() >= self.wanted:
            return {}  # it knows no such link
        return self.spec.notation.present({name: known[name] for name in self.wanted})
