"""What lies between quantities: which equations make one wrong, and what is made of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck.network.graph import needed
from gradcheck.network.records import Loop, Network, equations_of, select_equations


@dataclass
class Reach:
    """Of a network, some quantities of which are read as they were handed in."""

    whole: Network
    gradients: Sequence[str]
    """What the reverse pass makes, in its order."""
    submitted: Collection[str]
    misshapen: Collection[str] = ()
    """What of it has another shape than it should have, and is read by nothing."""
    _between: dict[tuple[str, str], Network] = field(default_factory=dict)
    _after: dict[tuple[str, ...], tuple[Network, frozenset[str]]] = field(default_factory=dict)

    def sources(self, name: str) -> list[str]:
        """The equations in which a mistake makes this quantity wrong: its own, and those of what it reads."""
        found, queue = [name], [name]
        while queue:
            reads = self.whole.equations[queue.pop(0)].expression.reads
            more = [
                n
                for n in reversed(self.gradients)
                if n in reads and n not in found and n not in self.submitted
            ]
            found += more
            queue += more
        return found

    @cached_property
    def looped(self) -> frozenset[str]:
        """What is made in loops over times."""
        loops = (step for step in self.whole.steps if isinstance(step, Loop))
        return frozenset(equation.name for loop in loops for equation in loop.equations)

    def path(self, name: str, root: str) -> Network:
        """The equations that are not handed in from one quantity to another that reads them."""
        if (name, root) not in self._between:
            reads = self.whole.equations[root].expression.reads
            self._between[name, root] = needed(self.after(name)[0], reads)
        return self._between[name, root]

    def after(self, *names: str) -> tuple[Network, frozenset[str]]:
        """What is made of quantities: equations that are not handed in, and what is that reads them.

        Of what was handed in itself nothing is made but that.
        """
        if names not in self._after:
            self._after[names] = self._find_after(names)
        return self._after[names]

    def _find_after(self, names: tuple[str, ...]) -> tuple[Network, frozenset[str]]:
        reached = {name for name in names if name not in self.submitted}
        readers = set(names) - reached
        for step in self.whole.steps if reached else ():
            for equation in equations_of(step) * 2:  # of a loop each may read each
                if equation.expression.reads & reached:
                    (readers if equation.name in self.submitted else reached).add(equation.name)
        return selected(self.whole, reached), frozenset(readers)


def selected(network: Network, names: Collection[str]) -> Network:
    """The network with the equations of these quantities alone."""
    steps = (select_equations(step, names) for step in network.steps)
    return replace(network, steps=tuple(step for step in steps if step))
