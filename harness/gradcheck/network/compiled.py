"""A network, or one expression of rows, as a function by NumPy, for those that run it often."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import prod
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.named import Lengths
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.registry import CALLED, OVER
from gradcheck.expr.tree import Expr, Name
from gradcheck.network.code import write_function
from gradcheck.network.records import Equation, Network

ROWS = ("n", "k")
"""The axes of an array whose rows are treated alike."""


def compiled(
    network: Network, results: Collection[str], lengths: Lengths
) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
    """(what is given, by name, as the network lays it) -> the results, by name, laid likewise.

    `lengths` are those of axes that nothing given has. The function is the code that is written for people
    (`code.py`), with the operations' own values in the place of shorter ones, which lose digits at the ends.
    Outside a function's domain the result is NaN or infinite, silently.
    """
    code = write_function(network, results, "run", parameters=list(network.given), lengths=lengths)
    scope: dict[str, Any] = {}
    exec(code, scope)
    scope |= {name: op.value for name, op in (CALLED | OVER).items() if name in scope}
    run, given, names = scope["run"], list(network.given), list(results)

    def call(arrays: Mapping[str, Array]) -> dict[str, Array]:
        with np.errstate(all="ignore"):
            results = run(*(arrays[name] for name in given))
        return dict(zip(names, results if len(names) > 1 else (results,), strict=True))

    return call


def read_rows(text: str, *known: str) -> Expr:
    """The expression of arrays [n, k] of these names; raises ExprError where the text can't be read."""
    scope = Scope({name: (Name(name, ROWS), ROWS) for name in known}, {axis: (axis,) for axis in ROWS})
    return read(text, scope).expression


def by_rows(expression: Expr, *names: str) -> Callable[..., Array]:
    """The function of arrays [..., k] of these names, in this order, that broadcast against each other.

    Its value is [..., k] as well, of length one along axes that it lacks.
    """
    equation = Equation("value", expression, expression.axes)
    function = compiled(Network(dict.fromkeys(names, ROWS), (equation,)), ["value"], {})

    def run(*arrays: Array) -> Array:
        whole = np.broadcast_arrays(*arrays)
        *front, length = whole[0].shape or (1,)
        rows = [array.reshape(prod(front), length) for array in whole]
        value = np.asarray(function(dict(zip(names, rows, strict=True)))["value"])
        width = length if "k" in equation.layout else 1
        shape = [*front, width] if equation.layout else [1] * whole[0].ndim
        return value.reshape(shape[: whole[0].ndim])

    return run


def filled(expression: Expr, *names: str) -> Callable[..., Array]:
    """The same; its value is an array of its own, of the first one's shape and dtype."""
    function = by_rows(expression, *names)

    def run(first: Array, *others: Array) -> Array:
        return np.array(np.broadcast_to(function(first, *others), first.shape), first.dtype)

    return run
