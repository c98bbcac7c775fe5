"""What the names of a formula may mean: a network's quantities, or the numbers of an expression."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gradcheck.arrays import Array
from gradcheck.formulas.tree import Node, Scripted, Span, Symbol

if TYPE_CHECKING:
    from gradcheck.layers.activation import Activation


@dataclass(frozen=True)
class Reference:
    """A quantity, or one entry of it, as it was written."""

    letter: str
    """Canonical: z, a, W, dz, ..."""
    layer: Node | None
    """The layer's number as the notation counts; None where none was written."""
    indices: tuple[Node, ...]
    span: Span
    example: Node | None = None
    """Which example's it is, from 1; None for all of them."""


class Words(Protocol):
    """The names that formulas are read with."""

    @property
    def symbols(self) -> Collection[str]:
        """Names that a text can't take for something else."""

    @property
    def last(self) -> int:
        """The number of the last layer: L."""

    @property
    def columns(self) -> bool:
        """Whether an example is a column."""

    @property
    def shared(self) -> frozenset[str]:
        """Letters of what all examples share: parameters and their gradients."""

    @property
    def has_ones(self) -> bool:
        """Whether x_0 = 1 is the input of the bias."""

    def reference(self, node: Node) -> Reference | None:
        """The quantity that a name means; None for a name that means none."""

    def is_layer(self, node: Scripted) -> bool:
        """Whether the superscript belongs to the name: a layer, not a power."""

    def is_objective(self, node: Node) -> bool:
        """Whether a name is that of what is differentiated."""

    def canonical(self, reference: Reference, layer: int | None) -> str:
        """The name of a reference's quantity, its layer's number being known; MeaningError."""

    def firsts(self, name: str) -> tuple[int, int]:
        """What the first row and the first column of a quantity are called."""

    def gradient(self, name: str) -> str | None:
        """The name of the objective's gradient by that quantity; None by what has none."""

    def layer_of(self, name: str) -> int | None:
        """The layer, counted from 1, of a quantity by its canonical name."""

    def counted(self, layer: int) -> int:
        """The layer of activations that has this number, counted from 1."""

    def activation(self, letter: str, layer: int | None) -> Activation | None:
        """The function that σ, g or a name means in a layer (counted from 1), if it is known."""


class Draw(Protocol):
    """One draw of the numbers that names stand for."""

    def moved(self, name: str, index: tuple[int, ...], step: float) -> Mapping[str, Array]:
        """The values that change where one entry of a quantity is moved by `step`."""

    def weight(self, name: str) -> float:
        """What a gradient of the objective is multiplied by, to be what its name stands for here."""

    def constant(self, text: str) -> float | None:
        """A number that a name means by custom: m for the examples, λ for the penalty's strength."""


def is_of_an_example(words: Words, node: Node) -> bool:
    """Whether a name is of what one example has, as in a^{[2](i)}."""
    reference = words.reference(node)
    return reference is not None and reference.example is not None


def is_kronecker(node: Node) -> bool:
    """Whether it is δ_ij: 1 for equal indices, else 0. A delta of a layer has the layer's number."""
    return (
        isinstance(node, Scripted)
        and node.base == Symbol("delta")
        and node.sup is None
        and len(node.sub) == 2
        and all(isinstance(index, Symbol) for index in node.sub)
    )
