"""The function under check and its gradient: code that may do anything."""

from __future__ import annotations

import contextlib
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.function import frameworks
from gradcheck.function.arguments import Arguments
from gradcheck.function.signature import name_of
from gradcheck.function.values import FLOATS
from gradcheck.submission.answers import RefusedError, as_floats
from gradcheck.submission.capture import Tape
from gradcheck.submission.paths import is_inside
from gradcheck.submission.records import Failure
from gradcheck.submission.trace import failure
from gradcheck.verdict.records import Reason

PACKAGE = str(Path(__file__).parent.parent)


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
    """The values among the arguments that the function changed in place."""


def call(function: Callable[..., Any], arguments: Arguments, *extra: Any) -> Reply:
    """Call with fresh copies of the arguments, and `extra` behind the positional ones.

    Raises StoppedError for whatever it raises.
    """
    given: dict[str, Any] = {}
    with failures_named(arguments):
        plain, named = arguments.given(lambda a: given.setdefault(a.name, a.fresh))
        answer = function(*plain, *extra, **named)
    return Reply(answer, frozenset(a.name for a in arguments if a.is_changed(given[a.name])))


@contextlib.contextmanager
def failures_named(arguments: Arguments) -> Iterator[None]:
    """Turn whatever is raised meanwhile into a StoppedError with the user's own lines."""
    try:
        with frameworks.precise():
            yield
    except (KeyboardInterrupt, StoppedError):
        raise
    except BaseException as error:
        failed = failure(error, _UserFiles())
        where = f" ({failed.where})" if failed.where else ""
        raise StoppedError(
            "failed", failed.message + where, _remedy(error, arguments), failure=failed
        ) from None


@dataclass(frozen=True)
class Forward:
    """The values of f."""

    f: Callable[..., Any]
    arguments: Arguments
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
        answer = frameworks.plain(answer)
        if np.iscomplexobj(answer):
            raise StoppedError("not numbers", *complex_value(f"the value of {name}", np.asarray(answer)))
        try:
            # A copy: f may write into its own array again in the next call.
            return np.array(as_floats(answer), np.float64)
        except RefusedError as why:
            raise StoppedError("not numbers", f"{name} returns {why}") from None

    def single(self, answer: Any) -> bool:
        """Whether what f returned is of single precision."""
        value = frameworks.plain(answer[0] if self.paired else answer)
        return getattr(value, "dtype", None) == np.float32

    def nearby(self, moved: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
        """f with some arguments replaced; NaN where f is not defined, which for many means that it raises."""
        try:
            with silence(), frameworks.precise():
                plain, named = self.arguments.given(
                    lambda a: a.formed(moved[a.name]) if a.name in moved else a.fresh
                )
                output = self.output(self.f(*plain, **named))
        except KeyboardInterrupt:
            raise
        except BaseException:
            return np.full(shape, np.nan)
        return output if output.shape == shape else np.full(shape, np.nan)


_NOWHERE = Tape(0)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Prints and warnings go nowhere meanwhile: code that is called thousands of times repeats them all."""
    with (
        contextlib.redirect_stdout(_NOWHERE),
        contextlib.redirect_stderr(_NOWHERE),
        np.errstate(all="ignore"),
    ):
        yield


def complex_value(name: str, value: Any) -> tuple[str, str]:
    """What is said of complex numbers where real ones belong, and what to do."""
    real = float(np.abs(value.real).max(initial=0.0))
    imaginary = float(np.abs(value.imag).max(initial=0.0))
    if imaginary == 0.0:
        return f"{name} is complex ({value.dtype}), with an imaginary part of 0", "take its real part: .real"
    if imaginary <= 1e-10 * real:
        return (
            f"{name} is complex ({value.dtype}), with an imaginary part of 0 but for rounding",
            "take its real part: .real",
        )
    return (
        f"{name} is complex ({value.dtype})",
        "only real numbers can be compared: take .real and .imag apart, or a real number such as abs(z)**2",
    )


def _remedy(error: BaseException, arguments: Arguments) -> str:
    """What to do about an error that comes of how the arguments were given; empty for any other."""
    text = str(error)
    whole = [a.name for a in arguments if a.was_whole]
    if whole and isinstance(error, (IndexError, TypeError)) and "ind" in text:
        names = ", ".join(whole)
        return (
            f"{names} became floats, as there are no others: write those to differentiate by with a point "
            "(1. for 1), or name them in wrt, and the others stay whole"
        )
    recast = [a.name for a in arguments if a.was and a.kind in FLOATS]
    if recast and "dtype" in text:
        return f"{', '.join(recast)} came as float64: make the other arrays of your code float64, too"
    if "Tensor" in text and "ndarray" in text:
        return "give tensors: torch.tensor([1., 2.]) in Python, or in --at 'x=torch.tensor([1., 2.])'"
    return ""


class _UserFiles:
    """The files whose lines a traceback shows: all but Python's, those of packages, and ours."""

    def shown(self, path: str) -> str | None:
        """The path; None for a file that is none of the user's."""
        if path.startswith(("<frozen", "<__array_function__")):
            return None
        homes = (
            PACKAGE,
            *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        )
        return None if any(is_inside(path, home) for home in homes) else path
