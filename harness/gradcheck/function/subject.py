"""The function under check and its gradient: code that may do anything."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.function.arguments import Argument
from gradcheck.maths._arrays import Array
from gradcheck.submission.answers import RefusedError, as_floats
from gradcheck.submission.records import Failure
from gradcheck.submission.trace import Ground, failure
from gradcheck.verdict.records import Reason


class StoppedError(Exception):
    """The check can't go on: why, in the words of a report."""

    def __init__(
        self, reason: Reason, message: str, advice: str = "", *, failure: Failure | None = None
    ) -> None:
        super().__init__(message)
        self.reason, self.message, self.advice, self.failure = reason, message, advice, failure


@dataclass(frozen=True)
class Reply:
    """What a call gave back."""

    answer: Any
    changed: frozenset[str]
    """The arguments that the function changed in place."""


def call(function: Callable[..., Any], arguments: Sequence[Argument], *extra: Array) -> Reply:
    """Call with fresh copies of the arguments, and `extra` behind them.

    Raises StoppedError for whatever it raises.
    """
    given = [argument.fresh for argument in arguments]
    try:
        answer = function(*given, *(np.array(e)[()] for e in extra))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        told = failure(error, _ground(function))
        where = f" ({told.where})" if told.where else ""
        raise StoppedError("failed", told.message + where, failure=told) from None
    changed = (a.name for a, g in zip(arguments, given, strict=True) if _differs(a.value, g))
    return Reply(answer, frozenset(changed))


@dataclass(frozen=True)
class Forward:
    """The values of f."""

    f: Callable[..., Any]
    arguments: tuple[Argument, ...]
    paired: bool
    """Whether f returns (value, gradient)."""

    def output(self, answer: Any) -> Array:
        """The value in what f returned, as float64. Raises StoppedError for anything else."""
        name = name_of(self.f)
        if self.paired:
            if not (isinstance(answer, tuple) and len(answer) == 2):
                advice = f"let {name} return (value, gradient), or give its gradient: df, or --grad NAME"
                raise StoppedError("missing", f"{name} returns no gradient with its value", advice)
            answer = answer[0]
        elif isinstance(answer, tuple):
            advice = f"check a function that returns the value alone: lambda *x: {name}(*x)[0]"
            raise StoppedError("not numbers", f"{name} returns a tuple of {len(answer)}", advice)
        try:
            # A copy: f may write into its own array again in the next call.
            return np.array(as_floats(answer), np.float64)
        except RefusedError as why:
            raise StoppedError("not numbers", f"{name} returns {why}") from None

    def single(self, answer: Any) -> bool:
        """Whether what f returned is of single precision."""
        value = answer[0] if self.paired else answer
        return getattr(value, "dtype", None) == np.float32

    def nearby(self, moved: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
        """f with some arguments replaced; NaN where f is not defined, which for many means that it raises."""
        given = [moved[a.name][()] if a.name in moved else a.fresh for a in self.arguments]
        try:
            output = self.output(self.f(*given))
        except KeyboardInterrupt:
            raise
        except BaseException:
            return np.full(shape, np.nan)
        return output if output.shape == shape else np.full(shape, np.nan)


def name_of(function: Callable[..., Any]) -> str:
    """The function's own name."""
    return str(getattr(function, "__name__", type(function).__name__))


def _ground(function: Callable[..., Any]) -> Ground:
    code = getattr(inspect.unwrap(function), "__code__", None)
    file = getattr(code, "co_filename", "")
    return Ground(file, None, file)


def _differs(pristine: Any, given: Any) -> bool:
    """Whether an array is no longer what it was; NaN equals itself."""
    return isinstance(pristine, np.ndarray) and not np.array_equal(pristine, given, equal_nan=True)
