"""Parts of a formula replaced by the names that a text gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from harness.formulas.tree import Node, Product, Symbol


def with_names(node: Node, names: Mapping[str, Node]) -> Node:
    """The formula in which a part that has a name is that name."""
    for name, part in names.items():
        if node == part:
            return Symbol(name, node.span)
    changed = {f.name: _inner(getattr(node, f.name), names) for f in fields(node) if f.name != "span"}
    found = replace(node, **changed)
    return _with_runs(found, names) if isinstance(found, Product) else found


def _inner(part: Any, names: Mapping[str, Node]) -> Any:
    if isinstance(part, tuple):
        return tuple(_inner(item, names) for item in part)
    return with_names(part, names) if isinstance(part, Node) else part


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
