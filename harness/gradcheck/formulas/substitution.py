"""Parts of a formula replaced by others."""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck.formulas.tree import Node, Product, Symbol
from gradcheck.formulas.walk import changed


def with_part(node: Node, part: Node, other: Node) -> Node:
    """The formula in which this very part, and none that looks like it, is another."""
    return other if node is part else changed(node, lambda inner: with_part(inner, part, other))


def with_names(node: Node, names: Mapping[str, Node]) -> Node:
    """The formula in which a part that has a name is that name."""
    for name, part in names.items():
        if node == part:
            return Symbol(name, node.span)
    found = changed(node, lambda inner: with_names(inner, names))
    return _with_runs(found, names) if isinstance(found, Product) else found


def _with_runs(product: Product, names: Mapping[str, Node]) -> Node:
    """Products are flat: tanh(s) is two factors of 2 tanh(s)."""
    for name, part in names.items():
        if not isinstance(part, Product):
            continue
        n = len(part.factors)
        for i in range(len(product.factors) - n + 1):
            run = product.factors[i : i + n], product.operators[i : i + n - 1]
            if run == (part.factors, part.operators):
                factors = (*product.factors[:i], Symbol(name, part.span), *product.factors[i + n :])
                operators = product.operators[:i] + product.operators[i + n - 1 :]
                return Product(factors, operators, product.span) if operators else factors[0]
    return product
