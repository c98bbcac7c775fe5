"""The point at which a function is checked: read from a text or a file, or drawn at random.

The text lists the arguments as a call would, ``x=[1, 2], W=randn(2, 3)``. It is read by a grammar of its
own, a small part of Python's: numbers, lists, arithmetic, the functions below, and those of numbers that
expressions have. Nothing is evaluated.
"""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.function import frameworks
from gradcheck.function.probe import spread
from gradcheck.function.signature import Signature

if TYPE_CHECKING:
    from gradcheck.expr.operation import Entrywise

LONGEST = 10_000
LARGEST = 1_000_000
"""The most numbers that one array may hold."""

EXACT = 2.0**53
"""Below this, a float64 holds every whole number."""

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
    """The arguments for f: from an expression, from a FILE.npz or FILE.npy, or drawn (text None).

    They come in the order of its parameters, those that go by name alone last. Numbers without a point stay
    whole, as in Python. Raises UsageError.
    """
    parameters = _parameters(f)
    if text is None:
        return _drawn(parameters, Random(f"{seed}/point"))
    if text.endswith((".npz", ".npy")):
        plain, named = _from_file(Path(text))
    else:
        plain, named = _Reader(text, Random(f"{seed}/point")).arguments()
    _refuse_unknown(named, [p.name for p in parameters], Signature.of(f))
    return _in_order(plain, named, parameters)


def _refuse_unknown(named: Mapping[str, Any], names: Sequence[str], signature: Signature) -> None:
    """Raise UsageError where a value's name is not among `names`, which can be given in their order."""
    name = next((name for name in named if name not in names), None)
    if name is None:
        return
    if name in signature.keywords or signature.any_keyword:
        f, first = signature.function, ", ".join(signature.plain)
        raise UsageError(
            f"--at can't give {name} by name alone beside *arguments or **keywords; check a function without "
            f"them: def g({first}, {name}): return {f}({first}, {name}={name})"
        )
    raise UsageError(f"--at: there is no argument {name!r}; there are {', '.join(names) or 'none'}")


def _parameters(f: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return []
    # None can be given by name behind *arguments: nothing says where those end.
    open_end = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    return [
        p
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        or (p.kind is p.KEYWORD_ONLY and not open_end)
    ]


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
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return [loaded], {}
            return [], {name: loaded[name] for name in loaded.files}
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
            return _finished(self._read(node))
        except (ArithmeticError, ValueError, TypeError, IndexError, MemoryError, RecursionError) as error:
            raise UsageError(f"--at: {ast.unparse(node)}: {error}") from None

    def _read(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=bool() | int() | float() as number):
                return number
            case ast.Constant(value=None):
                return None
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return [self._read(item) for item in items]
            case ast.Dict(keys=keys, values=values):
                return dict(zip(map(_key, keys), map(self._read, values), strict=True))
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
                return _computed(op, self._read(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _computed(op, self._read(left), self._read(right))
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
        """Also under the names that NumPy has for it: np.ones, np.random.randn; and PyTorch, and JAX."""
        module = _module(function.value) if isinstance(function, ast.Attribute) else ""
        name = function.attr if isinstance(function, ast.Attribute) and module else None
        name = function.id if isinstance(function, ast.Name) else name
        value = self._called(name, function, values)
        return frameworks.in_framework(module, value) if module in ("torch", "jax") else value

    def _called(self, name: str | None, function: ast.expr, values: list[Any]) -> Any:
        if name in ("randn", "rand"):
            draw = {"randn": lambda: self.random.gauss(0, 1), "rand": self.random.random}[name]
            sizes = _sizes(values)
            return np.array([draw() for _ in range(_count(sizes))]).reshape(sizes)
        if name in FUNCTIONS:
            return FUNCTIONS[name](*values)
        from gradcheck.expr.registry import called  # seldom needed

        if name is None or (operation := called(name)) is None:
            raise ValueError(f"{_shown(function)} is not allowed; {_ALLOWED}")
        return _applied(operation, values)


def _key(node: ast.expr | None) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
        return node.value
    raise ValueError("a dictionary's keys are texts or whole numbers here")


def _array(value: Any) -> Any:
    """Numbers as an array: whole ones of int64, where they fit, and all others of float64."""
    if value is None or isinstance(value, dict):
        raise ValueError(f"{'None' if value is None else 'a dictionary'} is no number")
    if isinstance(value, np.ndarray) or frameworks.framework_of(value) is not None:
        return value
    array = np.asarray(value)
    return array if array.dtype.kind in "ib" else np.asarray(value, np.float64)


def _computed(op: ast.AST, *operands: Any) -> Any:
    """What an operator gives: a whole number of whole ones, but of a division, and where it is too large."""
    arrays = [_array(operand) for operand in operands]
    framework = next(filter(None, map(frameworks.framework_of, arrays)), None)
    if framework is not None:
        natives = [a if framework.owns(a) else framework.native(a) for a in arrays]
        return _OPERATORS[type(op)](*natives)
    result = _OPERATORS[type(op)](*(array.astype(np.float64) for array in arrays))
    whole = all(array.dtype.kind in "ib" for array in arrays) and not isinstance(op, ast.Div)
    exact = whole and np.all(np.abs(result) < EXACT) and np.array_equal(result, np.round(result))
    return np.asarray(result, np.int64) if exact else result


def _applied(operation: Entrywise, values: list[Any]) -> Any:
    """What a function of numbers makes of each entry, in the framework of its arguments."""
    missing = operation.arity - len(values)
    if not 0 <= missing <= len(operation.defaults):
        raise ValueError(f"{operation.name} takes {operation.arity} argument(s), not {len(values)}")
    arrays = [_array(value) for value in (*values, *operation.defaults[len(operation.defaults) - missing :])]
    framework = next(filter(None, map(frameworks.framework_of, arrays)), None)
    made = operation.value(*(np.asarray(frameworks.plain(array), np.float64) for array in arrays))
    return made if framework is None else framework.native(made)


def _finished(value: Any) -> Any:
    """What a parameter gets: an array where the text has a list, a number where it has one."""
    if value is None or isinstance(value, bool) or frameworks.framework_of(value) is not None:
        return value
    if isinstance(value, dict):
        return {key: _finished(part) for key, part in value.items()}
    if isinstance(value, list) and any(map(_is_several, value)):
        return [_finished(part) for part in value]
    array = _array(value)
    if not np.isfinite(array).all():
        raise ValueError("is not finite")
    # Whole numbers are of no particular type.
    return array.tolist() if array.dtype.kind in "ib" or not array.ndim else array


def _is_several(value: Any) -> bool:
    """Whether a part of a list makes it a list of arrays, which may differ in shape."""
    if isinstance(value, list):
        return any(map(_is_several, value))
    return isinstance(value, dict) or np.ndim(frameworks.plain(value)) > 0


def _sizes(values: list[Any]) -> tuple[int, ...]:
    """The sizes in zeros(2, 3) or zeros((2, 3))."""
    flat = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    return tuple(_whole(value) for value in flat)


def _whole(value: Any) -> int:
    if not isinstance(value, (int, float, np.ndarray)) or np.ndim(value) or float(value) != int(value):
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
    entries = np.arange(first, last, step)
    whole = all(np.asarray(bound).dtype.kind in "ib" for bound in bounds)
    return entries.astype(np.int64) if whole else entries


def _linspace(first: float, last: float, count: float = 50.0) -> Any:
    return np.linspace(float(first), float(last), _count((_whole(count),)))


def _eye(size: float) -> Any:
    _count((_whole(size), _whole(size)))
    return np.eye(_whole(size))


FUNCTIONS: dict[str | None, Callable[..., Any]] = {
    "zeros": _filled(0.0),
    "ones": _filled(1.0),
    "arange": _arange,
    "linspace": _linspace,
    "eye": _eye,
    "array": _array,
    "asarray": _array,
    "tensor": _array,
    "reshape": lambda value, *sizes: _array(value).reshape(_sizes([*sizes])),
    "int": lambda value: np.asarray(value).astype(np.int64),
    "float": lambda value: np.asarray(value, np.float64),
}

_NAMES = ", ".join(str(name) for name in ("randn", "rand", *FUNCTIONS))
_ALLOWED = (
    f"allowed are numbers, lists, dictionaries, + - * / ** @, .T, {_NAMES}, and functions of numbers, as exp"
)


def _module(node: ast.expr) -> str:
    """The package that a name stands for, as np.random or jnp do; empty for any other name."""
    if isinstance(node, ast.Attribute) and node.attr in ("random", "numpy"):
        node = node.value
    return _MODULES.get(node.id, "") if isinstance(node, ast.Name) else ""


_MODULES = {"np": "numpy", "numpy": "numpy", "torch": "torch", "jnp": "jax", "jax": "jax"}


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else text[:40] + "…"
