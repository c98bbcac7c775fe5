"""A formula of the catalogue turned into a learner's layout: arrays as the learner has them, or transposed.

The catalogue's X is the transpose of the learner's where samples are columns or W is (units, inputs).
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from gradcheck.expr.registry import CALLED

Turned = Callable[[str], bool | None]
"""Name -> whether the learner's array is the transpose of the catalogue's; None where either will do."""

_ENTRY_BY_ENTRY = {
    *(name for name, operation in CALLED.items() if operation.arity == 1),
    *("g", "max0", "ones", "positive", "sample_sum", "sigma", "slope", "zeros"),
}
"""Functions that may have the transposes of their arguments, and then have the transpose as their result."""
_TO_VECTORS = {
    *("all_but_last_axis", "diagonal", "filter_sum", "first_example", "last_example", "time_sum", "total"),
}
"""Functions whose result is neither a row nor a column."""


def oriented(tree: ast.expr, turn: bool, turned: Turned) -> ast.expr:
    """The formula for the tree's value, or for its transpose where `turn`, in the learner's arrays.

    T stands only where the learner has to transpose, and rather at a sum than at each of its terms.
    Functions that know samples from units have arguments that lie as the learner's samples do.
    """
    return _Orienting(turned).oriented(tree, turn)


def natural(tree: ast.expr, turned: Turned) -> ast.expr:
    """The formula the way round that needs fewer transposes; where both need as many, as samples lie."""
    lies = bool(_lies(tree, turned))
    return min((oriented(tree, turn, turned) for turn in (lies, not lies)), key=_transposes)


class _Orienting:
    def __init__(self, turned: Turned) -> None:
        self.turned = turned

    def oriented(self, node: ast.expr, turn: bool) -> ast.expr:
        match node:
            case ast.Name(name):
                return _transposed(node) if self.turned(name) not in (None, turn) else node
            case ast.Call(ast.Name("T"), [inner]):
                return self.oriented(inner, not turn)
            case ast.Call(ast.Name(function)):
                return self._call(function, node, turn)
            case ast.BinOp():
                return self._operation(node, turn)
            case ast.UnaryOp(operator, operand):
                return ast.UnaryOp(operator, self.oriented(operand, turn))
        return node

    def _call(self, function: str, call: ast.Call, turn: bool) -> ast.expr:
        lies = _lies(call, self.turned)
        if lies is None or function.partition("_")[0] in _ENTRY_BY_ENTRY or function in _ENTRY_BY_ENTRY:
            lies = turn
        made = ast.Call(call.func, [self.oriented(a, lies) for a in call.args], call.keywords)
        return made if lies == turn or function in _TO_VECTORS else _transposed(made)

    def _operation(self, node: ast.BinOp, turn: bool) -> ast.expr:
        match node.op:
            case ast.MatMult() if turn:
                return ast.BinOp(self.oriented(node.right, turn), node.op, self.oriented(node.left, turn))
            case ast.Add() | ast.Sub():
                return min(self._sides(node, turn), _transposed(self._sides(node, not turn)), key=_transposes)
        return self._sides(node, turn)

    def _sides(self, node: ast.BinOp, turn: bool) -> ast.expr:
        return ast.BinOp(self.oriented(node.left, turn), node.op, self.oriented(node.right, turn))


def _lies(tree: ast.expr, turned: Turned) -> bool | None:
    """Whether the learner's arrays are transposes of the catalogue's; None where none has to be either."""
    known = [found for n in ast.walk(tree) if isinstance(n, ast.Name) and (found := turned(n.id)) is not None]
    return any(known) if known else None


def _transposes(tree: ast.expr) -> int:
    return sum(isinstance(n, ast.Name) and n.id == "T" for n in ast.walk(tree))


def _transposed(tree: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("T"), [tree], [])
