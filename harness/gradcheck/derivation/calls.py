"""Functions applied: f(x), f′(x), f(x)², np.sum(x, axis=0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import functions, names
from gradcheck.derivation.errors import MeaningError
from gradcheck.formulas.tree import (
    Arguments,
    Bracket,
    Keyword,
    Node,
    Power,
    Scripted,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import innermost
from gradcheck.layers.activation import Activation

if TYPE_CHECKING:
    from gradcheck.derivation.evaluate import Scope


def is_function(scope: Scope, here: Node, text: str, bracketed: bool) -> bool:
    """Whether a name is a function where it stands: g is one before a bracket, if it is nothing else."""
    primes = here.primes if isinstance(here, Scripted) else 0
    if text in functions.ELEMENTARY or text in functions.ARRAYS or text in functions.NAMED:
        return True
    if functions.named(text) is None or text in scope.helpers:
        return False
    return bool(primes) or (bracketed and scope.words.reference(here) is None)


def value(scope: Scope, here: Node, text: str, behind: Node) -> Array:
    """The function named `here`, applied to what stands behind it."""
    inner = innermost(behind)
    argument = inner.inner if isinstance(inner, Bracket) else behind
    found = _applied(scope, here, text, argument)
    if isinstance(here, Scripted) and here.sup is not None and not here.layered:
        found = found ** scope.number(here.sup)
    return _wrapped(scope, behind, found) if isinstance(inner, Bracket) else found


def _wrapped(scope: Scope, node: Node, value: Array) -> Array:
    """What stands around the bracket of a call, done to its result: σ(z)² , σ(z)ᵀ."""
    found: Array
    match node:
        case Power(base, exponent):
            found = _wrapped(scope, base, value) ** scope.number(exponent)
            return found
        case Transpose(inner):
            return _wrapped(scope, inner, value).T
        case Scripted(base, sup=sup):
            found = names.scripted(scope, _wrapped(scope, base, value), node)
            return found if sup is None else found ** scope.number(sup)
    return value


def _applied(scope: Scope, here: Node, text: str, argument: Node) -> Array:
    if text in functions.ARRAYS:
        return _of_arrays(scope, here, text, argument)
    base, primes = functions.named(text) or (text, 0)
    primes += here.primes if isinstance(here, Scripted) else 0
    elementary = base in functions.ELEMENTARY
    g = functions.activation(base) if elementary else _activation(scope, here, base, argument)
    found = functions.applied(g, primes, scope.value(argument), columns=scope.words.columns)
    if found is None:
        raise MeaningError("unsupported", "this derivative is not one number a unit", here.span)
    return found


def _of_arrays(scope: Scope, here: Node, text: str, argument: Node) -> Array:
    items = argument.items if isinstance(argument, Arguments) else (argument,)
    options = {item.name: _option(scope, item.value) for item in items if isinstance(item, Keyword)}
    values = [scope.value(item) for item in items if not isinstance(item, Keyword)]
    try:
        return np.asarray(functions.ARRAYS[text](*values, **options))
    except (TypeError, ValueError) as error:
        shown = " and ".join(str(v.shape) for v in values)
        raise MeaningError("shape", f"{text} does not take {shown}", here.span) from error


def _option(scope: Scope, node: Node) -> int | bool | tuple[int, ...]:
    if isinstance(node, Bracket) and isinstance(node.inner, Arguments):
        return tuple(map(scope.index, node.inner.items))
    return node.text == "True" if isinstance(node, Symbol) else scope.index(node)


def _activation(scope: Scope, here: Node, base: str, argument: Node) -> Activation:
    """The activation that a letter means: that of the layer it is written with, or applied at."""
    layer = None
    if isinstance(here, Scripted) and here.sup is not None and here.layered:
        layer = scope.words.counted(scope.index(here.sup))
    elif (reference := scope.words.reference(argument)) is not None:
        layer = scope.words.layer_of(scope.name(reference))
    found = scope.words.activation(base, layer)
    if found is None:
        raise MeaningError("unknown", "which function is this?", here.span, "name it: sigmoid, tanh, relu")
    return found
