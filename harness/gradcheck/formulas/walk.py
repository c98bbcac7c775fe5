"""Ways through a tree: the parts of a node, all nodes, and the few questions about shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, get_args

from gradcheck.formulas.tree import (
    BigOperation,
    BigSum,
    Bracket,
    Claim,
    Derivative,
    Negative,
    Node,
    Power,
    Product,
    Scripted,
    Symbol,
    Transpose,
)

_PART = re.compile("Node|Symbol|Keyword")
_HOLDERS = {
    kind: tuple(field.name for field in fields(kind) if _PART.search(str(field.type)))
    for kind in get_args(Node)
}
"""The fields of each kind of node that hold nodes."""


def parts(node: Node) -> Iterator[Node]:
    """The nodes directly within this one, in the order of its fields."""
    for name in _HOLDERS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            for item in value:
                yield from item if isinstance(item, tuple) else (item,)
        elif value is not None:
            yield value


def changed(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with every part directly within it changed."""
    return replace(node, **{name: _each(getattr(node, name), change) for name in _HOLDERS[type(node)]})


def _each(part: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(part, tuple):
        return tuple(_each(item, change) for item in part)
    return None if part is None else change(part)


def symbols(root: Node) -> Iterator[str]:
    """Every symbol that stands in a formula, as often as it does."""
    return (node.text for node, _ in nodes(root) if isinstance(node, Symbol))


def nodes(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, the root (depth 1) first; trees of any depth are walked."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((part, depth + 1) for part in parts(node))


def nodes_of(claims: Iterable[Claim]) -> Iterator[Node]:
    """Every node of every side of the claims."""
    return (node for claim in claims for side in claim.sides for node, _ in nodes(side))


def letters_over(node: BigSum | BigOperation) -> list[str]:
    """The letters that a Σ, a Π or a max runs over."""
    return [index.text for index in node.indices if isinstance(index, Symbol)]


def without_minus(node: Node) -> Node:
    """What stands behind a minus sign, or the node where it has none."""
    return node.of if isinstance(node, Negative) else node


def is_name(node: Node) -> bool:
    """Whether it is a symbol, with or without scripts: what may be the name of a function."""
    return isinstance(node, Symbol) or (isinstance(node, Scripted) and isinstance(node.base, Symbol))


def followed_by_bracket(product: Product, i: int) -> bool:
    """Whether factor i is a name with a bracket right behind it: a call, or a product.

    The bracket may carry a power, a script or a transpose, which belong to the result of a call:
    `f(x)^2` has the factors `f` and `(x)^2`.
    """
    if not is_name(product.factors[i]) or product.operators[i : i + 1] != ("",):
        return False
    return isinstance(innermost(product.factors[i + 1]), Bracket)


def innermost(node: Node) -> Node:
    """What is left without powers, scripts and transposes."""
    while True:
        match node:
            case Power(base=inner) | Scripted(base=inner) | Transpose(of=inner):
                node = inner
            case _:
                return node


def is_application(node: Node) -> bool:
    """Whether it is a name and a bracket and nothing else, as in `f(x)`."""
    return isinstance(node, Product) and len(node.factors) == 2 and followed_by_bracket(node, 0)


def is_chain_rule(first: Node, side: Node, same: Callable[[Node, Node], bool]) -> bool:
    """Whether a side is the chain rule as such: ∂f/∂h · ∂h/∂g · ∂g/∂w for ∂f/∂w.

    Where its links are vectors and matrices, their product need not be one of matrices as they stand.
    `same` says whether two names mean the same.
    """
    links = side.factors if isinstance(side, Product) else ()
    chain = [link for link in links if isinstance(link, Derivative)]
    if not isinstance(first, Derivative) or len(chain) < 2 or len(chain) < len(links):
        return False
    ends = [first.of, *(link.by for link in chain)]
    starts = [*(link.of for link in chain), first.by]
    pairs = zip(ends, starts, strict=True)
    return all(a is not None and b is not None and same(a, b) for a, b in pairs)
