"""One value among the arguments of a function: what it is to the function, and in which form it gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.function import frameworks
from gradcheck.submission.answers import is_masked


class Kind(Enum):
    """What an argument is to its function."""

    ARRAY = auto()
    """An array or a list of floats."""
    NUMBER = auto()
    """A single float."""
    WHOLE = auto()
    """Whole numbers: most often labels, sizes or positions."""
    OTHER = auto()
    """Nothing that has a derivative."""


FLOATS = (Kind.ARRAY, Kind.NUMBER)

WHOLE_NUMBERS = "whole numbers"
"""What Python's own whole numbers are, which have no type to speak of."""


@dataclass(frozen=True)
class Argument:
    """One value at the point of the check: an argument, or a part of one, such as ``theta[0]``."""

    name: str
    value: Any
    """A float64 array where one can differentiate by it, else whatever was given."""
    kind: Kind
    was: str = ""
    """Its type, if it was given an own one that is not float64; WHOLE_NUMBERS that became floats."""
    obstacle: str = ""
    """Why it has no derivative, such as "is complex", where it does hold numbers."""
    remedy: str = ""
    """What to give instead."""
    form: Callable[[Array], Any] | None = None
    """Turns NumPy's array into what the function gets; by default it gets the array, or the number."""

    @property
    def was_whole(self) -> bool:
        """Whether it became float64 from whole numbers."""
        return self.kind in FLOATS and (self.was == WHOLE_NUMBERS or "int" in self.was)

    @property
    def fresh(self) -> Any:
        """A copy that the function may do with what it likes."""
        return self.formed(np.array(self.value)) if isinstance(self.value, np.ndarray) else self.value

    def formed(self, array: Array) -> Any:
        """An array in this value's place, as the function gets it."""
        return array[()] if self.form is None else self.form(array)

    def is_changed(self, given: Any) -> bool:
        """Whether what the function was given is no longer what it was; NaN equals itself."""
        if not isinstance(self.value, np.ndarray):
            return False
        now = frameworks.plain(given)
        numbers = self.value.dtype.kind in "fc"
        return isinstance(now, np.ndarray) and not np.array_equal(self.value, now, equal_nan=numbers)


def argument(name: str, value: Any) -> Argument:
    """What a value is to its function; lists and tuples of anything but plain numbers are OTHER."""
    framework = frameworks.framework_of(value)
    if framework is not None:
        array = framework.array(value)
        form: Callable[[Array], Any] | None = lambda a: framework.native(a, value)  # noqa: E731
        return _of_array(name, value, array, form, str(value.dtype).removeprefix("torch."))
    if isinstance(value, (bool, str, bytes)) or value is None:
        return Argument(name, value, Kind.OTHER)
    if isinstance(value, (int, np.integer)):
        return Argument(name, value, Kind.WHOLE)
    if isinstance(value, (float, np.floating)):
        return Argument(name, np.asarray(value, np.float64), Kind.NUMBER)
    if isinstance(value, (list, tuple)):
        array = _of_numbers(value)
        return Argument(name, value, Kind.OTHER) if array is None else _of_array(name, value, array)
    if isinstance(value, np.ndarray) and not is_masked(value):
        return _of_array(name, value, np.asarray(value), _form(value), str(value.dtype))
    obstacle, remedy = _obstacle(name, value)
    return Argument(name, value, Kind.OTHER, obstacle=obstacle, remedy=remedy)


def as_floats(argument: Argument) -> Argument:
    """Whole numbers as floats, ready to be moved; others as they are."""
    if argument.kind is not Kind.WHOLE:
        return argument
    value = np.asarray(argument.value, np.float64)
    return replace(argument, value=value, kind=Kind.ARRAY, was=argument.was or WHOLE_NUMBERS)


def _of_array(
    name: str, value: Any, array: Any, form: Callable[[Array], Any] | None = None, dtype: str = ""
) -> Argument:
    """An array by its dtype; one that can't be moved goes to the function as it is, in a copy."""
    if array.dtype.kind in "iu":
        return Argument(name, array, Kind.WHOLE, dtype, form=form)
    if array.dtype.kind != "f":
        original = array if isinstance(value, np.ndarray) or form else value
        return Argument(name, original, Kind.OTHER, "", *_BY_DTYPE.get(array.dtype.kind, ("", "")), form)
    dtype = dtype or str(array.dtype)
    was = "" if dtype == "float64" else dtype
    return Argument(name, array.astype(np.float64), Kind.ARRAY, was, form=form)


def _of_numbers(value: list[Any] | tuple[Any, ...]) -> Any:
    """The array of (nested) lists of plain numbers; None where there is anything else, or rows differ."""
    if not _holds_numbers(value):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):
        return None
    return array if array.dtype.kind in "iufc" else None


def _holds_numbers(value: list[Any] | tuple[Any, ...]) -> bool:
    """Whether the lists hold numbers alone, and no arrays."""
    return type(value) in (list, tuple) and all(
        _holds_numbers(v)
        if isinstance(v, (list, tuple))
        else isinstance(v, (int, float, complex, np.number)) and not isinstance(v, bool)
        for v in value
    )


def _form(value: np.ndarray[Any, Any]) -> Callable[[Array], Any] | None:
    """How a function gets what is not NumPy's usual array: a matrix, or one stored column by column."""
    if isinstance(value, np.matrix):
        return lambda array: array.view(np.matrix)  # np.asmatrix would warn each time
    if value.ndim > 1 and value.flags.f_contiguous and not value.flags.c_contiguous:
        return np.asfortranarray
    return None


_COMPLEX = "is complex", "give its real and its imaginary part as arguments of their own"

_BY_DTYPE = {
    "c": _COMPLEX,
    "O": ("is an array of Python objects", "give an array of floats"),
    "b": ("holds truth values", "give numbers"),
}


def _obstacle(name: str, value: Any) -> tuple[str, str]:
    """Why a container of numbers that is no array has no derivative, and what to give instead."""
    kind = type(value).__name__
    if isinstance(value, complex):
        return _COMPLEX
    if isinstance(value, np.ndarray):
        return "is a masked array", f"give {name}.filled(0), say"
    if frameworks.is_pandas(value):
        return f"is a {kind} of pandas", f"give {name}.to_numpy()"
    if hasattr(value, "toarray"):
        return f"is sparse ({kind})", f"give {name}.toarray()"
    return "", ""
