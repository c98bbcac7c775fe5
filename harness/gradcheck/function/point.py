"""The point at which a function is checked: read from a text or a file, or drawn at random.

The text lists the arguments as a call would, ``x=[1, 2], W=randn(2, 3)``. It is read by a grammar of its
own, a small part of Python's: numbers, lists, arithmetic and the functions below. Nothing is evaluated.
"""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.function.probe import spread

LONGEST = 10_000
LARGEST = 1_000_000
"""The most numbers that one array may hold."""

DRAWN = 5
"""The length of a vector drawn at random."""

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def point(text: str | None, f: Callable[..., Any], seed: int = 0) -> tuple[Any, ...]:
    """The positional arguments for f: from an expression, from a FILE.npz or FILE.npy, or drawn (text None).

    Whole numbers in a text count as floats, save within ``int([0, 2, 1])``. Raises UsageError.
    """
    parameters = _parameters(f)
    if text is None:
        return _drawn(parameters, Random(f"{seed}/point"))
    if text.endswith((".npz", ".npy")):
        plain, named = _from_file(Path(text))
    else:
        plain, named = _Reader(text, Random(f"{seed}/point")).arguments()
    return _in_order(plain, named, parameters)


def _parameters(f: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        found = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def _drawn(parameters: list[inspect.Parameter], random: Random) -> tuple[Any, ...]:
    """Arrays from the defaults where there are any, and else vectors; other defaults stay what they are."""
    arrays = [
        i
        for i, p in enumerate(parameters)
        if p.default is p.empty or isinstance(p.default, (np.ndarray, list))
    ]
    needed = parameters[: max(arrays) + 1] if arrays else parameters
    return tuple(spread((DRAWN,), random) if p.default is p.empty else p.default for p in needed)


def _in_order(
    plain: list[Any], named: Mapping[str, Any], parameters: list[inspect.Parameter]
) -> tuple[Any, ...]:
    """Values in the order of the parameters, with defaults up to the last one that is given."""
    names = [p.name for p in parameters]
    unknown = [name for name in named if name not in names]
    if unknown:
        raise UsageError(f"--at: there is no argument {unknown[0]!r}; there are {', '.join(names) or 'none'}")
    values = dict(zip(names, plain, strict=False))
    twice = [name for name in named if name in values]
    if twice:
        raise UsageError(f"--at: {twice[0]} has two values")
    values.update(named)
    missing = [p.name for p in parameters if p.default is p.empty and p.name not in values]
    if missing:
        raise UsageError(f"--at gives no value for {', '.join(missing)}; write {missing[0]}=randn(3), say")
    last = max((names.index(name) for name in values), default=-1)
    given = [values.get(p.name, p.default) for p in parameters[: last + 1]]
    return (*given, *plain[len(names) :])


def _from_file(path: Path) -> tuple[list[Any], dict[str, Any]]:
    try:
        with path.open("rb") as file:
            found = np.load(file, allow_pickle=False)
            if isinstance(found, np.ndarray):
                return [found], {}
            return [], {name: found[name] for name in found.files}
    except OSError as error:
        raise UsageError(f"--at: {path}: {error.strerror or 'is damaged'}") from None
    except Exception as error:  # of whatever class zipfile, zlib and NumPy raise on damaged files
        reason = " ".join(str(error).split())
        raise UsageError(f"--at: {path}: holds no arrays of numbers that can be read: {reason}") from None


class _Reader:
    """Reads one text."""

    def __init__(self, text: str, random: Random) -> None:
        self.text, self.random = text, random

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """Positional and named values."""
        if len(self.text) > LONGEST:
            raise UsageError(f"--at is longer than {LONGEST} characters; save the arrays as FILE.npz")
        try:
            # The parentheses let a list of arguments be read as those of a call.
            call = ast.parse(f"_({self.text})", mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise UsageError(
                f"--at {self.text!r} can't be read; write it as x=[1, 2], W=randn(2, 3)"
            ) from None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "_":
            raise UsageError(f"--at {self.text!r} can't be read; write it as x=[1, 2], W=randn(2, 3)")
        with np.errstate(all="ignore"):
            plain = [self._value(node) for node in call.args]
            named = {str(keyword.arg): self._value(keyword.value) for keyword in call.keywords}
        return plain, named

    def _value(self, node: ast.expr) -> Any:
        try:
            return _float_array(self._read(node))
        except (ArithmeticError, ValueError, TypeError, IndexError, MemoryError, RecursionError) as error:
            raise UsageError(f"--at: {ast.unparse(node)}: {error}") from None

    def _read(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=bool() | int() | float() as number):
                return float(number)
            case ast.Constant(value=None):
                return None
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return [self._read(item) for item in items]
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](_array(self._read(operand)))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](_array(self._read(left)), _array(self._read(right)))
            case ast.Attribute(value=inner, attr="T"):
                return _array(self._read(inner)).T
            case ast.Call(func=ast.Attribute(value=inner, attr="reshape"), args=sizes, keywords=[]) if (
                not _module(inner)
            ):
                return _array(self._read(inner)).reshape(_sizes([self._read(size) for size in sizes]))
            case ast.Call(func=function, args=values, keywords=[]):
                return self._call(function, [self._read(value) for value in values])
        raise ValueError(f"{_shown(node)} is not allowed; {_ALLOWED}")

    def _call(self, function: ast.expr, values: list[Any]) -> Any:
        """Also under the names that NumPy has for it: np.ones, np.random.randn."""
        name = function.attr if isinstance(function, ast.Attribute) and _module(function.value) else None
        name = function.id if isinstance(function, ast.Name) else name
        if name in ("randn", "rand"):
            draw = {"randn": lambda: self.random.gauss(0, 1), "rand": self.random.random}[name]
            sizes = _sizes(values)
            return np.array([draw() for _ in range(_count(sizes))]).reshape(sizes)
        if name not in _FUNCTIONS:
            raise ValueError(f"{_shown(function)} is not allowed; {_ALLOWED}")
        return _FUNCTIONS[name](*values)


def _array(value: Any) -> Any:
    if value is None:
        raise ValueError("None is no number")
    return np.asarray(value, np.float64) if not isinstance(value, np.ndarray) else value


def _float_array(value: Any) -> Any:
    """What a parameter gets: an array where the text has a list, a float where it has a number."""
    if value is None:
        return None
    array = _array(value)
    if not np.isfinite(array).all():
        raise ValueError("is not finite")
    return array if array.ndim else float(array)


def _sizes(values: list[Any]) -> tuple[int, ...]:
    """The sizes in zeros(2, 3) or zeros((2, 3))."""
    flat = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    return tuple(_whole(value) for value in flat)


def _whole(value: Any) -> int:
    if not isinstance(value, (float, np.ndarray)) or np.ndim(value) or float(value) != int(value):
        raise ValueError(f"{value} is no whole number")
    return int(value)


def _count(sizes: tuple[int, ...]) -> int:
    count = 1
    for size in sizes:
        count *= size
    if not 0 <= count <= LARGEST or any(size < 0 for size in sizes):
        raise ValueError(f"more than {LARGEST} numbers; save the arrays as FILE.npz")
    return count


def _filled(value: float) -> Callable[..., Any]:
    return lambda *sizes: (
        np.full(_sizes([*sizes]), value) if _count(_sizes([*sizes])) else np.empty(_sizes([*sizes]))
    )


def _arange(*bounds: float) -> Any:
    limits = [float(bound) for bound in bounds]
    first, last, step = {1: [0.0, *limits, 1.0], 2: [*limits, 1.0], 3: limits}[len(limits)]
    _count((max(0, int((last - first) / step) + 1),))
    return np.arange(first, last, step)


def _linspace(first: float, last: float, count: float = 50.0) -> Any:
    return np.linspace(float(first), float(last), _count((_whole(count),)))


def _eye(size: float) -> Any:
    _count((_whole(size), _whole(size)))
    return np.eye(_whole(size))


_FUNCTIONS: dict[str | None, Callable[..., Any]] = {
    "zeros": _filled(0.0),
    "ones": _filled(1.0),
    "arange": _arange,
    "linspace": _linspace,
    "eye": _eye,
    "array": _array,
    "reshape": lambda value, *sizes: _array(value).reshape(_sizes([*sizes])),
    "int": lambda value: np.asarray(value).astype(np.int64),
}

_ALLOWED = (
    f"allowed are numbers, lists, + - * / ** @, .T and {', '.join(map(str, ('randn', 'rand', *_FUNCTIONS)))}"
)


def _module(node: ast.expr) -> bool:
    """np, numpy, np.random or numpy.random."""
    if isinstance(node, ast.Attribute) and node.attr == "random":
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else text[:40] + "…"
