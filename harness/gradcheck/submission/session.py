"""A student's code, loaded, and called through the spec's `run`: the same in any process."""

from __future__ import annotations

import builtins
import contextlib
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gradcheck.submission import trace
from gradcheck.submission.absent import Failures, may_define, why
from gradcheck.submission.answers import RefusedError, as_floats
from gradcheck.submission.bindings import Bindings, Names
from gradcheck.submission.hints import explained
from gradcheck.submission.records import Array, Call, Failure, Loaded, Outcome, Value
from gradcheck.submission.run import Run
from gradcheck.submission.strictness import is_warning, relax
from gradcheck.submission.text import one_line, size
from gradcheck.submission.watch import Watch


@dataclass(frozen=True)
class Session:
    """A submission that is loaded, ready to be called any number of times."""

    home: Names
    """The global names of the student's module, as they are at any time."""
    run: Run
    files: trace.StudentFiles
    function: Callable[..., Any] | None = None
    """A live function: known by its own name, and by any one name that `run` calls and nobody defines."""
    loaded: Loaded = Loaded()
    """How the file was loaded."""
    failures: Failures = field(default_factory=dict)
    """Why statements failed when the file was loaded."""

    def call(self, call: Call) -> Outcome | Failure:
        """Execute `run` on fresh copies of the inputs; only KeyboardInterrupt leaves the student's code.

        Where it raises, what it has bound before counts: the outcome has the failure beside it. Where it
        raises a warning, it is executed again without the file's setting that made an error of that.
        """
        outcome, error = self._call(call)
        if self.function is None and is_warning(error) and relax():
            outcome, _ = self._call(call)
        return outcome

    def _call(self, call: Call) -> tuple[Outcome | Failure, BaseException | None]:
        """The outcome, and what `run` raised."""
        inputs = {name: _copy(value) for name, value in call.inputs.items()}
        given = {**inputs, **self._names_of_function(inputs)}
        watch = Watch(self.files.holds) if call.watched else None
        with Bindings(self.home, given, call.reads) as bindings:
            failure, raised = self._execute(bindings, watch)
            try:
                changed = tuple(name for name in inputs if _differs(inputs[name], call.inputs[name]))
                outcome = _outcome(bindings.answered(changed), changed, call.most)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                return failure or trace.failure(error, self.files), raised
        if isinstance(outcome, Failure) or (failure and not (outcome.arrays or outcome.refused)):
            return failure or outcome, raised
        if watch:
            outcome = outcome._replace(most_calls=watch.most_calls, turned_complex=watch.turned_complex)
        return outcome._replace(failure=failure), raised

    def _execute(
        self, bindings: Bindings, watch: Watch | None
    ) -> tuple[Failure, BaseException] | tuple[None, None]:
        """Execute `run`; what it raised, in words and as it is."""
        try:
            with watch or contextlib.nullcontext():
                exec(self.run.code, self.home, bindings)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            failure = trace.failure(error, self.files)
            failure = explained(failure, error, self.run, bindings, self.files.filename)
            return self._reminded(failure, error), error
        return None, None

    def _reminded(self, failure: Failure, error: BaseException) -> Failure:
        """The failure; of a name that is not there, with why it is not."""
        if not isinstance(error, NameError) or isinstance(error, UnboundLocalError) or not error.name:
            return failure
        file = trace.innermost(error, self.files) or self.files.filename
        text = "".join(linecache.getlines(file))
        early = self.loaded.unfinished
        reason = why(error.name, text, file, self.failures)
        if not reason and early and may_define(error.name, text):
            reason = f"the file stops at {early.failure.where}: {early.failure.message}"
        return replace(failure, message=f"{failure.message}; {reason}") if reason else failure

    def _names_of_function(self, inputs: Names) -> Names:
        if self.function is None:
            return {}
        name = getattr(self.function, "__name__", "")
        if name in self.run.called:
            return {name: self.function}
        called = self.run.called - {*inputs, *dir(builtins), *self.run.assigned}
        if len(called) > 1:  # the function is one of several: it is the one that is not there yet
            called -= self.home.keys()
        return {name: self.function} | (dict.fromkeys(called, self.function) if len(called) == 1 else {})


def _copy(value: Value) -> Value:
    return np.array(value, order="C") if isinstance(value, np.ndarray) else value


def _differs(value: Value, pristine: Value) -> bool:
    """Whether an array is no longer bit by bit what it was: NaN equals itself, 0.0 is not -0.0."""
    if not (isinstance(value, np.ndarray) and isinstance(pristine, np.ndarray)):
        return False
    return (value.dtype, value.shape) != (pristine.dtype, pristine.shape) or (
        value.tobytes() != pristine.tobytes()
    )


def _outcome(values: Mapping[str, object], changed: tuple[str, ...], most: int) -> Outcome | Failure:
    floats: dict[str, Array] = {}
    refused: dict[str, str] = {}
    for name, value in values.items():
        try:
            floats[name] = as_floats(value, most)
        except RefusedError as why:
            refused[name] = str(why)
    total = sum(array.nbytes for array in floats.values())
    if total > most:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in floats.items())
        return Failure(
            "too_large", one_line(f"the results take {size(total)}, more than {size(most)}: {shapes}")
        )
    # Copies: the student's code may write into its arrays again in the next call.
    return Outcome({name: np.array(array, order="C") for name, array in floats.items()}, refused, changed)
