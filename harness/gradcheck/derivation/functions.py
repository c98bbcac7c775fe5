"""The functions that a formula may apply."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.registry import ALIASES, CALLED
from gradcheck.layers.activation import ACTIVATIONS, Activation

MOST_ENTRIES = 10_000
"""Of what outer and diag make."""


def _small(a: Array, b: Array) -> tuple[Array, Array]:
    if a.size * b.size > MOST_ENTRIES:
        raise OverflowError("the result would be too large")
    return a, b


_SPELLINGS = {name: name for name in (*ACTIVATIONS, *CALLED)} | ALIASES
NAMED = {
    written: name
    for written, name in _SPELLINGS.items()
    if name in ACTIVATIONS and name not in ("identity", "sine", "custom")
}
"""Written name -> activation."""

ELEMENTARY = {
    written: name
    for written, name in _SPELLINGS.items()
    if name not in ACTIVATIONS and CALLED[name].arity == 1
}
"""Written name -> function of one number that is no activation."""

ARRAYS: dict[str, Callable[..., Array]] = {
    "dot": lambda a, b: a @ b,
    "matmul": lambda a, b: a @ b,
    "outer": lambda a, b: np.outer(*_small(a, b)),
    "multiply": lambda a, b: a * b,
    **{name: op.value for name, op in CALLED.items() if op.arity > 1 and name not in ACTIVATIONS},
    "max": lambda *v: np.maximum(*v) if len(v) == 2 else np.max(v[0]),
    "sum": np.sum,
    "mean": np.mean,
    "diag": lambda v: np.diag(np.ravel(_small(v, v)[0])),
    "ones_like": np.ones_like,
    "square": np.square,
    "power": np.power,
}
"""Functions of arrays; sum and mean take axis and keepdims."""

GENERIC = frozenset({"sigma", "s", "g", "f", "phi", "varphi", "theta", "h", "psi", "S", "act", "activation"})
"""Letters that sources use for the activation, whichever it is."""


_DERIVATIVES = {
    spelling.format(name): name
    for spelling in ("d{}", "{}_prime", "{}_derivative", "{}_deriv", "{}_grad")
    for name in (*NAMED, *GENERIC)
}
"""Written name -> what it is the derivative of."""


def named(text: str) -> tuple[str, int] | None:
    """The function that a name means and how often it is differentiated: dsigmoid, sigmoid_prime."""
    if text in NAMED or text in GENERIC:
        return text, 0
    return (_DERIVATIVES[text], 1) if text in _DERIVATIVES else None


def applied(g: Activation, primes: int, z: Array, *, columns: bool = False) -> Array | None:
    """g(z) or g′(z); None for a derivative that isn't one number a unit, or of higher order.

    With `columns`, the units of a layer stand below each other.
    """
    units = z.T if columns else z
    if primes == 0:
        found = g.value(units)
    elif primes == 1 and g.derivative is not None:
        found = g.derivative(units, g.value(units))
    else:
        return None
    return found.T if columns else found


@cache
def activation(text: str) -> Activation:
    """The activation, or the function of one number, of that written name."""
    if text in ELEMENTARY:
        return Activation("custom", {"formula": f"{ELEMENTARY[text]}(z)"})
    return ACTIVATIONS[NAMED[text]]()
