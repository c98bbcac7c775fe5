"""What a gradient is made of, and a formula for it leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.derivation.about import About
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.tree import (
    Arguments,
    Bracket,
    Negative,
    Node,
    Product,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import followed_by_bracket

_PRODUCTS = frozenset({"dot", "matmul", "outer", "multiply"})


def left_out(words: Vocabulary, subject: About, scope: Scope, side: Node) -> str:
    """The weights and inputs that the right gradient is made of, and that stand nowhere as a factor."""
    one = words.notation.known[subject.name(scope)]
    layer = one.layer
    if layer is None or one.letter not in ("dW", "dz"):
        return ""
    standing = set(_standing(scope, side))
    # What leads to the delta of a layer is in that delta.
    deltas = (n for n in range(layer, words.layers + 1) if words.named("dz", n) in standing)
    needed = [words.named("W", n) for n in range(min(deltas, default=words.layers), layer, -1)]
    if one.letter == "dW":
        needed.append("x" if layer == 1 else words.named("a", layer - 1))
    missing = [words.notation.pretty(name) for name in needed if name and name not in standing]
    return f"What the gradient is made of, and is missing here: {' and '.join(missing)}." if missing else ""


def _standing(scope: Scope, node: Node) -> Iterator[str]:
    """The quantities that stand as factors: those within a function's argument do not."""
    match node:
        case Symbol() | Scripted():
            if reference := scope.words.reference(node):
                yield scope.name(reference)
        case Product():
            for i, factor in enumerate(node.factors):
                if not _is_argument(scope, node, i):
                    yield from _standing(scope, factor)
        case Bracket(inner=inner) | Negative(of=inner) | Transpose(of=inner):
            yield from _standing(scope, inner)
        case Sum(terms=items) | Arguments(items=items):
            for item in items:
                yield from _standing(scope, item)


def _is_argument(scope: Scope, node: Product, i: int) -> bool:
    if i == 0 or not followed_by_bracket(node, i - 1):
        return False
    head = node.factors[i - 1]
    multiplies = isinstance(head, Symbol) and head.text in _PRODUCTS
    return not multiplies and not scope.words.reference(head)
