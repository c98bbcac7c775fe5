"""Why a name that is not defined is not: where the file imports or defines it, and what came in between."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from gradcheck.submission.cells import places, python

Failures: TypeAlias = Mapping[tuple[str, int], str]
"""File and line of each statement that failed when a file was loaded -> why."""
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")


def why(name: str, text: str, file: str, failures: Failures) -> str:
    """Why the file's own statements give that name no meaning, in words; empty where nobody can tell."""
    tree = _tree(text)
    lines = text.split("\n")
    if tree is None:
        return ""
    for statement in _statements(tree):
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and (source := _source(statement, name)):
            reason = failures.get((file, statement.lineno))
            if reason or _in_guard(tree, statement):
                of = f" from {source}" if isinstance(statement, ast.ImportFrom) else ""
                return _imported(of, _at(statement.lineno, lines), reason)
    return _hidden(name, tree, lines) or _from_all(tree, file, lines, failures)


def may_define(name: str, text: str) -> bool:
    """Whether a file's own statements may give that name a meaning, as far as they can be read."""
    tree = _tree(text)
    if tree is None:
        return True
    return any(_binds(statement, name) for statement in _statements(tree))


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(python(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a file, those within its blocks, too, but not those of functions and classes."""
    for block in _BLOCKS:
        for inner in getattr(tree, block, ()):
            if isinstance(inner, ast.stmt):
                yield inner
            if not isinstance(inner, _Definition):
                yield from _statements(inner)


def _binds(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound) | ast.ClassDef(name=bound):
            return bound == name
        case ast.Import() | ast.ImportFrom():
            return any(alias.name == "*" for alias in statement.names) or bool(_source(statement, name))
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return any(
        (node.id == name and isinstance(node.ctx, ast.Store)) or node.id in ("exec", "globals", "setattr")
        for node in names
    )


def _source(statement: ast.Import | ast.ImportFrom, name: str) -> str:
    """The module from which an import takes that name; empty where it doesn't."""
    for alias in statement.names:
        if (alias.asname or alias.name.partition(".")[0]) == name:
            if isinstance(statement, ast.Import):
                return alias.name
            return "." * statement.level + (statement.module or "")
    return ""


def _imported(of: str, at: str, reason: str | None) -> str:
    """`of` says where it comes from."""
    if reason is None:
        return f'{at} imports it{of} under `if __name__ == "__main__":`, which is not run'
    if reason.startswith("ModuleNotFoundError: No module named") and ";" not in reason:
        module = reason.rpartition("named ")[2].strip("'")
        return f"{at} imports it{of}, and {module} is neither installed nor handed in"
    return f"{at} imports it{of}, and fails: {reason}"


def _from_all(tree: ast.Module, file: str, lines: list[str], failures: Failures) -> str:
    """A failed `from utils import *` may have had it."""
    for statement in _statements(tree):
        reason = failures.get((file, statement.lineno))
        if reason and isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            at = _at(statement.lineno, lines)
            return f"{at}, `{ast.unparse(statement)}`, fails: {reason}"
    return ""


def _hidden(name: str, tree: ast.Module, lines: list[str]) -> str:
    """Where a function of that name is defined, so that nobody outside can call it."""
    for outer, inner in _pairs(tree):
        if isinstance(inner, _Definition) and inner.name == name:
            at = _at(inner.lineno, lines)
            if isinstance(outer, ast.ClassDef):
                return f"{name} is defined in class {outer.name} ({at}): define it outside of the class"
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return f"{name} is defined in {outer.name} ({at}): define it outside of that function"
            if _in_guard(tree, inner):
                return (
                    f'{name} is defined under `if __name__ == "__main__":` ({at}), which is not run: '
                    "move it to before that line"
                )
    pattern = re.compile(rf"[ \t]*#+[ \t]*def[ \t]+{re.escape(name)}[ \t]*\(")
    if commented := next((n for n, line in enumerate(lines, 1) if pattern.match(line)), None):
        return f"the definition of {name} is commented out ({_at(commented, lines)})"
    if quoted := _quoted(name, tree):
        return f"the definition of {name} is inside a string ({_at(quoted, lines)})"
    return ""


def _pairs(tree: ast.AST, outer: ast.AST | None = None) -> Iterator[tuple[ast.AST | None, ast.AST]]:
    """All statements, each with the function or class in which it stands."""
    for block in _BLOCKS:
        for inner in getattr(tree, block, ()):
            yield outer, inner
            yield from _pairs(inner, inner if isinstance(inner, _Definition) else outer)


def _in_guard(tree: ast.Module, statement: ast.stmt) -> bool:
    guards = (one for one in tree.body if isinstance(one, ast.If) and "__name__" in ast.unparse(one.test))
    return any(statement is inner for guard in guards for inner in _statements(guard))


def _quoted(name: str, tree: ast.Module) -> int | None:
    """The line of a text among the file's statements in which the function is defined."""
    for statement in tree.body:
        match statement:
            case ast.Expr(value=ast.Constant(value=str(text))):
                pattern = rf"^[ \t]*def[ \t]+{re.escape(name)}[ \t]*\("
                if match := re.search(pattern, text, re.MULTILINE):
                    return statement.lineno + text.count("\n", 0, match.start())
    return None


def _at(line: int, lines: list[str]) -> str:
    return places([line], lines)
