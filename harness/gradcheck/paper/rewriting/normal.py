"""Formulas with one way to write each thing: derivatives, functions of what follows them, transposes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from gradcheck.expr.registry import called
from gradcheck.formulas.derivatives import applied, is_operator
from gradcheck.formulas.names import is_known
from gradcheck.formulas.tree import (
    BigOperation,
    BigSum,
    Bracket,
    Claim,
    Comparison,
    Derivative,
    Keyword,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Span,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import changed, letters_over, nodes, nodes_of, parts, symbols
from gradcheck.letters import GREEK
from gradcheck.paper.names import LOSSES
from gradcheck.paper.rewriting.averages import with_averages
from gradcheck.paper.rewriting.brackets import with_entries
from gradcheck.paper.rewriting.differentials import with_differentials
from gradcheck.paper.rewriting.entries import whole
from gradcheck.paper.rewriting.expectations import with_means
from gradcheck.paper.rewriting.nabla import gradients_by
from gradcheck.paper.rewriting.partials import with_partials
from gradcheck.paper.rewriting.primes import with_primes
from gradcheck.paper.rewriting.ranges import renamed
from gradcheck.paper.rewriting.reach import with_reach
from gradcheck.paper.rewriting.subscripted import with_functions
from gradcheck.paper.values.constants import with_constants

if TYPE_CHECKING:
    from gradcheck.paper.course.course import Course

FUNCTIONS = {"sigma": "sigmoid"}
SPOKEN = frozenset(
    {
        "softmax",
        "logsumexp",
        "LSE",
        "max",
        "min",
        "tr",
        "trace",
        "Tr",
        "sum",
        "mean",
        "len",
        "size",
        "norm",
        "dot",
        "outer",
        "matmul",
        "maximum",
        "minimum",
        "diag",
        "det",
        "vec",
        "multiply",
        "power",
        "where",
    }
)


def normal(claims: Sequence[Claim], course: Course | None = None) -> list[Claim]:
    """The claims rewritten."""
    claims = with_averages(claims)
    if course is None:
        claims = with_partials(with_primes(with_functions(claims), _is_word), _is_word)
    claims = with_differentials(with_means(with_constants(claims), is_function))
    defined = {text for claim in claims if len(claim.sides) > 1 for text in symbols(claim.sides[0])}
    words = {text for claim in claims for side in claim.sides for text in symbols(side)}
    words |= {text for claim in claims for side in claim.sides for text in _changing(side)}
    entries = set(_of_entries(words))
    words |= {low[1] for text in words if (low := _LOW.fullmatch(text))}
    rewriter = _Rewriter(words, defined, course)
    rewriter.indices.update(_summed_over(claims), entries)
    rewriter.arguments = dict(_arguments(claims))
    rewriter.parameters = gradients_by(claims) if course is None else {}
    known = {word for word in words if course is not None and course.knows(word)}
    rewriter.gradients = dict(_gradients(claims, words, known))
    rewriter.kronecker = not any(_is_double_delta(claim.sides[0]) for claim in claims if len(claim.sides) > 1)
    found = [rewriter.claim(claim) for claim in claims]
    return found if course is not None else with_reach(found)


def _of_entries(words: Collection[str]) -> Iterator[str]:
    """The letters of entries of what the text has as a whole, too: i and j of C_ij beside C."""
    for text in words:
        low = _LOW.fullmatch(text)
        if low is not None and low[1].removeprefix("d") in words and _PLACES.issuperset(low[2]):
            yield from low[2]


def _summed_over(claims: Sequence[Claim]) -> Iterator[str]:
    """The letters below a Σ."""
    sums = (node for node in nodes_of(claims) if isinstance(node, BigSum | BigOperation))
    return (letter for node in sums for letter in letters_over(node) if len(letter) == 1)


def _gradients(
    claims: Sequence[Claim], words: Collection[str], known: Collection[str]
) -> Iterator[tuple[str, Derivative]]:
    """dW as code has it: the derivative by W of the one loss that the text defines, unless it is known."""
    heads = [
        side.text for claim in claims if len(claim.sides) > 1 and isinstance(side := claim.sides[0], Symbol)
    ]
    losses = [head for head in heads if head in LOSSES]
    gradients = {word for word in words if word[:1] == "d" and word[1:] in words and word[1:] not in losses}
    gradients -= set(known)
    if len(set(losses)) == 1 and not gradients.isdisjoint(heads):
        for word in gradients:
            yield word, Derivative(Symbol(losses[0]), Symbol(word[1:]))


def _is_double_delta(node: Node) -> bool:
    match node:
        case Scripted(Symbol("delta"), _, _, _, (_, _)):
            return True
        case Symbol(text):
            return re.fullmatch("delta_[a-z]{2}", text) is not None
    return False


_SLOPES = re.compile(
    r"d_?(?P<of>\w+)|(?P<before>\w+?)_(prime|derivative|deriv|grad)|derivative_(?P<behind>\w+)"
)


def slope_of(text: str) -> str:
    """The function whose derivative a word names, as dsigmoid or sigmoid_prime; "" where it names none."""
    match = _SLOPES.fullmatch(text)
    found = next(filter(None, match.group("of", "before", "behind")), "") if match else ""
    return found if len(found) > 1 and called(FUNCTIONS.get(found, found)) else ""


def _is_word(text: str) -> bool:
    """Whether it is a function or a constant."""
    return is_function(text) or text in _CONSTANTS


def is_slope(text: str) -> bool:
    """Whether a word is a name of a function's derivative."""
    return bool(slope_of(text))


def is_function(text: str) -> bool:
    """Whether a word is a function's name."""
    return is_slope(text) or bool(called(FUNCTIONS.get(text, text))) or text in SPOKEN


class _Rewriter:
    """Rewrites formulas of a text that has these words."""

    def __init__(self, words: set[str], defined: set[str], course: Course | None) -> None:
        self.words, self.defined, self.course = words, defined, course
        self.outside: set[str] = set()
        self.gradients: dict[str, Derivative] = {}
        self.parameters: Mapping[str, Node] = {}
        """What ∇ of a name is by, where nothing says so."""
        self.arguments: dict[str, Node] = {}
        """What a text's functions are functions of, where that is one thing."""
        self.kronecker = True
        """Whether δ with two letters below is 1 where they are the same."""
        self.indices = {text for text in words if len(text) == 1 and text in _INDICES}
        self.indices |= {low[2] for text in words if (low := _LOW.fullmatch(text)) and len(low[2]) == 1}
        """Letters that are alone somewhere below a name or a Σ."""

    def claim(self, claim: Claim) -> Claim:
        """The claim rewritten; a Σ without an index runs over what its left side does not have."""
        is_whole = len(claim.sides) < 2 or isinstance(claim.sides[0], BigSum)
        self.outside = set() if is_whole else _letters(claim.sides[0])
        first, *others = map(self.rewritten, claim.sides)
        return replace(claim, sides=(whole(first) if others else first, *others))

    def rewritten(self, node: Node) -> Node:
        """The node with everything within it rewritten, from the root down."""
        return changed(self._one(node), self.rewritten)

    def _one(self, node: Node) -> Node:
        match node:
            case Quotient():
                return self._derivative(node) or node
            case Derivative(of, Transpose(by)):
                return Transpose(Derivative(of, by, node.span), node.span)
            case Scripted():
                return self._of_scripted(node)
            case Sum(terms):
                return replace(node, terms=tuple(map(_turned, terms)))
            case Product():
                return self._of_product(node)
            case Symbol(text) if text in self.gradients:
                return replace(self.gradients[text], span=node.span)
            case Symbol():
                return _product(self._pieces(node))
            case BigSum((), _, _, body):
                letters = _letters(self.rewritten(body)) - self.outside
                over = tuple(Symbol(letter, node.span) for letter in letters)
                return replace(node, indices=over) if len(over) == 1 else node
        return self._over_letters(node)

    def _over_letters(self, node: Node) -> Node:
        """The place of the largest as a condition."""
        match node:
            case Comparison(Symbol() as letter, "=", BigOperation() as place):
                return _at_place(letter, place) or node
        return node

    def _of_scripted(self, node: Scripted) -> Node:
        """A derivative, an exponential, a condition, or e_ij² of plain text with two letters below."""
        match node:
            case Scripted(Symbol("nabla")) if (by := _by_gradient(node)) is not None:
                return Derivative(None, by, node.span)
            case Scripted(Symbol("nabla"), 0, Number(2), "", (by,)):
                return Derivative(Derivative(None, by, node.span), by, node.span)
            case Scripted(Symbol(), _, Negative(Symbol("T")), "", ()):
                return Transpose(replace(node, sup=Negative(Number(1.0))), node.span)
            case Scripted(Symbol("e"), 0, sup, _, ()) if sup is not None and "e" not in self.defined:
                return Product((Symbol("exp"), Bracket(sup)), ("",), node.span)
            case Scripted(Symbol() as name, _, _, _, ()) if len(low := _scripted(name, self.indices)) == 1:
                if isinstance(low[0], Scripted):
                    return replace(node, base=low[0].base, sub=low[0].sub)
        if len(pieces := self._pieces(node)) > 1:
            return _product(pieces)
        condition = self._indicated(node)
        return node if condition is None else Bracket(condition, "(", node.span)

    def _indicated(self, node: Scripted) -> Comparison | None:
        """The condition of δ_{ij}, 1_{i=j} and 1_{z>0}."""
        match node.base, node.sub:
            case Symbol("delta"), (Symbol() as one, Symbol() as other) if self.kronecker:
                return Comparison(one, "=", other, node.span)
            case Number(1.0), (Keyword(name, value),):
                return Comparison(Symbol(name), "=", value, node.span)
            case Number(1.0), (Comparison() as condition,):
                return condition
        return None

    def _derivative(self, node: Quotient) -> Derivative | Transpose | None:
        """δE/δa, dE/ds, d/dx and d/dx(x^2); dL/dS^T is the transpose of one."""
        match node.top, node.bottom:
            case Symbol(), Transpose(bottom):
                inner = self._derivative(replace(node, bottom=bottom))
                return inner and Transpose(inner, node.span)
            case Bracket(Product((Symbol("delta"), *above), _)), Bracket(
                Product((Symbol("delta"), below), _)
            ):
                return Derivative(_product(above), below, node.span)
            case Symbol("d"), Symbol(by) if by[:1] == "d" and len(by) > 1:
                return Derivative(None, Symbol(by[1:]), node.span)
            case Symbol("d"), Product((Symbol(by), *rest), _) if self._is_change(by):
                return Derivative(_product(rest), Symbol(by[1:]), node.span)
            case Symbol() | Scripted() as top, Symbol() | Scripted() as bottom:
                numerator, denominator = _changed(top), _changed_by(bottom)
                if numerator is not None and denominator is not None and self._is_word(_base(denominator)):
                    return Derivative(numerator, denominator, node.span)
        return None

    def _is_change(self, text: str) -> bool:
        """Whether dx is a change of x: x is a word of the text as well."""
        return text[:1] == "d" and len(text) > 1 and self._is_word(text[1:])

    def _is_word(self, text: str) -> bool:
        """Whether the text speaks of it, or of another entry of it."""
        low = _LOW.fullmatch(text)
        known = text in self.words or (low is not None and low[1] in self.words)
        return known or (self.course is not None and self.course.knows(text))

    def _of_product(self, node: Product) -> Node:
        entries = with_entries(node, lambda word: is_function(word) or word in self.arguments)
        if not isinstance(entries, Product):
            return self._one(entries) if isinstance(entries, Scripted) else entries
        if not isinstance(whole := self._with_gradients(entries), Product):
            return whole
        node = whole
        factors: list[Node] = []
        operators: list[str] = []
        for operator, factor in zip(("", *node.operators), node.factors, strict=True):
            apart = [factor] if self._is_gradient(factor) else self._pieces(factor)
            pieces = [self._one(p) if isinstance(p, Quotient | Scripted) else p for p in apart]
            operators += [operator, *[""] * (len(pieces) - 1)]
            factors += pieces
        _take_roots(factors, operators)
        for n, factor in enumerate(factors):
            following = factors[n + 1] if n + 1 < len(factors) else None
            match factor:
                case Scripted(base, 1, None, _, ()) if not _is_argument(following):
                    factors[n] = Transpose(base, factor.span)
        for n in reversed(range(len(factors) - 1)):
            head, factor = factors[n : n + 2]
            word = head.base if isinstance(head, Scripted) else head
            value = _of_value(head, factor)
            if value is None or not isinstance(word, Symbol):
                continue
            if is_function(word.text) or word.text in self.arguments or _has_primes(head):
                factors[n : n + 2] = [value]
                del operators[n + 1]
        self._gradients_of(factors, operators)
        _differentiate(factors, operators)
        _count(factors)
        if len(factors) == 1:
            return factors[0]
        return Product(tuple(factors), tuple(operators[1:]), node.span)

    def _with_gradients(self, node: Product) -> Node:
        """∇_z C of ∇_z C xᵀ, where C is a name that the text defines: nothing else is differentiated."""
        factors, operators = [*node.factors], [*node.operators]
        for n in reversed(range(len(operators))):
            nabla, of, *others = factors[n:]
            by = _by_gradient(nabla)
            if by is None or operators[n] or not isinstance(of, Symbol | Scripted) or not self._is_value(of):
                continue
            end = n + 2
            if others and isinstance(others[0], Bracket) and others[0].span[0] == of.span[1]:
                of, end = Product((of, others[0]), ("",), (of.span[0], others[0].span[1])), n + 3
            factors[n:end] = [Derivative(of, by, (nabla.span[0], of.span[1]))]
            del operators[n : end - 1]
        return replace(node, factors=tuple(factors), operators=tuple(operators)) if operators else factors[0]

    def _is_value(self, name: Symbol | Scripted) -> bool:
        """Whether it is a name of something that the text defines."""
        return _base(name) in self.defined | LOSSES and not is_function(_base(name))

    def _gradients_of(self, factors: list[Node], operators: list[str]) -> None:
        """∇f(x), and ∇f where f(x) stands in the text, with what it is by."""
        for n, (nabla, of) in enumerate(pairwise(factors)):
            order = _order_of(nabla)
            if not order or not isinstance(of, Symbol):
                continue
            by = self.arguments.get(of.text) or self.parameters.get(of.text)
            end = n + 2
            match factors[n + 2 : n + 3]:
                case [Bracket(Symbol() | Scripted() as inner)]:
                    by, end = inner, n + 3
            if by is not None:
                span = (nabla.span[0], factors[end - 1].span[1])
                whole = factors[n + 1 : end]
                node: Node = whole[0] if len(whole) == 1 else Product(tuple(whole), ("",))
                for _ in range(order):
                    node = Derivative(node, by, span)
                factors[n:end] = [node]
                del operators[n + 1 : end]
                return

    def _is_gradient(self, node: Node) -> bool:
        return isinstance(node, Symbol) and node.text in self.gradients

    def _pieces(self, factor: Node) -> list[Node]:
        """xsin as x and sin, sinx as sin and x, where both are words; m_1 as m with 1 below it."""
        match factor:
            case Scripted(Symbol(raised), _, _, "", ()) if len(raised) in (2, 3) and self._are_words(raised):
                letters = [Symbol(letter, factor.span) for letter in raised]
                return [*letters[:-1], replace(factor, base=letters[-1])]
        if not isinstance(factor, Symbol) or is_function(factor.text) or self._is_of_course(factor):
            return [factor]
        text = factor.text
        if scripted := _scripted(factor, self.indices):
            return [self._one(piece) if isinstance(piece, Scripted) else piece for piece in scripted]
        if len(text) in (2, 3) and self._are_words(text):
            return [Symbol(letter, factor.span) for letter in text]
        if _MATRIX_TIMES.fullmatch(text) and text[1] in self.words and text not in self.defined:
            return [Symbol(letter, factor.span) for letter in text]
        for n in range(1, len(text)):
            front, rest = text[:n], text[n:]
            if is_function(rest) and len(rest) > 2 and front in self.words:
                return [Symbol(front, factor.span), Symbol(rest, factor.span)]
            if is_function(front) and len(front) > 2 and rest in self.words:
                return [Symbol(front, factor.span), Bracket(Symbol(rest, factor.span))]
        return [factor]

    def _is_of_course(self, symbol: Symbol) -> bool:
        return self.course is not None and self.course.knows(symbol.text)

    def _are_words(self, text: str) -> bool:
        """Whether letters are a product: of names of the text, the first of which may be a coefficient."""
        letters = self.words | _COEFFICIENTS if text[-1:] in self.words else self.words
        return text.isalpha() and text not in self.defined and all(letter in letters for letter in text)


_MATRIX_TIMES = re.compile("[A-Z][a-z]")
_COEFFICIENTS = frozenset("abc")
"""What may only be seen before another letter: a x² + b x."""
_CONSTANTS = frozenset({"e", "pi"})
_COUNTS = frozenset({"m", "n", "N", "M", "K", "D", "d", "B", "T"})
"""Letters for how many there are."""
_LOW = re.compile(r"([A-Za-z]+(?:_hat|_bar|_tilde)?)_([0-9]+|[A-Za-z]{1,3})")
"""A name with a number or with letters below it, as plain text has it."""
_GREEK = "|".join(sorted({*GREEK.values(), "nabla"}))
_LETTER = re.compile(f"(?:[A-Za-z]|{_GREEK})(?:_?(?:hat|bar|tilde))?|net|out|log")
"""What has indices below it: a letter with or without an accent, net and out of textbooks, and log."""
_PLACES = frozenset("ijklmn")
_INDICES = frozenset("ijklmnpqrstuvw")
_GLUED = re.compile(r"(?:[A-Za-z]_[0-9]+)+[A-Za-z]?")
_ONE = re.compile(r"([A-Za-z])(?:_([0-9]+))?")


def _take_roots(factors: list[Node], operators: list[str]) -> None:
    """The third root of sqrt[3]{x}."""
    for n in reversed(range(len(factors) - 2)):
        match factors[n : n + 3]:
            case [Symbol("sqrt") as root, Bracket(order, "["), of]:
                inner = of if isinstance(of, Bracket) else Bracket(of, "(", of.span)
                span = (root.span[0], of.span[1])
                factors[n : n + 3] = [Power(inner, Quotient(Number(1.0), order), span)]
                del operators[n + 1 : n + 3]


def _count(factors: list[Node]) -> None:
    """1/m Σ_i is a mean: the sum has m terms."""
    for n, (factor, following) in enumerate(pairwise(factors)):
        match factor, following:
            case (
                (Quotient(_, Symbol(text) as number) | Bracket(Quotient(_, Symbol(text) as number))),
                BigSum(upper=None),
            ) if text in _COUNTS:
                factors[n + 1] = replace(following, upper=number)


def _differentiate(factors: list[Node], operators: list[str]) -> None:
    """∂/∂w of the bracket behind it, or of all of the product that follows."""
    for n, (factor, following) in enumerate(pairwise(factors)):
        if is_operator(factor):
            end = n + 2 if isinstance(following, Bracket) else len(factors)
            inner = factors[n + 1 : end]
            of = inner[0] if len(inner) == 1 else Product(tuple(inner), tuple(operators[n + 2 : end]))
            span = (factor.span[0], inner[-1].span[1])
            factors[n:end] = [applied(factor, of, span)]
            del operators[n + 1 : end]
            return


def _at_place(letter: Symbol, place: BigOperation) -> Comparison | None:
    """k = argmax_j x_j as x_k = max_j x_j."""
    match place:
        case BigOperation(("argmax" | "argmin") as name, (Symbol(index),)):
            most = replace(place, name=name.removeprefix("arg"))
            return Comparison(renamed(place.body, index, letter), "=", most, letter.span)
    return None


def _scripted(symbol: Symbol, indices: set[str]) -> list[Node]:
    """w_1 of plain text as w with 1 below it, w_ij with i and j, w_1x_1 as a product, m_7f as m_7 and f."""
    if _GLUED.fullmatch(symbol.text):
        pieces = _ONE.findall(symbol.text)
    elif (low := _LOW.fullmatch(symbol.text)) and _LETTER.fullmatch(low[1]):
        pieces = [low.groups()]
    else:
        return []
    span = symbol.span
    return [_low(base, below, indices, span) if below else Symbol(base, span) for base, below in pieces]


def _low(base: str, below: str, indices: set[str], span: Span) -> Node:
    """x with 1, i or the two indices of ij below it; a name as it stands where that is a word."""
    if not (below.isdigit() or len(below) == 1 or (not is_known(below) and indices.issuperset(below))):
        return Symbol(f"{base}_{below}", span)
    words = (below,) if below.isdigit() else tuple(below)
    sub = tuple(Number(float(word), span) if word.isdigit() else Symbol(word, span) for word in words)
    return Scripted(Symbol(base, span), 0, None, "", sub, span)


def _is_argument(factor: Node | None) -> bool:
    """Whether it is a bracket, or one with something above it: f'(x), f'(x)², f'(x)ᵀ."""
    match factor:
        case Bracket() | Power() | Transpose(Bracket()) | Scripted(Bracket()):
            return True
    return False


def _of_value(head: Node, factor: Node) -> Node | None:
    """(f(x))² of f(x)², and (f(x))ᵀ of f(x)ᵀ."""
    span = (head.span[0], factor.span[1])
    match factor:
        case Power(Bracket() as inner) | Scripted(Bracket() as inner):
            return replace(factor, base=Product((head, inner), ("",), span))
        case Transpose(Bracket() as inner):
            return Transpose(Product((head, inner), ("",), span), span)
    return None


def _has_primes(node: Node) -> bool:
    return isinstance(node, Scripted) and node.primes > 0


def _by_gradient(node: Node) -> Node | None:
    """W of ∇_W, and z⁽²⁾ of ∇_z⁽²⁾."""
    match node:
        case Scripted(Symbol("nabla"), 0, None, _, (by,)):
            return by
        case Scripted(Symbol("nabla"), 0, sup, fence, (Symbol() as by,)) if fence:
            return Scripted(by, 0, sup, fence, span=by.span)
    return None


def _order_of(node: Node) -> int:
    """1 of ∇, 2 of ∇², 0 of anything else."""
    match node:
        case Symbol("nabla"):
            return 1
        case Scripted(Symbol("nabla"), 0, Number(2), _, ()):
            return 2
    return 0


def _arguments(claims: Sequence[Claim]) -> Iterator[tuple[str, Node]]:
    """x of f(x) = …."""
    for head in (claim.sides[0] for claim in claims if claim.relations):
        match head:
            case Product((Symbol(name), Bracket(Symbol() | Scripted() as inner, "(")), ("",)):
                yield name, inner


def _changing(formula: Node) -> Iterator[str]:
    """x of df/dx."""
    for node, _ in nodes(formula):
        match node:
            case Quotient(Symbol(top), Symbol(bottom)) if top[:1] == bottom[:1] == "d" and len(bottom) == 2:
                yield bottom[1]


def _changed(node: Symbol | Scripted) -> Symbol | Scripted | None:
    """What dx is a change of, and dx_i, and dW^[2]."""
    match node:
        case Symbol(text) if text[:1] == "d" and len(text) > 1:
            return Symbol(text[1:], node.span)
        case Scripted(Symbol(text), _, sup) if text[:1] == "d" and len(text) > 1:
            inverts = isinstance(sup, Negative)
            return None if inverts else replace(node, base=Symbol(text[1:], node.base.span))
    return None


def _changed_by(node: Symbol | Scripted) -> Symbol | Scripted | None:
    """What dx is a change of, and dσ² of σ²."""
    match node:
        case Scripted(_, _, Number() as power):
            plain = _changed(replace(node, sup=None))
            return plain and _raised(plain, power)
    return _changed(node)


def _raised(node: Symbol | Scripted, power: Number) -> Scripted:
    if isinstance(node, Scripted):
        return replace(node, sup=power)
    return Scripted(node, sup=power, span=node.span)


def _base(node: Symbol | Scripted) -> str:
    base = node.base if isinstance(node, Scripted) else node
    return base.text if isinstance(base, Symbol) else ""


def _letters(body: Node) -> set[str]:
    """The single letters below names."""
    if isinstance(body, Scripted) and isinstance(body.base, Symbol) and body.sub:
        found = {one.text for one in body.sub if isinstance(one, Symbol) and len(one.text) == 1}
        return found if body.sup is None else found | _letters(body.sup)
    return {letter for part in parts(body) for letter in _letters(part)}


def _turned(term: Node) -> Node:
    """A' as a term of a sum."""
    match term:
        case Scripted(Symbol(text), 1, None, _, ()) if text[:1].isupper():
            return Transpose(Symbol(text), term.span)
    return term


def _product(factors: Sequence[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Product(tuple(factors), ("",) * (len(factors) - 1))
