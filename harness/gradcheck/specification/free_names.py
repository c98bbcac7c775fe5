"""The names that `run` reads and does not bind: what a case gives, and what the submission's file defines."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Collection, Iterator

_OF_A_MODULE = frozenset({"__name__", "__file__", "__builtins__", "__doc__"})


def taken_names(run: str, given: Collection[str]) -> list[str]:
    """The names that `run` takes from the submission's file: neither given, nor bound in it, nor builtins."""
    table = symtable.symtable(run, "run", "exec")
    bound = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    known = {*bound, *given, *dir(builtins), *_OF_A_MODULE}
    return [name for name in dict.fromkeys(_global_reads(table)) if name not in known]


def first_read(run: str, name: str) -> ast.Name | None:
    """Where `run` first reads the name as a value, not to call it; None where it only calls it."""
    tree = ast.parse(run)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    reads = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name)
    return next((node for node in reads if id(node) not in called), None)


def _global_reads(table: symtable.SymbolTable) -> Iterator[str]:
    at_top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (at_top or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _global_reads(inner)
