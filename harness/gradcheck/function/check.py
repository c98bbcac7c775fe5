"""Holding a gradient against difference quotients of its function, entry by entry."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.errors import GradientError
from gradcheck.function.answers import Fault, array, assigned
from gradcheck.function.arguments import Argument, Group, Kind, chosen, groups, names_of, read
from gradcheck.function.judge import Answer, Judge, alike, unjudged
from gradcheck.function.probe import Probe, upstream_gradients
from gradcheck.function.progress import progress
from gradcheck.function.subject import Forward, Reply, StoppedError, call, name_of
from gradcheck.maths._arrays import Array
from gradcheck.verdict.records import Quantity, Status, Verdict

Function = Callable[..., Any]

REPEATS = 1e-12
"""How far two calls of a function may differ, relative to its largest value."""

SECONDS = 20.0
"""How long to look at slopes, where nobody says so."""


def check_function(
    f: Function,
    df: Function | None = None,
    x: Any = (),
    *,
    names: Sequence[str] | None = None,
    wrt: str | Sequence[str] | None = None,
    jacobian: bool = False,
    tolerance: float | None = None,
    seed: int = 0,
    seconds: float = SECONDS,
    name: str | None = None,
) -> Verdict:
    """The verdict on every entry of the gradient of f at x.

    `f(x)`, or `f(*x)` where x is a tuple, returns a number or an array. `df`, called in the same way,
    returns the gradient: an array of x's shape, or several in a tuple, in the order of the arguments, or
    in a dictionary under their names. Where f returns an array, df takes the upstream gradient as its
    last argument; with `jacobian` it returns the Jacobian, of f's shape followed by x's. Without `df`, f
    returns (value, gradient).

    An argument is differentiated by when it is among `wrt`, or else an array of floats. `tolerance` is
    relative to the largest entry. Looking at the slopes takes about `seconds` at most: where that is too
    short for all entries, some are drawn at random, and directions cover the others. Raises UsageError
    where the call makes no sense; whatever is wrong with f and df is in the verdict.
    """
    arguments = chosen(read(f, x, names), wrt)
    task = _Task(f, df, arguments, names_of(wrt), jacobian, tolerance, seed, seconds)
    notes = [argument.note for argument in arguments if argument.note]
    failure = None
    try:
        quantities = tuple(task.quantities(notes))
    except StoppedError as stop:
        fault = Fault(stop.reason, stop.message, stop.advice)
        quantities = tuple(unjudged(argument, fault) for argument in task.about)
        failure = stop.failure
    return Verdict(
        submission=name or name_of(f),
        spec="",
        title="",
        quantities=quantities,
        failure=failure,
        notes=tuple(notes),
    )


def gradcheck(
    f: Function,
    df: Function | None,
    *x: Any,
    names: Sequence[str] | None = None,
    wrt: str | Sequence[str] | None = None,
    jacobian: bool = False,
    tolerance: float | None = None,
    seed: int = 0,
    seconds: float = SECONDS,
) -> None:
    """Raise GradientError, an AssertionError whose text is the report, unless the gradient is right.

    Arguments as for `check_function`.
    """
    __tracebackhide__ = True
    verdict = check_function(
        f,
        df,
        x,
        names=names,
        wrt=wrt,
        jacobian=jacobian,
        tolerance=tolerance,
        seed=seed,
        seconds=seconds,
    )
    if verdict.status is not Status.RIGHT:
        from gradcheck.report.terminal import render

        raise GradientError(render(verdict))


def check_file(
    file: Path,
    function: str,
    grad: str | None = None,
    *,
    at: str | None = None,
    wrt: str | Sequence[str] | None = None,
    jacobian: bool = False,
    tolerance: float | None = None,
    seed: int = 0,
) -> Verdict:
    """The verdict on a function in a Python file, which runs here and now.

    `grad` names the function that gives its gradient, `at` is the text of a point (see `point`). What
    the file prints goes to the standard error. Raises SubmissionError and UsageError.
    """
    from gradcheck.function.load import functions
    from gradcheck.function.point import point

    wanted = [function] if grad is None else [function, grad]
    with contextlib.redirect_stdout(sys.stderr), functions(file, wanted) as found:
        x = point(at, found[function], seed)
        verdict = check_function(
            found[function],
            None if grad is None else found[grad],
            x,
            wrt=wrt,
            jacobian=jacobian,
            tolerance=tolerance,
            seed=seed,
            name=f"{file}:{function}",
        )
    if at is not None:
        return verdict
    drawn = 'the point was drawn at random; choose another by --at, as in --at "x=[0.5, -1], W=randn(2, 3)"'
    return replace(verdict, notes=(*verdict.notes, drawn))


@dataclass(frozen=True)
class _Task:
    """One check."""

    f: Function
    df: Function | None
    arguments: tuple[Argument, ...]
    wrt: Group
    jacobian: bool
    tolerance: float | None
    seed: int
    seconds: float

    @property
    def about(self) -> Group:
        """The arguments to differentiate by, for all that is known before the gradient is."""
        return self.wrt or groups(self.arguments)[0]

    def quantities(self, notes: list[str]) -> Iterator[Quantity]:
        """What is said of the gradient by each argument. Raises StoppedError."""
        forward = Forward(self.f, self.arguments, paired=self.df is None)
        reply = call(self.f, self.arguments)
        output = forward.output(reply.answer)
        _sound(name_of(self.f), output, forward.output(call(self.f, self.arguments).answer))
        if forward.single(reply.answer):
            notes.append(
                f"{name_of(self.f)} returns float32: differences tell little; let it compute in float64"
            )
        upstream = self._upstream(output)
        if upstream is not None and output.size != 1:
            notes.append(
                f"{name_of(self.f)} returns an array of shape {output.shape}: {self._gradient_name} is given "
                f"an upstream gradient as its last argument, {len(upstream)} random ones in turn"
            )
        replies, again = self._replies(output, upstream, reply)
        notes += self._in_place(reply, *replies)
        parts = [self._parts(each) for each in replies]
        about = tuple(parts[0])
        notes += self._untouched(about)
        used = None if upstream is None else upstream[: len(replies)].reshape(len(replies), -1)
        again_with = None if upstream is None or output.size == 1 else upstream[: len(replies)]
        probe = Probe(forward, output, used, about, self._elsewhere(again_with))
        answers = [
            self._answer(argument, [part[argument] for part in parts], self._parts(again)[argument], probe)
            for argument in about
        ]
        judge = Judge(probe, self.tolerance, self.seconds, progress())
        yield from judge.quantities(answers, notes)

    def _upstream(self, output: Array) -> Array | None:
        if self.jacobian:
            return None
        if output.size == 1:
            return np.ones((1, 1))
        if self.df is None:
            raise StoppedError(
                "missing",
                f"{name_of(self.f)} returns an array of shape {output.shape} with its gradient",
                "let it return a number, or give the gradient as a function of x and an upstream gradient",
            )
        return upstream_gradients(output.shape, self.seed)

    def _replies(self, output: Array, upstream: Array | None, reply: Reply) -> tuple[list[Reply], Reply]:
        """The gradient for each upstream gradient, and the first of them asked for a second time."""
        if self.df is None:
            return [self._second(reply)], self._second(call(self.f, self.arguments))
        if upstream is None or output.size == 1:
            return [call(self.df, self.arguments)], call(self.df, self.arguments)
        first, again = (call(self.df, self.arguments, upstream[0]) for _ in range(2))
        one, other = self._parts(first), self._parts(again)
        # Gradients that pile up would spoil all further ones.
        repeats = all(_same(one[argument], other[argument]) for argument in one if argument in other)
        rest = upstream[1:] if repeats else upstream[:0]
        return [first, *(call(self.df, self.arguments, u) for u in rest)], again

    def _calls(self, arguments: tuple[Argument, ...], upstream: Array | None) -> list[Reply]:
        if self.df is None:
            return [self._second(call(self.f, arguments))]
        if upstream is None:
            return [call(self.df, arguments)]
        return [call(self.df, arguments, u) for u in upstream]

    @staticmethod
    def _second(reply: Reply) -> Reply:
        return replace(reply, answer=reply.answer[1])

    @property
    def _gradient_name(self) -> str:
        return name_of(self.f if self.df is None else self.df)

    def _parts(self, reply: Reply) -> dict[str, Array | Fault]:
        found = assigned(reply.answer, groups(self.arguments), self.wrt, self._gradient_name)
        return {argument: array(part, f"d{argument}") for argument, part in found.items()}

    def _answer(
        self, name: str, parts: Sequence[Array | Fault], again: Array | Fault, probe: Probe
    ) -> Answer | Quantity:
        fault = next((part for part in parts if isinstance(part, Fault)), None)
        if fault is not None:
            return unjudged(name, fault)
        x = next(argument.value for argument in self.arguments if argument.name == name)
        return Answer(
            name=name,
            arrays=[part for part in parts if not isinstance(part, Fault)],
            again=None if isinstance(again, Fault) else again,
            shape=probe.output.shape + x.shape if self.jacobian else x.shape,
            label=self._label(name, probe.output.ndim),
        )

    def _elsewhere(self, upstream: Array | None) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
        """The gradient at other arguments, one array (numbers, *shape) a name; none where it fails.

        `upstream` are the upstream gradients that the function takes, if it takes any.
        """

        def gradient(moved: Mapping[str, Array]) -> dict[str, Array]:
            arguments = tuple(
                replace(a, value=moved[a.name]) if a.name in moved else a for a in self.arguments
            )
            try:
                parts = [self._parts(reply) for reply in self._calls(arguments, upstream)]
            except StoppedError:
                return {}
            by_name = {name: [part.get(name) for part in parts] for name in parts[0]}
            arrays = {
                name: [p for p in given if isinstance(p, np.ndarray)] for name, given in by_name.items()
            }
            return {name: np.stack(given) for name, given in arrays.items() if len(given) == len(parts)}

        return gradient

    def _label(self, name: str, output_axes: int) -> Callable[[tuple[int, ...]], str]:
        if not self.jacobian:
            return lambda index: _entry(name, index)
        f = name_of(self.f)
        return lambda index: f"∂{_entry(f, index[:output_axes])}/∂{_entry(name, index[output_axes:])}"

    def _in_place(self, reply: Reply, *replies: Reply) -> Iterator[str]:
        changed = {name_of(self.f): reply.changed}
        if self.df is not None:
            changed[self._gradient_name] = frozenset().union(*(r.changed for r in replies))
        for function, names in changed.items():
            if names:
                listed = ", ".join(sorted(names))
                yield f"{function} changes {listed} in place; every call gets fresh copies here"

    def _untouched(self, about: Group) -> Iterator[str]:
        if self.wrt:
            return
        for argument in self.arguments:
            if argument.name not in about and argument.kind is not Kind.OTHER:
                yield f"{argument.name} is taken as fixed; name it in wrt to differentiate by it"


def _sound(name: str, output: Array, again: Array) -> None:
    """Stop where no differences can be formed of a function's values."""
    if not np.isfinite(output).all():
        kind = "NaN" if np.isnan(output).any() else "infinite"
        raise StoppedError("not finite", f"{name} is {kind} at this point", "choose another point")
    same = output.shape == again.shape
    if not same or np.abs(output - again).max(initial=0.0) > REPEATS * np.abs(output).max(initial=0.0):
        raise StoppedError(
            "unrepeatable",
            f"{name} gives something else on a second call with the same data",
            "let it draw the same random numbers on every call: seed a generator inside it",
        )


def _same(one: Array | Fault, other: Array | Fault) -> bool:
    if isinstance(one, Fault) or isinstance(other, Fault):
        return one == other
    return alike(one, other)


def _entry(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]" if index else name
