"""The names of an expression without a network: each is a number, drawn at random."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gradcheck.arrays import Array
from gradcheck.derivation import functions
from gradcheck.derivation.words import Reference
from gradcheck.formulas.tree import BigSum, Node, Number, Product, Scripted, Sum, Symbol
from gradcheck.formulas.walk import followed_by_bracket, nodes, parts
from gradcheck.formulas.written import written
from gradcheck.layers.activation import Activation

_FUNCTIONS = frozenset({*functions.ELEMENTARY, *functions.ARRAYS, *functions.NAMED})


class Letters:
    """What the names in some formulas mean: numbers, but for functions and letters that sums run over."""

    symbols: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    last = 0
    columns = False
    has_ones = False

    def __init__(self, formulas: Iterable[Node], objectives: Iterable[str] = ()) -> None:
        every = [node for formula in formulas for node, _ in nodes(formula)]
        summed = [index for node in every if isinstance(node, BigSum) for index in node.indices]
        self._summed = frozenset(index.text for index in summed if isinstance(index, Symbol))
        called = {
            id(_head(node.factors[i])) for node in every if isinstance(node, Product) for i in _calls(node)
        }
        # f is a function where it never stands without a bracket behind it.
        self._bare = frozenset(n.text for n in every if isinstance(n, Symbol) and id(n) not in called)
        self._objectives = frozenset(objectives)

    def key(self, node: Node) -> str:
        """The name that a node is, w_1 and w_{1} being one; "" for what is none."""
        base = _head(node)
        if not isinstance(base, Symbol) or base.text in _FUNCTIONS | self._summed | {"pi"}:
            return ""
        if base.text in functions.GENERIC and base.text not in self._bare:
            return ""
        if isinstance(node, Symbol):
            return node.text
        scripts = (n.text for n, _ in nodes(node) if isinstance(n, Symbol))
        power = isinstance(node, Scripted) and node.sup is not None and not self.is_layer(node)
        if power or node.primes or not self._summed.isdisjoint(scripts):  # type: ignore[union-attr]
            return ""
        return re.sub(r"[{},() ]", "", written(node))

    def names(self, formula: Node) -> Iterator[str]:
        """All names in a formula."""
        if name := self.key(formula):
            yield name
            return
        for part in parts(formula):
            yield from self.names(part)

    def reference(self, node: Node) -> Reference | None:
        """Every name is a number's."""
        name = self.key(node)
        return Reference(name, None, (), node.span) if name else None

    def is_layer(self, node: Scripted) -> bool:
        """Whether the superscript belongs to the name, as in x^(2) and δ^(l)."""
        return node.layered and node.sup is not None and _counts(node.sup)

    def is_objective(self, node: Node) -> bool:
        """Whether a name is that of what is differentiated."""
        return self.key(node) in self._objectives

    def canonical(self, reference: Reference, layer: int | None) -> str:
        """The name itself."""
        return reference.letter

    def firsts(self, name: str) -> tuple[int, int]:
        """Numbers have neither rows nor columns."""
        return 1, 1

    def gradient(self, name: str) -> str:
        """The name of the expression's derivative by that number."""
        return f"d{name}"

    def layer_of(self, name: str) -> None:
        """Numbers belong to no layer."""

    def counted(self, layer: int) -> int:
        """As it is written."""
        return layer

    def activation(self, letter: str, layer: int | None) -> Activation | None:
        """σ is the logistic function; what f is, nobody knows."""
        name = "sigmoid" if letter == "sigma" else letter
        return functions.activation(name) if name in functions.NAMED else None


@dataclass(frozen=True)
class Numbers:
    """One number for each name."""

    values: Mapping[str, Array]

    def moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        """The one that is moved."""
        return {name: self.values[name] + step}

    def weight(self, name: str) -> float:
        """Numbers are what they are."""
        return 1.0

    def constant(self, text: str) -> None:
        """No name means anything by custom."""


def _head(node: Node) -> Node:
    return node.base if isinstance(node, Scripted) else node


def _calls(node: Product) -> Iterator[int]:
    return (i for i in range(len(node.factors) - 1) if followed_by_bracket(node, i))


def _counts(node: Node) -> bool:
    """Whether it is the number of a layer: 2, l, L - 1."""
    match node:
        case Number(value):
            return value == int(value)
        case Symbol(text):
            return text in ("l", "L")
        case Sum(terms):
            return any(isinstance(term, Symbol) and _counts(term) for term in terms)
    return False
