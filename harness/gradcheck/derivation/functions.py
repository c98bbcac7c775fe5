"""The functions that a formula may apply."""

from __future__ import annotations

from functools import cache

from gradcheck.expr.registry import ALIASES, CALLED
from gradcheck.layers.activation import ACTIVATIONS, Activation

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

GENERIC = frozenset({"sigma", "s", "g", "f", "phi", "varphi", "theta", "h", "psi", "S", "act", "activation"})
"""Letters that sources use for the activation, whichever it is."""


@cache
def activation(text: str) -> Activation:
    """The activation, or the function of one number, of that written name."""
    if text in ELEMENTARY:
        return Activation("custom", {"formula": f"{ELEMENTARY[text]}(z)"})
    return ACTIVATIONS[NAMED[text]]()
