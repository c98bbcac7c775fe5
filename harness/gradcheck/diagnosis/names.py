"""How the quantities of a spec are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gradcheck.oracle.key import AnswerKey


class Names:
    """In a spec's notation, by canonical names."""

    def __init__(self, key: AnswerKey) -> None:
        self.key, self.notation = key, key.spec.notation

    def of(self, name: str) -> str:
        """One quantity: δ², dW3; of what a notation folds into another, its part of that."""
        within = {f"db{layer}": f"dW{layer}" for layer in self.notation.folded}
        return (
            f"row 0 of {self.notation.pretty(within[name])}" if name in within else self.notation.pretty(name)
        )

    def asked(self, holds: Callable[[str], bool], among: Sequence[str]) -> list[str]:
        """The quantities that the spec asks for, all of whose parts among these are so; in their order."""
        parts = {name: [n for n in self.notation.unfolded([name]) if n in among] for name in self.key.symbols}
        found = [name for name, own in parts.items() if own and all(map(holds, own))]
        return [self.of(name) for name in sorted(found, key=lambda name: among.index(parts[name][0]))]

    def turned(self, name: str) -> bool:
        """Whether the learner's array of a quantity is the transpose of the canonical one."""
        return self.notation.present({name: np.empty((2, 3))})[name].shape == (3, 2)


def listed(names: Sequence[str]) -> str:
    """dW1, db1 and dz1."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
