"""What a file defines behind the statement at which it stops: imports, functions, classes and constants.

A function is defined without decorators and annotations that need what is missing.
"""

from __future__ import annotations

import ast
import builtins
import copy
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

Names = dict[str, Any]
Span = tuple[int, int]
"""The first and the last line of statements that follow each other."""

_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DISPENSABLE = frozenset(
    {
        *("jit", "njit", "profile", "function", "script", "compile", "no_grad", "inference_mode"),
        *("typechecked", "beartype", "jaxtyped", "cache", "memoize", "cache_data", "interact"),
    }
)
"""Decorators that change how fast a function is, or what it complains of, and not what it returns."""
_ANNOTATIONS = ast.parse("from __future__ import annotations").body[0]
"""So that annotations are not evaluated."""
_MODULES = ("numpy", "math", "cmath")
"""Modules whose functions make constants."""
_BUILTINS = frozenset(
    {
        *("abs", "bool", "complex", "dict", "divmod", "float", "frozenset", "int", "len", "list", "max"),
        *("min", "pow", "range", "round", "set", "sorted", "str", "sum", "tuple", "zip"),
    }
)


def define(
    text: str,
    file: str,
    home: Names,
    stopped: int,
    execute: Callable[[types.CodeType], None],
    failed: Callable[[int, BaseException], None],
) -> list[Span]:
    """Execute what the file defines behind line `stopped`, each statement for itself; what was left out.

    `execute` runs code among the names `home`; a statement that raises is left out like one that does more
    than to define something, and `failed` gets its line and what it raised. Raises KeyboardInterrupt and
    MemoryError alone.
    """
    tree = ast.parse(text, file)
    future = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    left_out: list[Span] = []
    joins = False  # whether the statement before this one was left out, too
    for statement in _following(tree.body, stopped):
        if _is_idle(statement):
            continue
        error = None
        if is_defining := _defines(statement, home):
            error = _error(execute, ast.Module([*future, statement], []), file)
        if isinstance(error, NameError) and isinstance(statement, _FUNCTIONS):
            plain, lines = _plain(statement, home)
            if _error(execute, ast.Module([_ANNOTATIONS, *future, plain], []), file) is None:
                left_out += [(line, line) for line in lines]
                joins = False
                continue
        if error is not None:
            failed(statement.lineno, error)
        taken = is_defining and error is None
        if not taken:
            first = left_out.pop()[0] if joins else statement.lineno
            left_out.append((first, statement.end_lineno or statement.lineno))
        joins = not taken
    return left_out


def beginning(text: str, line: int) -> int:
    """The first line of the statement of a file, such as a loop, that a line is part of."""
    starts = (one.lineno for one in ast.parse(text).body if one.lineno <= line)
    return max(starts, default=line)


def _following(body: Sequence[ast.stmt], stopped: int) -> Iterator[ast.stmt]:
    """The statements behind a line, those of the block in which it stands, too."""
    for statement in body:
        if statement.lineno > stopped or _stops_itself(statement, stopped):
            yield statement
        elif isinstance(statement, (ast.If, ast.Try, ast.With)):
            for block in (statement.body, getattr(statement, "orelse", ())):
                if block and block[0].lineno <= stopped <= (block[-1].end_lineno or stopped):
                    yield from _following(block, stopped)


def _stops_itself(statement: ast.stmt, stopped: int) -> bool:
    """Whether it is a function of which a decorator or an annotation has failed."""
    if not isinstance(statement, _FUNCTIONS):
        return False
    first = min((decorator.lineno for decorator in statement.decorator_list), default=statement.lineno)
    return first <= stopped <= statement.lineno


def _plain(function: _Function, home: Names) -> tuple[_Function, list[int]]:
    """The function without the decorators that are not there and change no value, and their lines."""
    missing = [one for one in function.decorator_list if _is_dispensable(one, home)]
    plain = copy.copy(function)
    plain.decorator_list = [one for one in function.decorator_list if one not in missing]
    return plain, [one.lineno for one in missing]


def _is_dispensable(decorator: ast.expr, home: Names) -> bool:
    """Whether it is one like @numba.njit(parallel=True), and nobody has numba."""
    first = decorator.func if isinstance(decorator, ast.Call) else decorator
    last = getattr(first, "attr", getattr(first, "id", ""))
    while isinstance(first, ast.Attribute):
        first = first.value
    return last in _DISPENSABLE and isinstance(first, ast.Name) and first.id not in {*home, *dir(builtins)}


def _error(execute: Callable[[types.CodeType], None], module: ast.Module, file: str) -> BaseException | None:
    """What a statement raises."""
    try:
        execute(compile(module, file, "exec", dont_inherit=True))
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        return error
    return None


def _is_idle(statement: ast.stmt) -> bool:
    """Whether it does nothing where the file is imported: texts, and what stands under a main guard."""
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
        case ast.If(test=ast.Compare(left=left, comparators=[right]), orelse=[]):
            return "__name__" in (getattr(left, "id", None), getattr(right, "id", None))
    return False


def _defines(statement: ast.stmt, home: Names) -> bool:
    """Whether it gives names a meaning, and does nothing else that takes time or needs anything."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            return all(_is_constant(part, home) for part in (*targets, value))
        case ast.AugAssign(target=target, value=value):
            return _is_constant(target, home) and _is_constant(value, home)
        case ast.AnnAssign(value=value):
            return value is None or _is_constant(value, home)
        case ast.If(test=test, body=body, orelse=others):
            return _is_constant(test, home) and _all_define([*body, *others], home)
        case ast.Try(body=body, handlers=handlers, orelse=others, finalbody=last):
            caught = (one for handler in handlers for one in handler.body)
            return _all_define([*body, *caught, *others, *last], home)
    return isinstance(statement, _DEFINING) or _is_idle(statement)


def _all_define(statements: Iterable[ast.stmt], home: Names) -> bool:
    return all(_defines(statement, home) for statement in statements)


def _is_constant(value: ast.expr, home: Names) -> bool:
    """Whether nothing is called for it but classes of the file, NumPy's functions and a few others."""
    if any(isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom)) for node in ast.walk(value)):
        return False
    return all(_makes_constants(node.func, home) for node in _calls(value))


def _calls(value: ast.expr) -> Iterator[ast.Call]:
    """The calls that are made at once: those in a lambda's body are not."""
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _makes_constants(function: ast.expr, home: Names) -> bool:
    """Whether a function is NumPy's or math's, a class of the file's, or a method of a plain value."""
    root = function
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):  # a method of what another expression makes, which is looked at, too
        return root is not function
    if root.id not in home:
        return root is function and root.id in _BUILTINS
    value = home[root.id]
    if isinstance(value, types.ModuleType):
        return _top(value.__name__) in _MODULES
    if root is not function:
        return _top(type(value).__module__) in ("numpy", "builtins") and not callable(value)
    module = getattr(value, "__module__", None)
    return _top(module) in _MODULES or (isinstance(value, type) and module == home.get("__name__"))


def _top(module: object) -> str:
    return str(module).partition(".")[0]
