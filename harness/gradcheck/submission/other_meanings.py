"""What means something else than in Python 2, or in other languages: how it fails, and what to write."""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from gradcheck.submission.cells import places

_VIEWS = {"dict_keys": "keys", "dict_values": "values", "dict_items": "items"}
_MAKES_NO_LIST = (
    r"'(?P<a>map|filter|zip|range|dict_\w+)' object (?:is not subscriptable|does not support|has no attr)"
    r"|object of type '(?P<b>map|filter|zip)' has no len"
    r"|unsupported operand type\(s\) for \+=?: .*'(?P<c>map|filter|zip|range|dict_\w+)'"
)


class _Change(NamedTuple):
    """Something that fails with a TypeError."""

    text: str
    """How the exception's text begins."""
    is_cause: Callable[[ast.AST], bool]
    """Whether a part of the file brings it about."""
    write: str


def _is_printing(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.RShift)
        and isinstance(node.left, ast.Name)
        and node.left.id == "print"
    )


def _is_sorting(node: ast.AST) -> bool:
    name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
    return name in ("sort", "sorted", "min", "max")


def _is_power(node: ast.AST) -> bool:
    return isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.BitXor)


def _raises_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and isinstance(node.exc, (ast.Constant, ast.JoinedStr))


_CHANGES = (
    _Change(
        r"unsupported operand type\(s\) for >>: 'builtin_function_or_method'",
        _is_printing,
        "this is Python 2: write print(x, file=f), not print >>f, x",
    ),
    _Change(
        r"'cmp' is an invalid keyword|sort\(\) takes no positional|sorted expected 1 argument, got",
        _is_sorting,
        "this is Python 2: write key=functools.cmp_to_key(f), not cmp=f",
    ),
    _Change(
        "exceptions must derive from BaseException",
        _raises_text,
        'write raise Exception("x"), not raise "x"',
    ),
    _Change(
        r"ufunc 'bitwise_xor' not supported|unsupported operand type\(s\) for \^=?:",
        _is_power,
        "^ is no power in Python: write **",
    ),
)
_WANTS_INTEGER = (
    r"'float' object cannot be interpreted as an integer|slice indices must be integers|only integers, slices"
    r"|expected a sequence of integers or a single integer|'numpy.float64' object cannot be interpreted"
    r"|can't multiply sequence by non-int|(?:list|tuple) indices must be integers or slices, not float"
)


def advice(error: BaseException, text: str, nodes: Iterable[ast.AST], lines: Sequence[str]) -> str:
    """What to write in place of what has failed; empty where it is none of these.

    `nodes` are all parts of the file that raised it, and `lines` its lines.
    """
    if not isinstance(error, (TypeError, AttributeError, IndexError)):
        return ""
    for change in _CHANGES if isinstance(error, TypeError) else ():
        if re.match(change.text, text):
            where = _lines(filter(change.is_cause, nodes))
            return f"{change.write} ({places(where, lines)})" if where else ""
    if match := re.match(_MAKES_NO_LIST, text):
        return _no_list(next(filter(None, match.groups())), nodes, lines)
    if re.match(_WANTS_INTEGER, text):
        return _float(error, nodes, lines)
    return ""


def _no_list(name: str, nodes: Iterable[ast.AST], lines: Sequence[str]) -> str:
    """What map, zip and keys() make is a list no more."""
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    if view := _VIEWS.get(name):
        where = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == view]
        what, write = f"{view}()", f"list(d.{view}())"
    else:
        where = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == name]
        what, write = name, f"list({name}(…))"
    return (
        f"{what} makes no list in Python 3: write {write} ({places(_lines(where), lines)})" if where else ""
    )


def _float(error: BaseException, nodes: Iterable[ast.AST], lines: Sequence[str]) -> str:
    """A quotient is a float, whatever it is of; only of the very line that failed can it be blamed."""
    steps = [line for frame, line in traceback.walk_tb(error.__traceback__)]
    divisions = [node for node in nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    where = [line for line in _lines(divisions) if line == (steps[-1] if steps else 0)]
    return (
        f"/ gives a float in Python 3: write // for a whole number ({places(where, lines)})" if where else ""
    )


def _lines(nodes: Iterable[ast.AST]) -> list[int]:
    return sorted({line for node in nodes if (line := getattr(node, "lineno", None))})
