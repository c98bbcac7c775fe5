"""What every operation promises, as checks of drawn applications of it. A check raises AssertionError."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.arithmetic import DIVIDE
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.operation import REAL, Along, Entrywise, Interval, Moving, Operation
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import Apply, Axes, Expr, Name, axis_of
from gradcheck.network.autograd import Truth, differentiate
from gradcheck.network.backward import backward
from gradcheck.network.forward import run
from gradcheck.network.records import Equation, Network

FAR = 0.05
"""How far from 0 expressions of kinks are drawn."""
BATCH = ("m", "b")
"""Axes that an operation does not go over."""


@dataclass(frozen=True)
class Application:
    """An operation applied to arrays of its own kind."""

    node: Apply
    arrays: Mapping[str, Named]
    smooth: frozenset[str]
    """Arguments to which something comes back, or would if the value did not go in steps."""
    lengths: Mapping[str, int]
    upstream: Named

    @property
    def network(self) -> Network:
        """A network of one equation, q."""
        given = {name: value.axes for name, value in self.arrays.items()}
        return Network(given, (Equation("q", self.node, self.node.axes),))

    def value(self, arrays: Mapping[str, Named] | None = None) -> Named:
        """By NumPy."""
        with np.errstate(all="ignore"):
            return evaluate(self.node, arrays or self.arrays, self.lengths)

    @cached_property
    def backward(self) -> Network:
        """The equations of what comes back."""
        return backward(self.network, ["q"])

    def adjoints(self, arrays: Mapping[str, Named] | None = None) -> dict[str, Named]:
        """Argument -> what comes back to it, by the rules and NumPy."""
        given = {**(arrays or self.arrays), "q": self.value(arrays)}
        precision = next(iter(given.values())).array.dtype
        given["dq"] = Named(self.upstream.array.astype(precision), self.upstream.axes)
        values = run(self.backward, given, self.lengths)
        return {name: values[f"d{name}"] for name in self.arrays if f"d{name}" in values}

    @cached_property
    def truth(self) -> Truth:
        """By PyTorch."""
        arrays = {name: value.array for name, value in self.arrays.items()}
        return differentiate(self.network, arrays, self.lengths, {"q": self.upstream.array})

    def objective(self, arrays: Mapping[str, Named]) -> float:
        """Σ dq · q."""
        return float(np.sum(arranged(self.value(arrays), self.node.axes, self.lengths) * self.upstream.array))


def applications(operation: Operation, count: int, seed: int = 0) -> Iterator[Application]:
    """Drawn applications, away from kinks and within the domain."""
    for n in range(count):
        yield draw(operation, np.random.default_rng([seed, n, *operation.name.encode()]))


def draw(operation: Operation, rng: np.random.Generator) -> Application:
    """One application: of arrays with any axes in any order."""
    lengths = {axis: int(rng.integers(1, 5)) for axis in (*BATCH, "n", "k")}
    over: Axes = ()
    match operation:
        case Entrywise():
            layouts = [_some(("n", *BATCH), rng) for _ in range(operation.arity)]
        case Along():
            over = ("k",)
            layouts = [_shuffled((*over, *_some(BATCH, rng)), rng)]
        case Moving():
            operation, over, lengths = _fitting(operation, lengths, rng)
            cores = operation.core([()] * operation.arrays, over)[0]
            layouts = [_shuffled((*core, *_some(BATCH, rng)), rng) for core in cores]
    names = [Name(f"x{n}", axes) for n, axes in enumerate(layouts, 1)]
    node = Apply(operation, tuple(names), over)
    arrays = {
        name.text: Named(values, name.axes)
        for name, values in zip(names, _values(operation, layouts, over, lengths, rng), strict=True)
    }
    upstream = Named(rng.normal(size=_shape(node.axes, lengths)), node.axes)
    return Application(node, arrays, _smooth(operation), lengths, upstream)


def _fitting(
    operation: Moving, lengths: Mapping[str, int], rng: np.random.Generator
) -> tuple[Moving, Axes, dict[str, int]]:
    """The operation with other numbers, and lengths of its axes that fit."""
    if isinstance(operation, Rename):
        return (
            operation,
            (),
            dict(lengths) | {axis: lengths["n"] for pair in operation.pairs for axis in pair},
        )
    words = operation.form[:-1].split(", ")[operation.arrays :]
    over = tuple(word for word in words if "=" not in word)
    over = operation.called([(f"a{n}",) for n in range(operation.arrays)], over)
    for _ in range(100_000):
        drawn = {**lengths, **{axis: int(rng.integers(1, 9)) for axis in over}}
        try:
            varied = type(operation)(*(int(rng.integers(-2, 4)) for _ in fields(operation)))  # type: ignore[arg-type]
        except ValueError:
            continue
        if varied.misfit(over, drawn) is None:
            return varied, over, drawn
    raise AssertionError(f"no lengths fit {operation.name}")


def _values(
    operation: Operation,
    layouts: Sequence[Axes],
    over: Axes,
    lengths: Mapping[str, int],
    rng: np.random.Generator,
) -> list[Array]:
    shapes = [_shape(layout, lengths) for layout in layouts]
    if isinstance(operation, Moving):
        words = operation.form[:-1].split("(")[-1].split(", ")
        return [
            rng.integers(0, lengths[over[-1]], shape).astype(float)
            if word == "ids"
            else rng.normal(size=shape)
            for word, shape in zip(words, shapes, strict=False)
        ]
    if isinstance(operation, Along):
        return [rng.normal(size=shape) * 2 for shape in shapes]
    assert isinstance(operation, Entrywise)
    for _ in range(10_000):
        arrays = [_within(domain_of(operation, n), shape, rng) for n, shape in enumerate(shapes)]
        for n in range(len(arrays)):
            if f"x{n + 1}" not in _smooth(operation):
                arrays[n] = rng.integers(0, 2, shapes[n]).astype(float)
        gaps = [
            np.min(np.abs(value), initial=np.inf)
            for value in kink_values(operation, list(map(Named, arrays, layouts)), lengths)
        ]
        if min(gaps, default=np.inf) > FAR:
            return arrays
    raise AssertionError(f"no arguments of {operation.name} lie off its kinks")


def kink_values(operation: Entrywise, known: Sequence[Named], lengths: Mapping[str, int]) -> list[Array]:
    """The values of its kinks' expressions."""
    letters = _letters(len(known))
    values = dict(zip(letters, known, strict=True))
    kinks = _kinks(operation, tuple(one.axes for one in known))
    return [np.asarray(evaluate(kink, values, lengths).array) for kink in kinks]


@cache
def _kinks(operation: Entrywise, layouts: tuple[Axes, ...]) -> list[Expr]:
    names = {w: (Name(w, axes), axes) for w, axes in zip(_letters(len(layouts)), layouts, strict=True)}
    return [read(kink, Scope(names, {})).expression for kink in operation.kinks]


def _letters(count: int) -> list[str]:
    return ["x"] if count == 1 else [f"x{n}" for n in range(1, count + 1)]


def domain_of(operation: Entrywise, n: int) -> Interval:
    """Where an argument may be drawn."""
    return operation.domain[n] if operation.domain else REAL


def _within(interval: Interval, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    low, high = interval
    if np.isinf(low):
        return rng.normal(size=shape) * 2
    width = high - low if np.isfinite(high) else 3
    return low + width * rng.uniform(0.05, 0.95, shape)


def _smooth(operation: Operation) -> frozenset[str]:
    """The names of arguments but those drawn from a few numbers: ids, and the condition of `where`."""
    match operation:
        case Entrywise(derivatives=rules) if any(rules):
            return frozenset(f"x{n}" for n, rule in enumerate(rules, 1) if rule is not None)
        case Entrywise(derivatives=rules):
            return frozenset(f"x{n}" for n in range(1, len(rules) + 1))
        case Moving(form=form):
            words = form[:-1].split("(")[-1].split(", ")
            return frozenset(f"x{n}" for n in range(1, operation.arrays + 1) if words[n - 1 : n] != ["ids"])
    return frozenset({"x1"})


def _some(axes: Axes, rng: np.random.Generator) -> Axes:
    return _shuffled(tuple(axis for axis in axes if rng.random() < 0.6), rng)


def _shuffled(axes: Axes, rng: np.random.Generator) -> Axes:
    return tuple(str(axis) for axis in rng.permutation(axes)) if axes else ()


def _shape(axes: Axes, lengths: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(lengths[axis_of(axis)] for axis in axes)


def check(a: Application) -> None:
    """Everything that an operation promises of one application."""
    rng = np.random.default_rng(a.upstream.array.size)
    check_value(a)
    check_adjoint(a)
    check_differences(a, rng)
    check_copies(a, rng)
    check_precision(a)


def assert_close(one: Any, other: Any, tolerance: float, what: str) -> None:
    """Equal up to rounding, compared with the largest entry."""
    one, other = np.asarray(one), np.asarray(other)
    assert one.shape == other.shape, f"{what}: {one.shape} and {other.shape}"
    scale = max(1, np.max(np.abs(other), initial=0))
    gap = np.max(np.abs(one - other), initial=0) / scale
    assert gap <= tolerance, f"{what}: {gap:.1e} apart"


def check_value(a: Application) -> None:
    """NumPy's value is PyTorch's."""
    assert_close(arranged(a.value(), a.node.axes, a.lengths), a.truth.values["q"], 1e-13, "value")


def check_adjoint(a: Application) -> None:
    """What comes back by the rules is what autograd finds; where nothing does, that is zero."""
    adjoints, gradients = a.adjoints(), a.truth.gradients
    for name, value in a.arrays.items():
        back = adjoints.get(name, Named(np.zeros(()), ()))
        assert_close(arranged(back, value.axes, a.lengths), gradients[name], 1e-11, f"d{name}")


def check_differences(a: Application, rng: np.random.Generator) -> None:
    """Moving all arguments a little moves Σ dq · q as the adjoints say, but for the width of the step."""
    adjoints, h = a.adjoints(), 1e-5
    ways = {name: rng.normal(size=a.arrays[name].array.shape) for name in a.smooth}
    ends = [
        a.objective({n: Named(v.array + s * ways.get(n, 0), v.axes) for n, v in a.arrays.items()})
        for s in (h, -h)
    ]
    expected = sum(
        float(np.sum(arranged(adjoints[name], a.arrays[name].axes, a.lengths) * way))
        for name, way in ways.items()
        if name in adjoints
    )
    assert_close((ends[0] - ends[1]) / (2 * h), expected, 1e-6, "difference quotient")


def check_copies(a: Application, rng: np.random.Generator) -> None:
    """With a further axis of copies the values are those of one copy after the other."""
    moved = [name for name in sorted(a.smooth) if rng.random() < 0.7] or sorted(a.smooth)[:1]
    copies = {name: np.stack([v.array, v.array * 1.01, v.array * 0.99]) for name, v in a.arrays.items()}
    whole = {n: Named(copies[n], ("copy", *v.axes)) if n in moved else v for n, v in a.arrays.items()}
    value, adjoints = a.value(whole), a.adjoints(whole)
    for k in range(3):
        alone = {n: Named(copies[n][k], v.axes) if n in moved else v for n, v in a.arrays.items()}
        assert_close(_copy(value, k, a.node.axes, a), _copy(a.value(alone), k, a.node.axes, a), 1e-13, "copy")
        for name, back in a.adjoints(alone).items():
            axes = a.arrays[name].axes
            assert_close(
                _copy(adjoints[name], k, axes, a), _copy(back, k, axes, a), 1e-12, f"copy of d{name}"
            )


def _copy(value: Named, k: int, axes: Axes, a: Application) -> Array:
    if "copy" in value.axes:
        where = value.axes.index("copy")
        value = Named(np.take(value.array, k, where), (*value.axes[:where], *value.axes[where + 1 :]))
    return arranged(value, axes, a.lengths)


def check_precision(a: Application) -> None:
    """Single precision stays single, in values and in adjoints; of numbers without axes NumPy 1 widens it."""
    if not any(value.axes for value in a.arrays.values()):
        return
    single = {name: Named(v.array.astype(np.float32), v.axes) for name, v in a.arrays.items()}
    assert a.value(single).array.dtype == np.float32, "value"
    for name, back in a.adjoints(single).items():
        assert back.array.dtype == np.float32, f"d{name}"


def is_straight(a: Application, name: str, step: float, rng: np.random.Generator) -> bool:
    """Whether the value has no second difference where an argument moves."""
    one = a.arrays[name]
    way = step * rng.uniform(-1, 1, one.array.shape)
    before, here, after = (
        a.value({**a.arrays, name: Named(one.array + s * way, one.axes)}).array for s in (-1, 0, 1)
    )
    return bool(np.allclose(before + after, 2 * here, rtol=1e-9, atol=1e-9))


def grid(operation: Entrywise, n: int) -> Array:
    """Numbers from -8 to 8, as far as the n-th argument may be one; no round ones."""
    low, high = domain_of(operation, n)
    return np.linspace(max(low, -8 - 1e-4 * np.pi), min(high, 8 + 2e-4 * np.pi), 3001)[1:-1]


def along_argument(operation: Entrywise, numbers: Sequence[Array], n: int) -> Callable[..., Array]:
    """The value as a function of the n-th argument alone."""

    def value(x: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(operation.value(*numbers[:n], np.asarray(x), *numbers[n + 1 :]))

    return value


def single(numbers: Sequence[Array]) -> list[Named]:
    """Numbers as arrays without axes."""
    return [Named(np.asarray(x), ()) for x in numbers]


def kinks_along(operation: Entrywise, numbers: Sequence[Array], n: int) -> Iterator[tuple[int, float]]:
    """(which kink, the n-th argument at which its expression changes sign, or is 0)."""

    def gap(kink: int, x: float) -> float:
        whole = single([*numbers[:n], np.asarray(x), *numbers[n + 1 :]])
        return float(kink_values(operation, whole, {})[kink])

    for kink in range(len(operation.kinks)):
        points = grid(operation, n)[::50]
        signs = [gap(kink, x) > 0 for x in points]
        for low, high, one, other in zip(points, points[1:], signs, signs[1:], strict=False):
            if one != other:
                yield kink, _root(lambda x, k=kink: gap(k, x), float(low), float(high))  # type: ignore[misc]


def at_kinks(operation: Entrywise, rng: np.random.Generator) -> Iterator[Application]:
    """Applications to single numbers at which an expression among the kinks is exactly 0."""
    numbers = draw_numbers(operation, rng)
    for n in range(operation.arity):
        for _, x in kinks_along(operation, numbers, n):
            known = single([*numbers[:n], np.asarray(x), *numbers[n + 1 :]])
            if 0 in kink_values(operation, known, {}) and operation is not DIVIDE:
                names = tuple(Name(f"x{k}") for k in range(1, len(known) + 1))
                arrays = {name.text: one for name, one in zip(names, known, strict=True)}
                one = Named(np.asarray(1.0), ())
                yield Application(Apply(operation, names), arrays, _smooth(operation), {}, one)


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    """By bisection to the last digit."""
    for _ in range(100):
        middle = (low + high) / 2
        if f(middle) == 0:
            return middle
        low, high = (middle, high) if (f(middle) > 0) == (f(low) > 0) else (low, middle)
    return high


def draw_numbers(operation: Entrywise, rng: np.random.Generator) -> list[Array]:
    """Arguments, each a single number."""
    return _values(operation, [()] * operation.arity, (), {}, rng)
