"""Formulas with one thing altered; what is altered comes first, the formula last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from gradcheck.formulas.tree import (
    BigSum,
    Bracket,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import changed, without_minus
from gradcheck.paper.values.algebra import NOWHERE

Alteration = Callable[[Node], Node]


def altered(node: Node, change: Alteration, root: Node) -> Node:
    """The formula with a node changed, wherever what stands in its place was written out."""
    kind, span = type(node), node.span

    def walked(one: Node) -> Node:
        if type(one) is kind and one.span == span and _is_like(one, node):
            return change(one)
        if one.span != NOWHERE and (one.span[0] > span[0] or one.span[1] < span[1]):
            return one
        found = changed(one, walked)
        return one if found == one else found

    return walked(root)


def _is_like(one: Node, other: Node) -> bool:
    match one, other:
        case Symbol(a), Symbol(b):
            return a == b
        case Scripted(base=first), Scripted(base=second):
            return first == second
        case Product(factors, _), Product(others, _):
            return len(factors) == len(others)
        case Sum(terms), Sum(others):
            return len(terms) == len(others)
    return True


def negative(node: Node) -> Node:
    """With a minus in front."""
    return Negative(grouped(node), node.span)


def grouped(node: Node) -> Node:
    """A sum in brackets."""
    return Bracket(node, "(", node.span) if isinstance(node, Sum) else node


def transposed(node: Node) -> Node:
    """All of it transposed."""
    whole = node if isinstance(node, Symbol | Scripted | Bracket) else Bracket(node, "(", node.span)
    return Transpose(whole, node.span)


def not_transposed(node: Node) -> Node:
    """What is transposed."""
    return node.of if isinstance(node, Transpose) else node


def squared(node: Node) -> Node:
    """Raised to 2."""
    return Power(node, Number(2.0), node.span)


def without_power(node: Node) -> Node:
    """What is raised to something."""
    return node.base if isinstance(node, Power | Scripted) else node


def instead_of(other: Node, node: Node) -> Node:
    """Another formula in the same place."""
    return replace(other, span=node.span)


def times(factor: Node, operator: str, node: Node) -> Node:
    """The formula times a factor, in brackets."""
    return Bracket(Product((grouped(node), Bracket(factor)), (operator,)), "(", node.span)


# Sums


def flipped(k: int, node: Node) -> Node:
    """A sum with the other sign of a term."""
    assert isinstance(node, Sum)
    term = node.terms[k]
    other = term.of if isinstance(term, Negative) else Negative(term, term.span)
    return replace(node, terms=(*node.terms[:k], other, *node.terms[k + 1 :]))


def without_term(k: int, node: Node) -> Node:
    """A sum without a term."""
    assert isinstance(node, Sum)
    rest = (*node.terms[:k], *node.terms[k + 1 :])
    return rest[0] if len(rest) == 1 else replace(node, terms=rest)


def summed(letter: str, node: Node) -> Node:
    """A formula summed over a letter; a minus stays in front."""
    whole = BigSum((Symbol(letter),), None, None, grouped(without_minus(node)))
    return Negative(whole, node.span) if isinstance(node, Negative) else whole


def not_summed(node: Node) -> Node:
    """What is summed."""
    return node.body if isinstance(node, BigSum) else node


def summed_instead(letter: str, node: Node) -> Node:
    """A sum over another letter."""
    assert isinstance(node, BigSum)
    return replace(node, indices=(Symbol(letter),))


# Products and quotients


def without_factors(i: int, j: int, node: Node) -> Node:
    """A product without some of its factors."""
    assert isinstance(node, Product)
    operators = [*node.operators[: max(0, i - 1)], *node.operators[j - 1 if i else j :]]
    return _joined(node, [*node.factors[:i], *node.factors[j:]], operators)


def with_square(i: int, j: int, node: Node) -> Node:
    """A product with the square of some factors."""
    assert isinstance(node, Product)
    factors = [*node.factors[:i], squared(_unit(node, i, j)), *node.factors[j:]]
    return _joined(node, factors, [*node.operators[:i], *node.operators[j - 1 :]])


def divided(h: int, i: int, j: int, node: Node) -> Node:
    """A product in which factors are divided by the ones behind them."""
    assert isinstance(node, Product)
    top, bottom = _unit(node, h, i), _unit(node, i, j)
    factors = [*node.factors[:h], Quotient(top, bottom, (top.span[0], bottom.span[1])), *node.factors[j:]]
    return _joined(node, factors, [*node.operators[:h], *node.operators[j - 1 :]])


def swapped(h: int, i: int, j: int, node: Node) -> Node:
    """A product with factors behind the ones that follow them."""
    assert isinstance(node, Product)
    factors = [*node.factors[:h], *node.factors[i:j], *node.factors[h:i], *node.factors[j:]]
    within = [*node.operators[i : j - 1], node.operators[i - 1], *node.operators[h : i - 1]]
    return _joined(node, factors, [*node.operators[:h], *within, *node.operators[j - 1 :]])


def with_operator(at: int, operator: str, node: Node) -> Node:
    """A product with another operator."""
    assert isinstance(node, Product)
    return replace(node, operators=(*node.operators[:at], operator, *node.operators[at + 1 :]))


def _joined(node: Product, factors: Sequence[Node], operators: Sequence[str]) -> Node:
    if len(factors) < 2:
        return factors[0] if factors else Number(1.0, node.span)
    return replace(node, factors=tuple(factors), operators=tuple(operators))


def _unit(node: Product, i: int, j: int) -> Node:
    """Some factors in a row as one."""
    span = (node.factors[i].span[0], node.factors[j - 1].span[1])
    one = _joined(replace(node, span=span), node.factors[i:j], node.operators[i : j - 1])
    return Bracket(one, "(", span) if j - i > 1 else one


def inverse(node: Node) -> Node:
    """A quotient upside down."""
    assert isinstance(node, Quotient)
    return replace(node, top=node.bottom, bottom=node.top)


def multiplied(node: Node) -> Node:
    """A quotient as a product."""
    assert isinstance(node, Quotient)
    return Product((node.top, node.bottom), ("",), node.span)


def top(node: Node) -> Node:
    """What is divided."""
    assert isinstance(node, Quotient)
    return node.top


def reciprocal(node: Node) -> Node:
    """1 divided by the same."""
    assert isinstance(node, Quotient)
    return replace(node, top=Number(1.0))


# Names


def with_indices(letters: Mapping[int, str], node: Node) -> Node:
    """A name with other indices, at some places."""
    assert isinstance(node, Scripted)
    below = (Symbol(letters[n], one.span) if n in letters else one for n, one in enumerate(node.sub))
    return replace(node, sub=tuple(below))


def exchanged(one: str, other: str, node: Node) -> Node:
    """A formula with two indices in each other's place, in all names."""
    if not isinstance(node, Scripted):
        return changed(node, partial(exchanged, one, other))
    letters = {one: other, other: one}
    below = (
        replace(index, text=letters.get(index.text, index.text)) if isinstance(index, Symbol) else index
        for index in node.sub
    )
    return replace(node, sub=tuple(below))


def stepped(place: int | None, by: int, node: Node) -> Node:
    """A name of another layer or time, which stands below it at a place, or above it."""
    assert isinstance(node, Scripted)
    if place is None:
        return replace(node, sup=_plus(node.sup, by))
    return replace(node, sub=(*node.sub[:place], _plus(node.sub[place], by), *node.sub[place + 1 :]))


def _plus(node: Node | None, by: int) -> Node:
    assert isinstance(node, Number)
    return replace(node, value=max(0.0, node.value + by))


def with_base(base: str, node: Node) -> Node:
    """Another letter with the same scripts."""
    assert isinstance(node, Scripted)
    return replace(node, base=Symbol(base, node.base.span))


def primed(node: Node) -> Node:
    """A function's derivative."""
    return Scripted(node, 1, None, "", (), node.span)


def not_primed(node: Node) -> Node:
    """The function of a derivative."""
    return node.base if isinstance(node, Scripted) else node
