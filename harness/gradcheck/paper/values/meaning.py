"""A formula walked through: what each node of its tree makes of what its parts are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from typing import Generic, TypeVar

from gradcheck.expr import arithmetic
from gradcheck.expr.errors import ExprError
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.registry import called
from gradcheck.formulas.tree import (
    Abs,
    Arguments,
    BigOperation,
    BigSum,
    Bracket,
    Cases,
    Comparison,
    Derivative,
    Differential,
    Evaluated,
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
from gradcheck.formulas.walk import without_minus
from gradcheck.paper.names import LOSSES, Index, Key, Reference
from gradcheck.paper.rewriting.differentials import change
from gradcheck.paper.values.algebra import (
    NOWHERE,
    NUMBER,
    ONE,
    Algebra,
    MeaningError,
    Shape,
    can_be_multiplied,
    form,
)
from gradcheck.paper.values.biases import axis_of_examples, doubt, is_bias
from gradcheck.paper.values.calls import Calls
from gradcheck.paper.values.constants import is_constant
from gradcheck.paper.values.links import Links
from gradcheck.paper.values.sums import Sums
from gradcheck.paper.words import ALONG, CONSTANTS, INVERSES, SCALARS, WITHOUT_BRACKETS, Vocabulary

T = TypeVar("T")

_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "="}
_COMPARED = {
    sign: one for one in arithmetic.COMPARISONS for sign in (one.name, _SIGNS.get(one.name, one.name))
}
_NUMBERS = SCALARS | LOSSES
"""Letters that stand for numbers, or weigh a loss as in C Σ_i max(0, …)."""
MOST_PARTS = 100
"""Terms of a sum, and factors of a product: expressions nest as deep."""
FIRST = "x ⊙ y z is taken for (x ⊙ y) z"
_NAMES: dict[type, str] = {Bracket: "this bracket", Keyword: "an option"}


class Reader(Generic[T]):
    """Reads formulas of one text in an algebra."""

    def __init__(self, algebra: Algebra[T], text: Vocabulary) -> None:
        self.algebra, self.text = algebra, text
        self.names, self.functions = text.names, text.functions
        self.known = text.known
        course = text.names.course
        self.is_strict = course is not None
        """Whether it is known how arrays lie."""
        self._has_columns = course is not None and course.has_columns
        self.calls = Calls(self)
        self.sums = Sums(self)
        self.links = Links(self)
        self.arguments: list[dict[Key, T]] = []
        """What the arguments of functions are, within their bodies."""
        self._letters: Mapping[str, Index] = {}
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
        self.text.effort.spend(1)
        match node:
            case Number(number):
                return a.constant(number)
            case Power(Abs(inner), Number(2.0)) | Scripted(Abs(inner), 0, Number(2.0), _, ()):
                return self._squared_length(inner)
            case Symbol() | Scripted():
                return self._name(node)
            case Bracket():
                return self._bracket(node)
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
            case BigSum() | BigOperation():
                return self.sums.read(node)
            case Evaluated(of, places):
                return self._evaluated(of, places)
            case Differential(of, by):
                return self._differential(of, by)
        return self._read_enclosed(node)

    def _read_enclosed(self, node: Node) -> T:
        match node:
            case Abs(inner):
                return self._absolute(self.read(inner))
            case Norm(inner):
                return self.calls.norm(inner)
            case Matrix(rows):
                _refuse_many([cell for row in rows for cell in row])
                return self.algebra.written_out([[*map(self.read, row)] for row in rows])
            case Arguments(items):
                _refuse_many(items)
                return self.algebra.written_out([[self.read(item)] for item in items])
        raise MeaningError(f"{_NAMES.get(type(node), 'this')} has no meaning here")

    def _bracket(self, node: Bracket) -> T:
        """What is in it; of two in angles the inner product."""
        match node:
            case Bracket(Arguments((one, other)), "⟨"):
                return self._inner_product(self.read(one), self.read(other))
        return self.read(node.inner)

    def _differential(self, of: Node, by: Sequence[Symbol]) -> T:
        """What the changes of names make of a value."""
        value = self.read(of)
        keys = [reference.key for name in by if (reference := self.reference(name)) is not None]
        moved = [key for key in keys if key in self.known and self.algebra.depends(value, key)]
        if not moved:
            names = " and ".join(map(str, keys))
            raise MeaningError(f"the text does not say how this depends on {names}", kind="unknown")
        changes = {key: self.algebra.quantity(replace(key, base=change(key.base))) for key in moved}
        return self.algebra.differential(value, changes)

    def _evaluated(self, of: Node, places: Sequence[Keyword]) -> T:
        """A value where quantities have others than they have here."""
        value = self.read(of)
        keys = [Key(place.name) for place in places]
        for key in keys:
            if key not in self.known:
                raise MeaningError(f"{key} is not known here")
        values = (self.read(place.value) for place in places)
        return self.algebra.evaluated(value, dict(zip(keys, values, strict=True)))

    def _absolute(self, x: T) -> T:
        """|x|, and the determinant |X| of a matrix."""
        shape = self.algebra.shape(x)
        if shape and ONE not in shape:
            return self.algebra.determinant(x)
        return self.algebra.entrywise(BY_NAME["abs"], x)

    def _squared_length(self, node: Node) -> T:
        """|x|² of a vector as ‖x‖², but for that within sum(…) and mean(…), which takes entries."""
        x = self.read(node)
        squares = self.algebra.entrywise(arithmetic.POWER, x, self.algebra.constant(2.0))
        is_vector = ONE in self.algebra.shape(x)
        return self.algebra.whole(squares) if is_vector and not self.sums.is_of_all else squares

    def _inner_product(self, x: T, y: T) -> T:
        """The sum of the products of entries at the same place."""
        return self.algebra.whole(self.algebra.entrywise(arithmetic.MULTIPLY, x, y))

    def _cases(self, node: Cases) -> T:
        rest = self.algebra.constant(0.0) if node.otherwise is None else self.read(node.otherwise)
        for value, condition in reversed(node.branches):
            rest = self.algebra.entrywise(arithmetic.WHERE, self.read(condition), self.read(value), rest)
        return rest

    def _compared(self, node: Node, relation: str) -> T:
        """A value, or where a letter is."""
        is_name = isinstance(node, Symbol) and Key(node.text) in self.known and relation not in ("=", "≠")
        return self._place(node) if self.names.is_place(node, relation) and not is_name else self.read(node)

    def _position(self, letter: str) -> T:
        """The number of a letter's value, as the text counts."""
        a, letter = self.algebra, str(self._letters.get(letter, letter))
        position = a.position(letter)
        by = a.constant(1.0 - self.names.first)
        return position if self.names.first == 1 else a.entrywise(arithmetic.SUBTRACT, position, by)

    def _place(self, node: Node) -> T:
        """The number of a letter's value, or of the one behind it."""
        match node:
            case Symbol(letter):
                return self._position(letter)
            case Sum((letter, by)):
                return self.algebra.entrywise(arithmetic.ADD, self._place(letter), self.read(by))
        return self.read(node)

    def reference(self, node: Node) -> Reference | None:
        """What a name speaks of, its letters called as they are here."""
        return self.names.reference(node, self._letters)

    def _sum(self, terms: Sequence[Node]) -> T:
        _refuse_many(terms)
        parts = [*map(without_minus, terms)]
        values = [self.read(part) for part in parts]
        if arrays := [shape for shape in map(self.algebra.shape, values) if shape]:
            weight = 1.0 if any(ONE in shape for shape in arrays) else 1.5
            beside = self._beside_biases(parts, values)
            self.algebra.doubt(sum(beside.values()))
            numbers = (pair for n, pair in enumerate(zip(parts, values, strict=True)) if n not in beside)
            self.algebra.doubt(weight * sum(self._may_be_array(*pair) for pair in numbers))
            self.algebra.doubt(1.0 * sum(map(self._is_entry, parts, values)))
            if all(ONE in shape for shape in arrays):
                self.algebra.doubt(2.0 * sum(map(self._is_made_of_names, parts, values)))
        total = values[0]
        if isinstance(terms[0], Negative):
            total = self.algebra.entrywise(arithmetic.NEGATE, total)
        for term, value in zip(terms[1:], values[1:], strict=True):
            operation = arithmetic.SUBTRACT if isinstance(term, Negative) else arithmetic.ADD
            total = self.algebra.entrywise(operation, total, value)
        return total

    def _beside_biases(self, parts: Sequence[Node], values: Sequence[T]) -> dict[int, float]:
        """How unlikely each bias lies beside a product of a batch and weights, by its place."""
        shapes = [*map(self.algebra.shape, values)]
        products = (
            (shape, axis)
            for part, shape in zip(parts, shapes, strict=True)
            if shape and (axis := axis_of_examples(part)) is not None
        )
        whole, axis = next(products, (NUMBER, 0))
        return {
            n: doubt(shapes[n], whole, axis)
            for n, part in enumerate(parts)
            if whole and not self.is_strict and is_bias(part)
        }

    def _power(self, x: T, exponent: Node) -> T:
        shape = self.algebra.shape(x) if not self.is_strict else ()  # of what networks hold, entry by entry
        if _inverts(exponent) and shape and ONE not in shape:
            inverse = self.algebra.inverse(x)
            return self.algebra.transposed(inverse) if exponent == Negative(Symbol("T")) else inverse
        if (times := _times_of(exponent)) and self._is_square(shape):
            factor = self.algebra.inverse(x) if isinstance(exponent, Negative) else x
            return reduce(self.algebra.matmul, [factor] * times)
        return self.algebra.entrywise(arithmetic.POWER, x, self.read(exponent))

    def _is_square(self, shape: Shape) -> bool:
        """Whether an array surely is a square matrix, the powers of which are those of matrices."""
        return bool(shape) and shape[0] == shape[1] != ONE

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
        return value if reference.power is None else self._power(value, reference.power)

    def _referred(self, reference: Reference) -> T:
        key, a = reference.key, self.algebra
        for arguments in reversed(self.arguments):
            if key in arguments:
                value = arguments[key]
                return a.entry(value, reference.indices) if reference.indices else value
        if self.names.family(key) in self.text.aliases:
            return self._alias(reference)
        if key in self.names.absent:
            raise MeaningError(self.names.absent[key], kind="layer")
        if key not in self.known:
            if str(key) in self.sums.letters:
                return self._position(str(key))
            if key.base in CONSTANTS and str(key) == key.base:
                return a.constant(CONSTANTS[key.base])
            raise MeaningError(f"{key} is not known here")
        value = a.quantity(key)
        return self.entry(value, reference)

    def entry(self, value: T, reference: Reference) -> T:
        """The entry of an array that a name speaks of, or all of it."""
        if reference.example is not None and self.algebra.shape(value):
            value = self.algebra.example(value, reference.example, columns=self._has_columns)
        for index in reference.single:
            if isinstance(index, str):
                value = self.algebra.once(value, index)
            elif index != 1:
                raise MeaningError("there is no such entry", kind="index")
        if reference.note:
            self.algebra.note(reference.note)
        self._check_indices(reference, value)
        return self.algebra.entry(value, reference.indices) if reference.indices else value

    def _check_indices(self, reference: Reference, value: T) -> None:
        """Raise MeaningError where there are more or fewer than it is known that an array has axes."""
        axes, count = sum(axis != ONE for axis in self.algebra.shape(value)), len(reference.indices)
        if self.is_strict and count not in (0, axes) and (axes or reference.indices != (1,)):
            word = "index" if count == 1 else "indices"
            raise MeaningError(f"{count} {word} of an array of {axes} axes", kind="index")

    def _alias(self, reference: Reference) -> T:
        """The derivative that has this name, with its letters called otherwise."""
        letters, body = self.text.aliases[self.names.family(reference.key)]
        if (reference.indices or reference.single) and not letters:
            return self.entry(self.read(body), reference)
        if len(letters) != len(reference.indices):
            raise MeaningError(f"{reference.key} has {len(letters)} indices elsewhere")
        pairs = zip(letters, reference.indices, strict=True)
        return self.with_letters({str(mine): yours for mine, yours in pairs}, body)

    def with_letters(self, letters: Mapping[str, Index], body: Node) -> T:
        """What a body makes with its letters called otherwise."""
        before = self._letters
        self._letters = letters
        try:
            return self.read(body)
        finally:
            self._letters = before

    def _scripted(self, node: Symbol | Scripted) -> T:
        """(W x)_i or (a + b)^2."""
        if not isinstance(node, Scripted) or node.primes:
            raise MeaningError("this name is not known here")
        if isinstance(node.base, Norm | Abs) and len(node.sub) == 1:  # ‖w‖_1, and |w|_1
            x = self.calls.norm_of(node.base.inner, node.sub[0])
            return x if node.sup is None else self._power(x, node.sup)
        x = self.read(node.base)
        if node.sub:
            words = tuple(part.text if isinstance(part, Symbol) else "" for part in node.sub)
            x = self.algebra.entry(x, words)
        return x if node.sup is None else self._power(x, node.sup)

    # Products

    def _product(self, node: Product) -> T:
        if self.text.taken.linked:
            return self.links.chained(self._factors(node))
        runs = _runs(node)
        value = self._run(runs[0][1])
        for (_, before), (operator, factors) in pairwise(runs):
            parts = self._parts(factors)
            if operator == "·":
                value = self._dotted(before, value, factors, self._side_by_side(parts))
            else:
                value = self._joined(operator, value, parts)
        return value

    def _factors(self, node: Product) -> list[tuple[str, Node, T]]:
        """Each factor's value, with the operator before it."""
        found: list[tuple[str, Node, T]] = []
        for operator, factors in _runs(node):
            parts = self._parts(factors)
            found += [("" if n else operator, part, value) for n, (part, value, _) in enumerate(parts)]
        return found

    def _dotted(self, before: Sequence[Node], x: T, factors: Sequence[Node], y: T) -> T:
        if self._is_inner([*before, *factors], x, y):
            return self._inner_product(x, y)
        return self.times("·", x, y)

    def _joined(self, operator: str, x: T, parts: Sequence[tuple[Node, T, bool]]) -> T:
        """x ⊙ y z, which is (x ⊙ y) z where x is not as large as y z."""
        a, whole = self.algebra, self._side_by_side(parts)
        are_arrays = operator in ("⊙", "*") and all(map(a.shape, (x, whole)))
        fits = not are_arrays or a.can_meet(x, whole) or (operator == "*" and a.can_multiply(x, whole))
        if fits or self.is_strict:
            return self.times(operator, x, whole)
        for n in range(1, len(parts)):
            first = self._side_by_side(parts[:n])
            if a.shape(first) and a.can_meet(x, first):
                a.note(FIRST)
                return self._side_by_side([(parts[0][0], self.times(operator, x, first), False), *parts[n:]])
        return self.times(operator, x, whole)

    def _is_inner(self, factors: Sequence[Node], x: T, y: T) -> bool:
        """Whether a dot between two columns, or two rows, is their inner product: as in w·x, of two names."""
        shapes = self.algebra.shape(x), self.algebra.shape(y)
        if self.is_strict or not all(ONE in shape for shape in shapes) or form(shapes[0]) != form(shapes[1]):
            return False
        are_names = len(factors) == 2 and all(isinstance(one, Symbol | Scripted) for one in factors)
        return are_names if self.text.taken.inner is None else self.text.taken.inner

    def _run(self, factors: Sequence[Node]) -> T:
        """Factors side by side, from the left."""
        return self._side_by_side(self._parts(factors))

    def _parts(self, factors: Sequence[Node]) -> list[tuple[Node, T, bool]]:
        """Factors, their values, and whether these are of functions, which take what follows them."""
        _refuse_many(factors)
        rest = list(factors)
        parts: list[tuple[Node, T, bool]] = []
        while rest:
            factor = rest.pop(0)
            one = self._applied(factor, rest)
            parts.append((factor, self.read(factor) if one is None else one, one is not None))
        return parts

    def _side_by_side(self, parts: Sequence[tuple[Node, T, bool]]) -> T:
        if any(self.algebra.shape(one) for node, one, _ in parts if not _is_constant(node)):
            shapes = [shape for _, one, _ in parts if (shape := self.algebra.shape(one))]
            is_number = len(shapes) > 1 and shapes[0][0] == ONE == shapes[-1][1]  # as in y wᵀ x
            self.algebra.doubt(1.5 * sum(self._may_be_array(*part[:2]) for part in parts if not is_number))
        elif any(self.algebra.shape(one) for _, one, _ in parts):
            self.algebra.doubt(1.0 * sum(bool(self.algebra.shape(one)) for _, one, _ in parts) - 1.0)
        value = parts[0][1]
        for _, one, is_applied in parts[1:]:
            value = self.times("⊙" if is_applied and self._adds_up(value, one) else "", value, one)
        return value

    def _adds_up(self, x: T, y: T) -> bool:
        """Whether arrays of one form are multiplied entry by entry, as all is added up: Σ Y log A."""
        a, b = self.algebra.shape(x), self.algebra.shape(y)
        return self.sums.is_of_all and bool(a) and form(a) == form(b) and self.algebra.can_meet(x, y)

    def _is_made_of_names(self, node: Node, value: T) -> bool:
        """Whether it is a number such as w x or wᵀ x, which nobody adds to a vector."""
        if self.algebra.shape(value) or isinstance(node, Symbol | Scripted | Number | Quotient):
            return False
        return any(key in self.known and key.base not in SCALARS for key in self.text.mentioned(node))

    def _may_be_array(self, node: Node, value: T) -> bool:
        """Whether a number is one only as nothing is known of it."""
        reference = self.reference(node)
        known = reference is not None and reference.key in self.known and reference.key.base not in _NUMBERS
        return known and not reference.indices and not self.algebra.shape(value)  # type: ignore[union-attr]

    def _is_entry(self, node: Node, value: T) -> bool:
        """Whether a number is an entry of an array."""
        reference = self.reference(node)
        return reference is not None and bool(reference.indices) and not self.algebra.shape(value)

    def times(self, operator: str, x: T, y: T) -> T:
        """A product of two values, by the operator between them."""
        a = self.algebra
        left, right = a.shape(x), a.shape(y)
        if operator == ":":
            return self._inner_product(x, y)
        if operator == "⊗":
            return self._kronecker(x, y)
        a.doubt(1.5 * (operator == "⊙" and not (left and right)))
        if not left or not right or operator == "⊙":
            return a.entrywise(arithmetic.MULTIPLY, x, y)
        if operator == "" and self.is_strict:
            return a.matmul(x, y)
        if operator == "@" or (can_be_multiplied(left, right) and self._are_matrices(operator, x, y)):
            return a.matmul(x, y)
        a.doubt(2.0 * (operator == ""))  # side by side, arrays are multiplied as matrices
        return a.entrywise(arithmetic.MULTIPLY, x, y)

    def _kronecker(self, x: T, y: T) -> T:
        """Of two vectors the outer product, unless the text stacks matrices with vec."""
        if not self.text.stacks and all(ONE in self.algebra.shape(one) for one in (x, y)):
            return self.calls.outer(x, y)
        if self.is_strict:
            raise MeaningError("⊗ of matrices is not tried beside a spec", "leave out the spec")
        return self.algebra.kronecker(x, y)

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
            case Scripted(Symbol("g"), _, _, _, (Symbol(below),)) if called(below) or below in ALONG:
                name = Symbol(below)
        primes = factor.primes if isinstance(factor, Scripted) else 0
        power = factor.sup if isinstance(factor, Scripted) and not factor.sub and not factor.layered else None
        function = self.calls.function(name.text, primes)
        if function is None:
            if isinstance(rest[0], Bracket) and self._names_arguments(factor, rest[0]):
                rest.pop(0)
                return self.read(factor)
            return None
        argument, power = _without_power(rest.pop(0), power)
        if rest and isinstance(rest[0], Bracket) and self._names_arguments(argument, rest[0]):
            rest.pop(0)  # log p(x)
        if rest and self.calls.is_function(argument) and not isinstance(argument, Bracket):
            argument = Product((argument, *rest), ("",) * len(rest), argument.span)  # log σ(x), log det X
            rest.clear()
        elif name.text in WITHOUT_BRACKETS and not primes and _is_plain(argument):
            argument = self._with_what_follows(argument, rest)
        if power == Negative(Number(1.0)) and name.text not in self.functions:
            return self._inverse(name.text, argument)
        value = function(argument)
        if name.text == "log" and isinstance(factor, Scripted) and factor.sub:
            base = self.algebra.entrywise(BY_NAME["log"], self.read(_base(factor.sub)))
            value, power = self.algebra.entrywise(arithmetic.DIVIDE, value, base), factor.sup
        return value if power is None else self._power(value, power)

    def _with_what_follows(self, argument: Node, rest: list[Node]) -> Node:
        """2x of sin 2x: numbers and names up to a function or a bracket."""
        factors = [argument]
        while rest and _is_plain(rest[0]) and not self.calls.is_function(rest[0]):
            factors.append(rest.pop(0))
        if len(factors) == 1:
            return argument
        return Product(tuple(factors), ("",) * (len(factors) - 1), argument.span)

    def _inverse(self, name: str, argument: Node) -> T:
        """arctan of tan⁻¹, and what is 1 divided by a function of no such name."""
        inverse = self.calls.function(INVERSES.get(name, ""), 0)
        if inverse is None:
            raise MeaningError(f"{name}^-1 may be the inverse of {name}, or 1/{name}", f"write 1/{name}(x)")
        return inverse(argument)

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
        if self.algebra.shape(y) and not self.is_strict:
            self._refuse_division(x, y)
            self.algebra.doubt(1.0 * (not self.algebra.shape(x) and self._may_be_array(of, x)))
        return self.algebra.entrywise(arithmetic.DIVIDE, x, y)

    def _refuse_division(self, x: T, y: T) -> None:
        if self.algebra.shape(x) != self.algebra.shape(y) and self.algebra.shape(x):
            raise MeaningError("one array is divided by another")

    def _with_arguments(self, of: Node) -> Node:
        """f as f(x), where that is how it is defined."""
        if not isinstance(of, Symbol) or of.text not in self.functions or Key(of.text) in self.known:
            return of
        names = tuple(Symbol(str(key), of.span) for key in self.functions[of.text][0])
        inner = names[0] if len(names) == 1 else Arguments(names, of.span)
        return Product((of, Bracket(inner, "(", of.span)), ("",), of.span)

    def _by_stacked(self, of: Node | None, by: Node) -> T:
        """The derivative by vec(W)."""
        below = self.reference(by)
        if of is None or below is None or below.key not in self.known or below.indices:
            raise MeaningError("this derivative is not read")
        return self.algebra.stacked_derivative(self.read(of), below.key)

    def _derivative(self, of: Node | None, by: Node) -> T:
        match by:
            case Product((Symbol("vec"), Bracket(inner)), _) | Product((Symbol("vec"), inner), _):
                return self._by_stacked(of, inner)
        below, course = self.reference(by), self.names.course
        if of is None and course is not None:
            of = Symbol(str(course.objective))
        if of is None or below is None or below.key not in self.known:
            raise MeaningError("this derivative is not read")
        if below.power is not None:
            return self.read(_by_power(of, by, below.power))
        of = self._with_arguments(of)
        above = self.reference(of)
        self._check_indices(below, self.algebra.quantity(below.key))
        if course is not None and above == below and above is not None and above.key == course.objective:
            return self.algebra.constant(1.0)
        if course is not None and above is not None and (key := course.gradient(above.key, below.key)):
            return self._gradient(key, below, is_of_each=of == Symbol("L"))
        value = self.read(of)
        if not self.text.is_posed and above != below and not self.algebra.depends(value, below.key):
            what = "this" if above is None else above.key
            message = f"the text does not say how {what} depends on {below.key}"
            raise MeaningError(message, f"write what {what} is made of", "unknown")
        found = self.algebra.derivative(value, below.key, below.indices)
        return self.entry(found, replace(below, indices=()))

    def _gradient(self, key: Key, below: Reference, *, is_of_each: bool) -> T:
        """∂J/∂ an entry, by its own name; a delta may stand for that of one example's loss, L."""
        course = self.names.course
        assert course is not None
        found = self.entry(self.algebra.quantity(key), below)
        weight = 1.0 if is_of_each else course.weight(key)
        one = self.algebra.constant(1 / weight)
        return found if weight == 1 else self.algebra.entrywise(arithmetic.MULTIPLY, one, found)


def _runs(node: Product) -> list[tuple[str, list[Node]]]:
    """Factors that stand side by side, with the operator before them."""
    runs: list[tuple[str, list[Node]]] = []
    for operator, factor in zip(("", *node.operators), node.factors, strict=True):
        if runs and operator == "":
            runs[-1][1].append(factor)
        else:
            runs.append((operator, [factor]))
    return runs


def _without_power(argument: Node, power: Node | None) -> tuple[Node, Node | None]:
    """v(x)² as v(x) with its power."""
    match argument:
        case Power(Bracket() as inner, exponent) | Scripted(Bracket() as inner, 0, exponent, _, ()):
            return (argument, power) if power is not None or exponent is None else (inner, exponent)
    return argument, power


def _by_power(of: Node, by: Node, power: Node) -> Node:
    """∂L/∂σ² as ∂L/∂σ / 2σ. Raises MeaningError where the power is no number."""
    if not (isinstance(by, Scripted) and isinstance(power, Number)):
        raise MeaningError("this derivative is not read", "give what it is by a name of its own")
    base = replace(by, sup=None) if by.sub or by.primes else by.base
    rest = base if power == Number(2.0) else Scripted(base, sup=Number(power.value - 1))
    return Quotient(Derivative(of, base, by.span), Product((power, rest), ("",)), by.span)


def _base(below: Sequence[Node]) -> Node:
    """10 of log_{10}, the digits of which are apart as those of indices are."""
    digits = [f"{one.value:g}" for one in below if isinstance(one, Number)]
    return Number(float("".join(digits))) if len(digits) == len(below) else below[0]


def _is_plain(node: Node) -> bool:
    """Whether it is a number or a name, with or without scripts."""
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Number | Symbol)


def _refuse_many(parts: Sequence[Node]) -> None:
    if len(parts) > MOST_PARTS:
        raise MeaningError(f"this has more than {MOST_PARTS} parts", "give some of them a name")


def _is_constant(node: Node) -> bool:
    """Whether it is an identity or a vector of ones, turned or not."""
    inner = node.of if isinstance(node, Transpose) else node
    return isinstance(inner, Symbol) and is_constant(inner.text)


def _times_of(exponent: Node) -> int:
    """How often a matrix is multiplied by itself, or its inverse; 0 where the exponent is no such number."""
    match exponent:
        case Number(2 | 3 as times) | Negative(Number(2 | 3 as times)):
            return int(times)
    return 0


def _inverts(power: Node) -> bool:
    return power in (Negative(Number(1.0)), Negative(Symbol("T")))
