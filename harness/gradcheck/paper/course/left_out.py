"""What a gradient is made of, and a formula for it leaves out."""

from __future__ import annotations

from collections.abc import Iterator

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
from gradcheck.paper.course.course import Course

_PRODUCTS = frozenset({"dot", "matmul", "outer", "multiply"})


def left_out(subject: str, course: Course, side: Node) -> str:
    """The weights and inputs that the right gradient is made of, and that stand nowhere as a factor."""
    words, one = course.words, course.notation.known[subject]
    layer = one.layer
    if layer is None or one.letter not in ("dW", "dz"):
        return ""
    standing = set(_standing(course, side))
    # What leads to the delta of a layer is in that delta.
    deltas = (n for n in range(layer, words.layers + 1) if words.named("dz", n) in standing)
    needed = [words.named("W", n) for n in range(min(deltas, default=words.layers), layer, -1)]
    if one.letter == "dW":
        needed.append("x" if layer == 1 else words.named("a", layer - 1))
    missing = [course.notation.pretty(name) for name in needed if name and name not in standing]
    return f"What the gradient is made of, and is missing here: {' and '.join(missing)}." if missing else ""


def _standing(course: Course, node: Node) -> Iterator[str]:
    """The quantities that stand as factors: those within a function's argument do not."""
    match node:
        case Symbol() | Scripted():
            if (reference := course.reference(node, {})) is not None and reference.key in course.shapes:
                yield course.name(reference.key)
        case Product():
            for i, factor in enumerate(node.factors):
                if not _is_argument(course, node, i):
                    yield from _standing(course, factor)
        case Bracket(inner=inner) | Negative(of=inner) | Transpose(of=inner):
            yield from _standing(course, inner)
        case Sum(terms=items) | Arguments(items=items):
            for item in items:
                yield from _standing(course, item)


def _is_argument(course: Course, node: Product, i: int) -> bool:
    if i == 0 or not followed_by_bracket(node, i - 1):
        return False
    head = node.factors[i - 1]
    multiplies = isinstance(head, Symbol) and head.text in _PRODUCTS
    return not multiplies and not (isinstance(head, Symbol | Scripted) and course.reference(head, {}))
