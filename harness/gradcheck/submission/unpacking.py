"""What a student's function returned, where `run` unpacks it: a wrong number of values is said in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import CoroutineType, GeneratorType
from typing import Any

import numpy as np

from gradcheck.submission.text import one_line

CHECK = "<checked>"
"""The name by which `run` finds `checked`: none that Python's grammar could write."""
_LONGEST = 60


def with_checks(run: ast.Module) -> ast.Module:
    """The tree of `run`, in which `a, b = f(x)` becomes `a, b = checked(f(x), …)`.

    It is changed in place; functions and classes that `run` defines are left as they are.
    """
    for node in _assignments(run):
        if parts := _unpacked(node):
            node.value = _wrapped(node.value, parts)
    return run


def checked(value: Any, names: str, count: int, source: str) -> Any:
    """`value`, where `count` values can be unpacked from it, or where only unpacking it can tell.

    `names` are those that take them, and `source` is the function that returned it. Raises TypeError where
    it is one value or a dictionary, ValueError where there are more or fewer.
    """
    if isinstance(value, CoroutineType):
        value.close()
        raise TypeError(f"{source} returned a coroutine: define it with `def`, not `async def`")
    if isinstance(value, GeneratorType):
        value = list(value)
        if len(value) != count:
            number = "1 value" if len(value) == 1 else f"{len(value)} values"
            raise ValueError(f"{source} is a generator of {number}: write `return`, not `yield`")
    if isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim):
        if len(value) == count:
            return value
        kind: type[Exception] = ValueError
    elif isinstance(value, (Mapping, float, int, type(None), np.ndarray, np.generic)):
        kind = TypeError
    else:
        return value
    wanted = "1 value" if count == 1 else f"{count} values"
    raise kind(f"{source} returned {described(value)}; run takes {wanted} from it: {names}")


def described(value: object) -> str | None:
    """What kind of value it is, with its size: 3 values, a dictionary with the keys W1, b1; or None."""
    match value:
        case None:
            return "None (is a `return` missing?)"
        case tuple() | list():
            return "1 value" if len(value) == 1 else f"{len(value)} values"
        case np.ndarray():
            return f"one array of shape {value.shape}"
        case Mapping():
            keys = ", ".join(str(key) for key in list(value)[:20] if isinstance(key, (str, int)))
            return one_line(
                f"a dictionary with the keys {keys}" if keys else "a dictionary without keys", 120
            )
        case bool() | int() | float() | np.generic():
            return "one number"
        case str():
            return "a text"
        case _:
            return None


def _assignments(node: ast.AST) -> Iterator[ast.Assign]:
    """Those that are executed as `run`'s own lines, also in its loops and conditions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Assign):
            yield child
        elif not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            yield from _assignments(child)


def _unpacked(node: ast.Assign) -> list[ast.expr]:
    """What takes the values of a function with a name, one value each; nothing of other assignments."""
    target, *others = node.targets
    named = isinstance(node.value, ast.Call) and isinstance(node.value.func, (ast.Name, ast.Attribute))
    if others or not named or not isinstance(target, (ast.Tuple, ast.List)):
        return []
    return [] if any(isinstance(part, ast.Starred) for part in target.elts) else target.elts


def _wrapped(value: ast.expr, parts: list[ast.expr]) -> ast.Call:
    assert isinstance(value, ast.Call)
    names, source = ", ".join(map(ast.unparse, parts)), one_line(ast.unparse(value.func), _LONGEST)
    arguments = [value, ast.Constant(names), ast.Constant(len(parts)), ast.Constant(source)]
    call = ast.Call(ast.Name(CHECK, ast.Load()), arguments, [])
    for part in (call, call.func, *arguments[1:]):
        ast.copy_location(part, value)
    return call
