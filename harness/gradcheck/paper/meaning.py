"""A formula walked through: what each node of its tree makes of what its parts are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Generic, TypeVar

from gradcheck.expr import arithmetic
from gradcheck.expr.errors import ExprError
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.registry import called
from gradcheck.formulas.tree import (
    Abs,
    Arguments,
    BigSum,
    Bracket,
    Cases,
    Comparison,
    Derivative,
    Keyword,
    Matrix,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.paper.algebra import NOWHERE, Algebra, MeaningError, can_be_multiplied
from gradcheck.paper.calls import Calls
from gradcheck.paper.names import Index, Key, Reference
from gradcheck.paper.words import ALONG, CONSTANTS, SCALARS, Vocabulary

T = TypeVar("T")

_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "="}
_COMPARED = {
    sign: one for one in arithmetic.COMPARISONS for sign in (one.name, _SIGNS.get(one.name, one.name))
}


_NAMES: dict[type, str] = {Arguments: "a list", Matrix: "a matrix written out", Keyword: "an option"}


class Reader(Generic[T]):
    """Reads formulas of one text in an algebra."""

    def __init__(self, algebra: Algebra[T], text: Vocabulary) -> None:
        self.algebra, self.text = algebra, text
        self.names, self.functions = text.names, text.functions
        self.known = text.known
        self.calls = Calls(self)
        self.arguments: list[dict[Key, T]] = []
        """What the arguments of functions are, within their bodies."""
        self._letters: dict[str, Index] = {}
        """What letters are called, within what an alias stands for."""

    def read(self, node: Node) -> T:
        """What a node makes; MeaningError with its place."""
        try:
            return self._read(node)
        except MeaningError as error:
            if error.span == NOWHERE:
                error.span = node.span
            raise
        except ExprError as error:
            unfit = MeaningError(error.reason, kind="shape")
            unfit.span = node.span
            raise unfit from error

    def _read(self, node: Node) -> T:
        a = self.algebra
        self.text.effort.left -= 1
        if self.text.effort.left < 0:
            raise MeaningError("this takes too long to try", "give parts a name")
        match node:
            case Number(number):
                return a.constant(number)
            case Symbol() | Scripted():
                return self._name(node)
            case Bracket(inner):
                return self.read(inner)
            case Sum(terms):
                return self._sum(terms)
            case Product():
                return self._product(node)
            case Quotient():
                return self._quotient(node)
            case Power(base, exponent):
                return self._power(self.read(base), exponent)
            case Derivative(of, by):
                return self._derivative(of, by)
        return self._read_more(node)

    def _read_more(self, node: Node) -> T:
        a = self.algebra
        match node:
            case Negative(of):
                return a.entrywise(arithmetic.NEGATE, self.read(of))
            case Transpose(of):
                return a.transposed(self.read(of))
            case Comparison(left, relation, right):
                return a.entrywise(
                    _COMPARED[relation], self._compared(left, relation), self._compared(right, relation)
                )
            case Cases():
                return self._cases(node)
            case Abs(inner):
                return a.entrywise(BY_NAME["abs"], self.read(inner))
            case Norm(inner):
                return self.calls.norm(inner)
            case BigSum():
                return self._big_sum(node)
        raise MeaningError(f"{_NAMES.get(type(node), 'this')} has no meaning here")

    def _cases(self, node: Cases) -> T:
        rest = self.algebra.constant(0.0) if node.otherwise is None else self.read(node.otherwise)
        for value, condition in reversed(node.branches):
            rest = self.algebra.entrywise(arithmetic.WHERE, self.read(condition), self.read(value), rest)
        return rest

    def _compared(self, node: Node, relation: str) -> T:
        """A value, or where a letter is."""
        place = isinstance(node, Symbol) and self.names.is_place(node.text, relation)
        if isinstance(node, Symbol) and place and Key(node.text) not in self.known:
            return self.algebra.position(node.text)
        return self.read(node)

    def reference(self, node: Node) -> Reference | None:
        """What a name speaks of, its letters called as they are here."""
        return self.names.reference(node, self._letters)

    def _sum(self, terms: Sequence[Node]) -> T:
        parts = [term.of if isinstance(term, Negative) else term for term in terms]
        values = [self.read(part) for part in parts]
        if any(map(self.algebra.shape, values)):
            self.algebra.doubt(1.0 * sum(map(self._may_be_array, parts, values)))
        total = values[0]
        if isinstance(terms[0], Negative):
            total = self.algebra.entrywise(arithmetic.NEGATE, total)
        for term, value in zip(terms[1:], values[1:], strict=True):
            operation = arithmetic.SUBTRACT if isinstance(term, Negative) else arithmetic.ADD
            total = self.algebra.entrywise(operation, total, value)
        return total

    def _power(self, x: T, exponent: Node) -> T:
        return self.algebra.entrywise(arithmetic.POWER, x, self.read(exponent))

    # Names

    def _name(self, node: Symbol | Scripted) -> T:
        reference = self.reference(node)
        if reference is None:
            return self._scripted(node)
        value = self._referred(reference)
        if reference.primes == 1 and self.algebra.shape(value):
            value = self.algebra.transposed(value)
        elif reference.primes:
            raise MeaningError(f"{reference.key}' is not known here")
        if reference.power is not None and _inverts(reference.power) and self.algebra.shape(value):
            inverse = self.algebra.inverse(value)
            return self.algebra.transposed(inverse) if reference.power == Negative(Symbol("T")) else inverse
        return value if reference.power is None else self._power(value, reference.power)

    def _referred(self, reference: Reference) -> T:
        key, a = reference.key, self.algebra
        for arguments in reversed(self.arguments):
            if key in arguments:
                return arguments[key]
        if self.names.family(key) in self.text.aliases:
            return self._alias(reference)
        if key not in self.known:
            if key.base in CONSTANTS and str(key) == key.base:
                return a.constant(CONSTANTS[key.base])
            raise MeaningError(f"{key} is not known here")
        value = a.quantity(key)
        return a.entry(value, reference.indices) if reference.indices else value

    def _alias(self, reference: Reference) -> T:
        """The derivative that has this name, with its letters called otherwise."""
        letters, body = self.text.aliases[self.names.family(reference.key)]
        if reference.indices and not letters:
            return self.algebra.entry(self.read(body), reference.indices)
        if len(letters) != len(reference.indices):
            raise MeaningError(f"{reference.key} has {len(letters)} indices elsewhere")
        before = self._letters
        self._letters = {str(mine): yours for mine, yours in zip(letters, reference.indices, strict=True)}
        try:
            return self.read(body)
        finally:
            self._letters = before

    def _scripted(self, node: Symbol | Scripted) -> T:
        """(W x)_i or (a + b)^2."""
        if not isinstance(node, Scripted) or node.primes:
            raise MeaningError("this name is not known here")
        x = self.read(node.base)
        if node.sub:
            words = tuple(part.text if isinstance(part, Symbol) else "" for part in node.sub)
            x = self.algebra.entry(x, words)
        return x if node.sup is None else self._power(x, node.sup)

    # Products

    def _product(self, node: Product) -> T:
        operators = ["", *node.operators]
        runs: list[tuple[str, list[Node]]] = []
        for operator, factor in zip(operators, node.factors, strict=True):
            if runs and operator == "":
                runs[-1][1].append(factor)
            else:
                runs.append((operator, [factor]))
        value = self._run(runs[0][1])
        for operator, factors in runs[1:]:
            value = self._times(operator, value, self._run(factors))
        return value

    def _run(self, factors: Sequence[Node]) -> T:
        """Factors side by side, from the left; functions take what follows them."""
        rest = list(factors)
        parts: list[tuple[Node, T]] = []
        while rest:
            factor = rest.pop(0)
            one = self._applied(factor, rest)
            parts.append((factor, self.read(factor) if one is None else one))
        if any(map(self.algebra.shape, (one for _, one in parts))):
            self.algebra.doubt(1.5 * sum(self._may_be_array(*part) for part in parts))
        return reduce(lambda x, y: self._times("", x, y), (one for _, one in parts))

    def _may_be_array(self, node: Node, value: T) -> bool:
        """Whether a number is one only as nothing is known of it."""
        reference = self.reference(node)
        known = reference is not None and reference.key in self.known and reference.key.base not in SCALARS
        return known and not reference.indices and not self.algebra.shape(value)  # type: ignore[union-attr]

    def _times(self, operator: str, x: T, y: T) -> T:
        a = self.algebra
        left, right = a.shape(x), a.shape(y)
        if not left or not right or operator == "⊙":
            return a.entrywise(arithmetic.MULTIPLY, x, y)
        if operator == "@" or (can_be_multiplied(left, right) and self._are_matrices(operator, x, y)):
            return a.matmul(x, y)
        a.doubt(2.0 * (operator == ""))  # side by side, arrays are multiplied as matrices
        return a.entrywise(arithmetic.MULTIPLY, x, y)

    def _are_matrices(self, operator: str, x: T, y: T) -> bool:
        """Whether a product is one of matrices: behind a star only where no other is possible."""
        if operator == "*":
            return not self.algebra.can_meet(x, y)
        return operator == "" or self.algebra.can_multiply(x, y)

    def _applied(self, factor: Node, rest: list[Node]) -> T | None:
        """A function of what follows it, or a name with its arguments."""
        name = factor.base if isinstance(factor, Scripted) else factor
        if not isinstance(name, Symbol) or not rest:
            return None
        match factor:
            case Scripted(Symbol("g"), _, _, _, (Symbol(said),)) if called(said) or said in ALONG:
                name = Symbol(said)
        primes = factor.primes if isinstance(factor, Scripted) else 0
        power = factor.sup if isinstance(factor, Scripted) and not factor.sub and not factor.layered else None
        function = self.calls.function(name.text, primes)
        if function is None:
            if isinstance(rest[0], Bracket) and self._names_arguments(factor, rest[0]):
                rest.pop(0)
                return self.read(factor)
            return None
        argument = rest.pop(0)
        if rest and isinstance(rest[0], Bracket) and self.calls.is_function(argument):
            argument = Product((argument, rest.pop(0)), ("",), argument.span)  # log σ(x)
        value = function(argument)
        return value if power is None else self._power(value, power)

    def _names_arguments(self, factor: Node, bracket: Bracket) -> bool:
        """Whether a quantity that the text defines stands with what it depends on."""
        reference = self.reference(factor)
        inner = bracket.inner.items if isinstance(bracket.inner, Arguments) else (bracket.inner,)
        return (
            reference is not None
            and reference.key in self.known
            and all(isinstance(one, Symbol | Scripted) for one in inner)
            and reference.key in self.text.with_arguments
        )

    # Derivatives and sums

    def _quotient(self, node: Quotient) -> T:
        of, by = node.top, node.bottom
        x, y = self.read(of), self.read(by)
        if self.algebra.shape(y):
            self._refuse_division(x, y)
        return self.algebra.entrywise(arithmetic.DIVIDE, x, y)

    def _refuse_division(self, x: T, y: T) -> None:
        if self.algebra.shape(x) != self.algebra.shape(y) and self.algebra.shape(x):
            raise MeaningError("one array is divided by another")

    def _derivative(self, of: Node | None, by: Node) -> T:
        below = self.reference(by)
        if of is None or below is None or below.key not in self.known:
            raise MeaningError("this derivative is not read")
        value = self.read(of)
        above = self.reference(of)
        if not self.text.is_posed and above != below and not self.algebra.depends(value, below.key):
            what = "this" if above is None else above.key
            raise MeaningError(f"the text does not say how {what} depends on {below.key}", kind="unknown")
        return self.algebra.derivative(value, below.key, below.indices)

    def _big_sum(self, node: BigSum) -> T:
        if not node.indices:
            raise MeaningError("over what this sum runs is not said", "write the index below it")
        *others, last = node.indices
        reference = self.reference(last)
        if reference is None:
            raise MeaningError("a sum runs over a letter")
        letter = str(reference.key)
        return self.algebra.bound(letter, lambda: self._summed(node, others, letter))

    def _summed(self, node: BigSum, others: Sequence[Node], letter: str) -> T:
        """The sum over a letter; a name above it says how many values that has."""
        value = self.algebra.summed(self._summand(node, others), letter)
        count = None if node.upper is None else self.reference(node.upper)
        if count is not None and count.key in self.known:
            self.algebra.count(count.key, letter)
        return value

    def _summand(self, node: BigSum, others: Sequence[Node]) -> T:
        """What a sum adds up, 0 where its condition does not hold."""
        value = self._big_sum(replace(node, indices=tuple(others))) if others else self.read(node.body)
        if node.where is None:
            return value
        return self.algebra.entrywise(arithmetic.MULTIPLY, value, self.read(node.where))


def _inverts(power: Node) -> bool:
    return power in (Negative(Number(1.0)), Negative(Symbol("T")))
