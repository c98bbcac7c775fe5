"""A name of a formula that means a quantity of a spec's network."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.formulas.tree import Node, Scripted, Span, Symbol


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


def is_kronecker(node: Node) -> bool:
    """Whether it is δ_ij: 1 for equal indices, else 0. A delta of a layer has the layer's number."""
    return (
        isinstance(node, Scripted)
        and node.base == Symbol("delta")
        and node.sup is None
        and len(node.sub) == 2
        and all(isinstance(index, Symbol) for index in node.sub)
    )
