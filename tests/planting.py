"""Mistakes planted in operations, to see that a contract notices them."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.expr.operation import Along, Entrywise, Moving, Operation
from gradcheck.expr.simplify import product
from gradcheck.expr.tree import Apply, Expr, Number


def wrong(operation: Operation) -> Operation:
    """The operation with a mistake in what it hands back."""
    match operation:
        case Entrywise(derivatives=rules) if any(rules):
            return replace(operation, derivatives=tuple(rule and f"1.001 * ({rule})" for rule in rules))
        case Entrywise(derivatives=(_, *rest)):
            return replace(operation, derivatives=("1", *rest))
        case Along(rule=rule):
            return replace(operation, rule=f"1.001 * ({rule})")
    assert isinstance(operation, Moving)

    class Wrong(type(operation)):  # type: ignore[misc]
        def backward(self, node: Apply, g: Expr) -> tuple[Expr | None, ...]:
            first, *rest = super().backward(node, g)
            return (product(Number(1.001), first), *rest)

    return Wrong(*vars(operation).values())
