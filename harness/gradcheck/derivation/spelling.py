"""Ways of writing one thing made one: W1[0, 2] is an entry like W1_{02}, and dJ/dw is ∂J/∂w."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.tree import (
    Arguments,
    Bracket,
    Derivative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import changed, followed_by_bracket, innermost, is_application

_LETTERS = frozenset({"pi", "xi", "mu", "nu"})
"""Two indices in the place of indices, Greek everywhere else."""


def plain(words: Vocabulary, node: Node) -> Node:
    """The formula with entries as subscripts, ∂ in every derivative, and L for the last layer."""
    rebuilt = changed(node, lambda inner: plain(words, inner))
    match rebuilt:
        case Product():
            found = _with_entries(words, _with_gradients(words, rebuilt))
            return _of_what_follows(words, found) if isinstance(found, Product) else found
        case Symbol("ones"):
            return Number(1.0, rebuilt.span)
        case Quotient():
            return _derivative(words, rebuilt) or rebuilt
        case Scripted(sup=Scripted(base=Symbol("n"), sup=None, sub=(Symbol("l"),), span=span)):
            return replace(rebuilt, sup=Symbol("L", span))
        case Scripted(sub=(Symbol(text=letters, span=span),)) if letters in _LETTERS:
            return replace(rebuilt, sub=tuple(Symbol(letter, span) for letter in letters))
    return rebuilt


def _derivative(words: Vocabulary, node: Quotient) -> Derivative | None:
    """∂J/∂w for dJ/dw, where J and w are names of quantities; d/dw(J), too."""
    by, of = _without_d(node.bottom), _without_d(node.top)
    if node.top == Symbol("d") and isinstance(node.bottom, Product):
        by, of = _without_d(node.bottom.factors[0]), _rest(node.bottom, 0)
    if of is None or by is None or words.reference(by) is None or not _is_quantity(words, of):
        return None
    return Derivative(of, by, node.span)


def _is_quantity(words: Vocabulary, of: Node) -> bool:
    head = of.factors[0] if isinstance(of, Product) and is_application(of) else of
    return not isinstance(head, (Symbol, Scripted)) or words.reference(head) is not None


def _of_what_follows(words: Vocabulary, product: Product) -> Node:
    """∂/∂w of the rest of the product, for d/dw in it."""
    for i, (factor, operator) in enumerate(zip(product.factors, product.operators, strict=False)):
        if isinstance(factor, Quotient) and factor.top == Symbol("d") and operator == "":
            by = _without_d(factor.bottom)
            if by is not None and words.reference(by) is not None:
                derivative = Derivative(_rest(product, i), by, (factor.span[0], product.span[1]))
                operators = product.operators[:i]
                factors = (*product.factors[:i], derivative)
                return replace(product, factors=factors, operators=operators) if operators else derivative
    return product


def _rest(product: Product, i: int) -> Node:
    """What follows factor i."""
    factors, operators = product.factors[i + 1 :], product.operators[i + 1 :]
    span = (factors[0].span[0], product.span[1])
    return Product(factors, operators, span) if operators else factors[0]


def _without_d(node: Node) -> Node | None:
    match node:
        case Symbol(text=text, span=(start, end)) if text.startswith("d") and len(text) > 1:
            return Symbol(text[1:], (start + 1, end))
        case Scripted(base=Symbol() as base) if (inner := _without_d(base)) is not None:
            return replace(node, base=inner)
        case Product(factors=(Symbol("d"), *_)) if node.operators[0] == "":
            return _rest(node, 0)
        case Product(factors=(first, *others)) if is_application(node) and (inner := _without_d(first)):
            return replace(node, factors=(inner, *others))
    return None


def _with_gradients(words: Vocabulary, product: Product) -> Product:
    """The product with ∂C/∂a for ∇_a C; without a layer, the output is meant."""
    factors, operators = list(product.factors), list(product.operators)
    for i in reversed(range(len(operators))):
        here = factors[i]
        if isinstance(here, Scripted) and here.base == Symbol("nabla") and here.sub and operators[i] == "":
            by, span = here.sub[0], (here.span[0], factors[i + 1].span[1])
            known = words.reference(by)
            if known is not None and known.letter == "a" and known.layer is None and isinstance(by, Symbol):
                by = Scripted(by, sup=Symbol("L", by.span), fence="(", span=by.span)
            factors[i : i + 2] = [Derivative(factors[i + 1], by, span)]
            del operators[i]
    return replace(product, factors=tuple(factors), operators=tuple(operators))


def _with_entries(words: Vocabulary, product: Product) -> Node:
    """The product, where a name and the square bracket behind it are one factor."""
    factors, operators = list(product.factors), list(product.operators)
    for i in reversed(range(len(operators))):
        behind = innermost(factors[i + 1])
        is_index = isinstance(behind, Bracket) and behind.fence == "[" and followed_by_bracket(product, i)
        if is_index and _is_array(words, factors[i]):
            factors[i : i + 2] = [_moved_in(factors[i], factors[i + 1])]
            del operators[i]
    return replace(product, factors=tuple(factors), operators=tuple(operators)) if operators else factors[0]


def _is_array(words: Vocabulary, name: Node) -> bool:
    """Whether it is a quantity as a whole, or the differential of one."""
    whole = name if words.reference(name) else _without_d(name)
    known = words.reference(whole) if whole is not None else None
    return known is not None and not words.is_objective(whole or name) and not known.indices


def _moved_in(name: Node, behind: Node) -> Node:
    """The entry, with the powers and transposes that hung on the bracket."""
    span = (name.span[0], behind.span[1])
    match behind:
        case Bracket(inner=inner):
            indices = inner.items if isinstance(inner, Arguments) else (inner,)
            entry = name if isinstance(name, Scripted) else Scripted(name)
            return replace(entry, sub=indices, span=span)
        case Power(base=inner) | Scripted(base=inner):
            return replace(behind, base=_moved_in(name, inner), span=span)
        case Transpose(of=inner):
            return Transpose(_moved_in(name, inner), span)
    raise AssertionError(behind)
