"""Formulas of drawn texts: a tree, and its values by NumPy. Nothing of gradcheck makes or tries them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Shape: TypeAlias = tuple[int, ...]
"""() of a number, (n, 1) of a column, (1, n) of a row."""
STEP = 1e-30
"""How far a value is moved into the imaginary, for derivatives without rounding."""


class MisfitError(Exception):
    """Arrays meet whose shapes don't fit: only a row or a column beside a matrix is repeated."""


@dataclass(frozen=True)
class Name:
    """A quantity: a letter, with the layer or the time that it is of, where there are several."""

    letter: str
    layer: int = 0
    part: str = ""
    """What else stands below it."""


@dataclass(frozen=True)
class Constant:
    """A number."""

    value: float


@dataclass(frozen=True)
class Ref:
    """A quantity, or an entry of it."""

    name: Name
    index: tuple[str, ...] = ()


@dataclass(frozen=True)
class Negative:
    """A minus."""

    of: Formula


@dataclass(frozen=True)
class Sum:
    """Terms, of which Negative ones are subtracted."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True)
class Times:
    """A product: "side" of what stands side by side, "entry" by entry."""

    left: Formula
    right: Formula
    by: str = "side"


@dataclass(frozen=True)
class Over:
    """A fraction."""

    top: Formula
    bottom: Formula


@dataclass(frozen=True)
class Power:
    """A power, entry by entry."""

    base: Formula
    exponent: int


@dataclass(frozen=True)
class Turned:
    """The transpose."""

    of: Formula


@dataclass(frozen=True)
class Call:
    """A function of the text, or its derivative, entry by entry."""

    letter: str
    of: Formula
    slope: bool = False


@dataclass(frozen=True)
class Positive:
    """1 where it is above 0, else 0."""

    of: Formula


@dataclass(frozen=True)
class Squared:
    """The square of the norm."""

    of: Formula


@dataclass(frozen=True)
class Trace:
    """The sum of the diagonal."""

    of: Formula


@dataclass(frozen=True)
class Diagonal:
    """The square matrix with a vector on its diagonal."""

    of: Formula


@dataclass(frozen=True)
class Gathered:
    """The sum over rows (0) or columns (1)."""

    of: Formula
    axis: int


@dataclass(frozen=True)
class Total:
    """The sum of an expression for all values of a letter."""

    letter: str
    of: Formula


@dataclass(frozen=True)
class Same:
    """1 where two letters have the same value, else 0."""

    one: str
    other: str


@dataclass(frozen=True)
class Partial:
    """The derivative of a quantity, or of an entry, by another one."""

    of: Ref
    by: Ref


Formula: TypeAlias = (
    Constant | Ref | Negative | Sum | Times | Over | Power | Turned | Call | Positive | Squared | Trace
    | Diagonal | Gathered | Total | Same | Partial
)  # fmt: skip


def product(*factors: Formula, by: str = "side") -> Formula:
    """Factors from the left."""
    whole, *others = factors
    for factor in others:
        whole = Times(whole, factor, by)
    return whole


def minus(one: Formula, other: Formula) -> Sum:
    """A difference."""
    return Sum((one, Negative(other)))


def parts(formula: Formula) -> Iterator[tuple[str, int | None, Formula]]:
    """What a formula is made of, with where each part stands in it."""
    for entry in fields(formula):
        inner = getattr(formula, entry.name)
        if isinstance(inner, tuple):
            yield from ((entry.name, n, one) for n, one in enumerate(inner) if not isinstance(one, str))
        elif not isinstance(inner, str | int | float | Name):
            yield entry.name, None, inner


def with_part(formula: Formula, place: str, n: int | None, part: Formula) -> Formula:
    """The formula with another part at a place."""
    inner: Any = getattr(formula, place)
    values = {entry.name: getattr(formula, entry.name) for entry in fields(formula)}
    values[place] = part if n is None else (*inner[:n], part, *inner[n + 1 :])
    made: Formula = type(formula)(**values)
    return made


def nodes(formula: Formula) -> Iterator[Formula]:
    """The formula and all that is within."""
    yield formula
    for _, _, part in parts(formula):
        yield from nodes(part)


def letters(formula: Formula) -> set[str]:
    """Letters below names."""
    return {letter for node in nodes(formula) if isinstance(node, Ref) for letter in node.index}


def _softmax(x: Array) -> Array:
    powers = np.exp(x)
    return np.asarray(powers / powers.sum())


FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    "sigma": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "relu": lambda x: np.where(x.real > 0, x, 0),
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "softmax": _softmax,
    "identity": lambda x: x,
}


@dataclass
class Point:
    """Values of all quantities, and what letters of functions stand for."""

    values: dict[Name, Array]
    functions: Mapping[str, str]
    derivative: Callable[[Name, Name], Array]
    """Of one by another: an array like the second one, of a vector with its axis in front."""
    lengths: Mapping[str, int]
    """How many values each letter has."""
    places: dict[str, int] = field(default_factory=dict)
    """The letters' values."""

    def function(self, letter: str) -> Callable[[Array], Array]:
        """What a letter stands for."""
        return FUNCTIONS[self.functions.get(letter, letter)]


def value(formula: Formula, at: Point) -> Array:
    """What a formula makes. Raises MisfitError."""
    match formula:
        case Constant(number):
            return np.asarray(number)
        case Ref(name, index):
            return _entry(at.values[name], index, at)
        case Negative(of):
            return -value(of, at)
        case Sum(terms):
            total, *others = (value(term, at) for term in terms)
            for other in others:
                total = total + _alike(total, other)
            return total
        case Times(left, right, by):
            return _times(value(left, at), value(right, at), by)
        case Over(top, bottom):
            one, other = value(top, at), value(bottom, at)
            return one / _alike(one, other)
        case Power(base, exponent):
            return value(base, at) ** exponent
        case Turned(of):
            return value(of, at).T
    return _called(formula, at)


def _called(formula: Formula, at: Point) -> Array:
    match formula:
        case Call(letter, of, slope):
            x, f = value(of, at), at.function(letter)
            return np.asarray(f(x + STEP * 1j).imag / STEP if slope else f(x))
        case Positive(of):
            return np.asarray(value(of, at).real > 0, float)
        case Squared(of):
            x = value(of, at)
            return np.asarray((x * x).sum())
        case Trace(of):
            x = value(of, at)
            return np.asarray(np.trace(x))
        case Diagonal(of):
            return np.diag(value(of, at).reshape(-1))
        case Gathered(of, axis):
            return np.asarray(value(of, at).sum(axis, keepdims=True))
        case Total(letter, of):
            return np.asarray(sum(_at_each(letter, of, at)))
        case Same(one, other):
            return np.asarray(float(at.places[one] == at.places[other]))
        case Partial(of, by):
            derivative = at.derivative(of.name, by.name)
            return _entry(derivative, (*of.index, *by.index), at)
    raise AssertionError(formula)


def _at_each(letter: str, of: Formula, at: Point) -> Iterator[Array]:
    for place in range(at.lengths[letter]):
        yield value(of, replace(at, places={**at.places, letter: place}))


def _entry(array: Array, index: Sequence[str], at: Point) -> Array:
    if not index:
        return array
    shape = tuple(length for length in array.shape if length > 1)
    if len(shape) < len(index) or any(at.places[i] >= n for i, n in zip(index, shape, strict=False)):
        raise MisfitError
    part = np.asarray(array.reshape(shape)[tuple(at.places[letter] for letter in index)])
    return part.reshape((-1, 1)) if part.shape else part


def _alike(one: Array, other: Array) -> Array:
    fits = one.ndim == other.ndim == 2 and any(
        all(n in (k, 1) for n, k in zip(a.shape, b.shape, strict=True)) and 1 not in b.shape
        for a, b in ((one, other), (other, one))
    )
    if one.shape and other.shape and one.shape != other.shape and not fits:
        raise MisfitError
    return other


def _times(one: Array, other: Array, by: str) -> Array:
    if not one.shape or not other.shape or by == "entry":
        return one * _alike(one, other)
    if one.shape[1] != other.shape[0]:
        raise MisfitError
    whole = one @ other
    return whole.reshape(()) if whole.shape == (1, 1) else whole
