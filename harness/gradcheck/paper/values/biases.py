"""Which way a bias lies beside the product of a batch and weights, as b of X W + b: along the units."""

from __future__ import annotations

from gradcheck.formulas.tree import Arguments, Bracket, Node, Product, Scripted, Symbol, Transpose
from gradcheck.paper.values.algebra import ONE, Shape

_BATCHES = frozenset("XAH")
_WEIGHTS = frozenset({"W", "w", "theta", "Theta", "beta", "U"})
OF_EXAMPLES = 1.5
"""How unlikely a bias is that has an entry for each example."""
OF_ALL = 2.5
"""How unlikely a single number is where there are several units."""


def is_bias(node: Node) -> bool:
    """Whether it is called as biases are."""
    return _base(node).rstrip("0123456789") in ("b", "bias")


def axis_of_examples(node: Node) -> int | None:
    """0 of X W, and 1 of W X, which have examples as rows and as columns; None of anything else."""
    match node:
        case Bracket(inner):
            return axis_of_examples(inner)
        case Product((Symbol("dot" | "matmul"), Bracket(Arguments((one, other)))), ("",)):
            pass
        case Product((one, other), ("" | "@" | "·",)):
            pass
        case _:
            return None
    return {("batch", "weights"): 0, ("weights", "batch"): 1}.get((_kind(one), _kind(other)))


def doubt(bias: Shape, whole: Shape, examples: int) -> float:
    """How unlikely a bias of a shape is beside a product, in which one axis is that of examples."""
    if not bias:
        return OF_ALL * (whole[1 - examples] != ONE)
    return OF_EXAMPLES * (bias[examples] != ONE != whole[examples])


def _kind(node: Node) -> str:
    """What it is by its name: a batch or weights, turned or not."""
    while isinstance(node, Bracket | Transpose):
        node = node.inner if isinstance(node, Bracket) else node.of
    name = _base(node)
    return "weights" if name.rstrip("0123456789") in _WEIGHTS else "batch" if name[:1] in _BATCHES else ""


def _base(node: Node) -> str:
    base = node.base if isinstance(node, Scripted) else node
    return base.text if isinstance(base, Symbol) else ""
