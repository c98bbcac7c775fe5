"""What a text calls things, and words that have a meaning by themselves."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Protocol

from gradcheck.expr.along import LOGSUMEXP, SOFTMAX
from gradcheck.expr.operation import Along
from gradcheck.formulas.tree import Node, Symbol
from gradcheck.paper.effort import Effort
from gradcheck.paper.names import Index, Key, Names
from gradcheck.paper.taken import Taken

ALONG: dict[str, Along] = {"softmax": SOFTMAX, "logsumexp": LOGSUMEXP, "LSE": LOGSUMEXP}
CONSTANTS = {"pi": math.pi, "e": math.e}
SCALARS = frozenset({"lambda", "alpha", "eta", "epsilon", "beta", "gamma", "tau", "rho", "m", "n", "N", "T"})
"""Letters that stand for numbers as a rule."""
WITHOUT_BRACKETS = frozenset({
    "sin", "cos", "tan", "sec", "sinh", "cosh", "tanh", "sech",
    "exp", "log", "ln", "sqrt", "arcsin", "arccos", "arctan",
})  # fmt: skip
"""Functions that people write without brackets: of all numbers and names that follow, as in sin 2x."""
INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}
ANYTHING = Key("any argument")
"""The argument of a function of which nothing is said."""
ANY = Symbol("any function of this")
"""The body of such a function."""
Functions = dict[str, tuple[tuple[Key, ...], Node]]
"""A function that the text defines -> its arguments and its value."""


class Vocabulary(Protocol):
    """What a text calls things."""

    names: Names
    functions: Functions
    with_arguments: set[Key]
    aliases: dict[Key, tuple[tuple[Index, ...], Node]]

    effort: Effort
    """What reading and trying it may cost."""
    taken: Taken
    """How what it leaves open is taken."""

    @property
    def known(self) -> Collection[Key]:
        """The quantities that have a meaning."""

    def mentioned(self, node: Node) -> Iterator[Key]:
        """The quantities that a formula speaks of."""

    def letter_arguments(self, name: str) -> Collection[str]:
        """The arguments of a function that are letters: o and c of p(o|c) = exp(u_o v_c)."""

    def length(self, key: Key) -> int | None:
        """The length that a text gives as a number, as by n = 4."""

    @property
    def stacks(self) -> bool:
        """Whether it stacks the columns of matrices with vec."""

    @property
    def is_posed(self) -> bool:
        """Whether what is differentiated is given beside the text, all names being independent."""
