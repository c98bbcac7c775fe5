"""What a spec asks a submission for: a file, and the functions that `run` calls."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Arguments(NamedTuple):
    """How `run` calls a function."""

    positional: int
    keywords: frozenset[str]
    is_open: bool
    """Whether there are `*` or `**` arguments, of which nobody knows the number."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a spec asks a submission for."""

    file: str
    run: str = ""
    formula: bool = False
    """Whether formulas are taken in the place of code."""
    others: Sequence[Wanted] = ()
    """What the other specs that are checked in the same run ask for, where it is another file."""
    elsewhere: Callable[[], Collection[str]] = frozenset
    """The files that specs beside this one ask for, checked or not: each is for its own spec alone."""

    @cached_property
    def functions(self) -> Mapping[str, Arguments]:
        """The functions that `run` calls and does not define; empty where it is no Python."""
        try:
            nodes = list(ast.walk(ast.parse(self.run)))
        except (SyntaxError, ValueError, RecursionError):
            return {}
        bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        bound |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        bound |= {name.asname or name.name for node in nodes for name in getattr(node, "names", ()) if name}
        return {
            node.func.id: _arguments(node)
            for node in nodes
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id not in bound
            and not hasattr(builtins, node.func.id)
        }


def _arguments(call: ast.Call) -> Arguments:
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    named = {keyword.arg for keyword in call.keywords}
    return Arguments(len(call.args), frozenset(filter(None, named)), starred or None in named)
