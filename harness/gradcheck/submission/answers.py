"""The value under a name that a student's code has set, as an array of real numbers."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradcheck.submission.records import MAX_ANSWER
from gradcheck.submission.text import one_line

MAX_DIMENSIONS = 8
_SHOWN = 6


class RefusedError(Exception):
    """The value is no gradient; the text says why, in one line."""


def as_floats(value: object, most: int = MAX_ANSWER) -> NDArray[np.floating[Any]]:
    """`value` as a float16, float32 or float64 array, not copied where it is one already.

    Numbers and (nested) lists of numbers become arrays; longdouble becomes float64.
    Raises RefusedError for anything that can't be compared with a gradient, and for a list of more numbers
    than `most` bytes hold.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        array = _from_numpy(value)
    elif isinstance(value, (list, tuple)):
        array = _from_list(value, most // 8)
    elif isinstance(value, (float, int)) and not isinstance(value, bool):
        array = _from_number(value)
    else:
        raise RefusedError(_describe(value))
    if array.ndim > MAX_DIMENSIONS:
        raise RefusedError(f"an array of {array.ndim} dimensions; at most {MAX_DIMENSIONS} can be compared")
    return array


def is_masked(value: object) -> bool:
    """Whether it is a masked array. None is made before numpy.ma is imported, which takes its time."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray)


def _from_numpy(value: NDArray[Any] | np.generic) -> NDArray[np.floating[Any]]:
    if is_masked(value):
        raise RefusedError("a masked array; give a plain NumPy array")
    return _as_native_floats(np.asarray(value))


def _as_native_floats(array: NDArray[Any]) -> NDArray[np.floating[Any]]:
    dtype = array.dtype
    if dtype.kind == "f":
        width = min(dtype.itemsize, 8)
        return array.astype(f"=f{width}", copy=False)
    if dtype.kind == "c":
        raise RefusedError(f"complex numbers ({dtype}): a gradient is real")
    if dtype.kind in "iu":
        raise RefusedError(
            f"whole numbers ({dtype}): the fractions are cut off; start from an array of floats"
        )
    if dtype.kind == "b":
        raise RefusedError("truth values (bool); give numbers")
    if dtype.kind in "US":
        raise RefusedError("an array of strings; give numbers")
    if dtype.kind == "O":
        raise RefusedError("an array of Python objects (dtype object); give an array of floats")
    raise RefusedError(one_line(f"an array of dtype {dtype}; give an array of floats", 120))


def _from_number(value: float) -> NDArray[np.floating[Any]]:
    try:
        return np.asarray(float(value))
    except OverflowError:
        raise RefusedError("a whole number beyond the range of a float") from None


def _from_list(value: list[Any] | tuple[Any, ...], most: int) -> NDArray[np.floating[Any]]:
    kind = type(value).__name__ if type(value) in (list, tuple) else "list"
    for number, leaf in enumerate(_leaves(value, depth=0)):
        if number == most:
            raise RefusedError(f"a {kind} of more than {most:,} numbers")
        if isinstance(leaf, str):
            raise RefusedError(f"a {kind} of strings")
        if not isinstance(leaf, (float, int, complex, np.ndarray, np.generic)):
            raise RefusedError(f"a {kind} that holds {_describe(leaf)}")
    try:
        array = np.asarray(value)
    except ValueError:
        shapes = ", ".join(
            str(np.shape(part)) for part in value[:_SHOWN] if not isinstance(part, (list, tuple))
        )
        differing = f": {shapes}" if shapes else ""
        raise RefusedError(
            one_line(f"a {kind} of {len(value)} values that differ in shape{differing}; give one array", 200)
        ) from None
    # A list of Python's own whole numbers cuts no fraction off: an entry may be any number.
    if array.dtype.kind in "iu" and all(type(leaf) is int for leaf in _leaves(value, depth=0)):
        return array.astype(np.float64)
    return _as_native_floats(array)


def _leaves(value: object, depth: int) -> Iterator[object]:
    if depth > MAX_DIMENSIONS:
        raise RefusedError(f"a list nested more than {MAX_DIMENSIONS} deep")
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item, depth + 1)
    else:
        yield value


def _describe(value: object) -> str:
    match value:
        case None:
            return "None; is a `return` missing?"
        case types.EllipsisType():
            return "..., which stands for what is not written yet"
        case bool():
            return "a truth value (bool); give a number"
        case str() | bytes():
            return "a string; give a NumPy array"
        case complex():
            return "a complex number: a gradient is real"
        case dict():
            return "a dictionary; take the array out of it, as in grads['dW']"
        case types.FunctionType() | types.BuiltinFunctionType() | types.MethodType():
            return "a function; is the call's () missing?"
        case type():
            return one_line(f"the class {value.__name__}; give a NumPy array", 120)
        case _:
            return one_line(f"an object of class {type(value).__name__}; give a NumPy array", 120)
