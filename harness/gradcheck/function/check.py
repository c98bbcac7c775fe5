"""Holding a gradient against difference quotients of its function, entry by entry."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np

from gradcheck.arrays import Array
from gradcheck.errors import UsageError
from gradcheck.function import frameworks, notices
from gradcheck.function.answers import Fault, WholeNumbersError, array, assigned
from gradcheck.function.arguments import Arguments, Group, groups, names_of, read
from gradcheck.function.derived import gradient_of
from gradcheck.function.gradient import Gradient, Paired, Upstream, works_entrywise
from gradcheck.function.judge import Answer, Judge, alike, unjudged
from gradcheck.function.load import functions
from gradcheck.function.point import point
from gradcheck.function.probe import Probe, upstream_gradients
from gradcheck.function.progress import progress
from gradcheck.function.signature import name_of
from gradcheck.function.subject import Forward, Reply, StoppedError, call, silence
from gradcheck.submission.capture import Tape
from gradcheck.verdict.records import Quantity, Status, Table, Verdict

Function = Callable[..., Any]

REPEATS = 1e-12
"""How far two calls of a function may differ, relative to its largest value."""

SECONDS = 20.0
"""How long to look at slopes, where nobody says so."""

PRINTED = 64_000
"""Characters of what a file prints that are kept."""


class Options(TypedDict, total=False):
    """How `check_function` checks, where it isn't left to it."""

    names: Sequence[str] | None
    wrt: str | Sequence[str] | None
    jacobian: bool
    rtol: float | None
    atol: float
    seconds: float


def check_function(
    f: Function,
    df: Function | None = None,
    x: Any = (),
    *,
    names: Sequence[str] | None = None,
    wrt: str | Sequence[str] | None = None,
    jacobian: bool = False,
    rtol: float | None = None,
    atol: float = 0.0,
    seconds: float = SECONDS,
    seed: int = 0,
    name: str | None = None,
) -> Verdict:
    """The verdict on every entry of the gradient of f at x.

    `f(x)`, or `f(*x)` where x is a tuple, returns a number or an array. `df`, called in the same way,
    returns the gradient: an array of x's shape, or several in a tuple, in the order of the arguments, or
    in a dictionary under their names. Where f returns an array, df takes the upstream gradient as its
    last argument, or else is the derivative at each entry of an f that works entry by entry; with
    `jacobian` it returns the Jacobian, of f's shape followed by x's. Without `df`, f returns (value,
    gradient), or a tensor of PyTorch or an array of JAX, whose own backward pass is then checked.

    An argument is an array, a number, or a list, dictionary or object that holds some; by the latter, a
    gradient has the same form. `names` are the arguments' names; those that f takes by keyword alone are
    given so. An argument is differentiated by when it is among `wrt`, or else holds floats.

    A right entry lies within `rtol` · (the largest entry) + `atol` of the slope. Looking at the slopes takes
    about `seconds` at most: where that is too short for all entries, some are drawn at random, and
    directions cover the others. Raises UsageError where the call makes no sense; whatever is wrong
    with f and df is in the verdict.
    """
    _validate(rtol, atol, seconds)
    f = frameworks.as_function(f)
    about = names_of(wrt)
    task = _Task(f, df, read(f, x, names, about), about, jacobian, rtol, atol, seconds, seed)
    notes, quantities, stop = _judged(task)
    return Verdict(
        submission=name or name_of(f),
        spec="",
        title="",
        quantities=quantities,
        failure=stop.failure if stop else None,
        notes=tuple(notes),
    )


def check_file(
    file: Path,
    function: str,
    grad: str | None = None,
    *,
    at: str | None = None,
    seed: int = 0,
    **options: Unpack[Options],
) -> Verdict:
    """The verdict on a function in a Python file, which runs here and now.

    `grad` names the function that gives its gradient, `at` is the text of a point (see `point`), `options`
    are those of `check_function`. What the file prints is in the verdict. Raises SubmissionError and
    UsageError.
    """
    wanted = [function] if grad is None else [function, grad]
    tape = Tape(PRINTED)
    with contextlib.redirect_stdout(tape), functions(file, wanted) as loaded:
        f = frameworks.as_function(loaded.by_name[function])
        verdict = check_function(
            f,
            None if grad is None else loaded.by_name[grad],
            point(at, f, seed),
            seed=seed,
            name=f"{file}:{function}",
            **options,
        )
    verdict = replace(verdict, output=tape.take()[0], notes=(*loaded.notes, *verdict.notes))
    return _at_random(verdict) if at is None else verdict


def _at_random(verdict: Verdict) -> Verdict:
    """A verdict at a point that nobody has chosen: no shape is wrong there, and no failure surprising."""
    drawn = 'the point was drawn at random; choose another by --at, as in --at "x=[0.5, -1], W=randn(2, 3)"'
    advice = "say what the arguments are with --at: a number, or an array of which shape"
    quantities = [
        replace(q, status=Status.CANNOT_TELL, help=advice)
        if q.reason == "shape"
        else replace(q, help=q.help or advice)
        if q.reason == "failed" and number == 0
        else q
        for number, q in enumerate(verdict.quantities)
    ]
    return replace(verdict, quantities=tuple(quantities), notes=(*verdict.notes, drawn))


def _validate(rtol: float | None, atol: float, seconds: float) -> None:
    for name, value in (("rtol", rtol), ("atol", atol), ("seconds", seconds)):
        if value is not None and not (np.isfinite(value) and value >= 0):
            raise UsageError(f"{name} is {value}; give a number that is not negative")


@dataclass(frozen=True)
class _Task:
    """One check."""

    f: Function
    df: Function | None
    arguments: Arguments
    wrt: Group
    jacobian: bool
    rtol: float | None
    atol: float
    seconds: float
    seed: int

    @property
    def about(self) -> Group:
        """The values to differentiate by, for all that is known before the gradient is."""
        return self.arguments.floats_of(self.wrt or groups(self.arguments)[0])

    def quantities(self, notes: list[str]) -> Iterator[Quantity]:
        """What is said of the gradient by each value. Raises StoppedError and WholeNumbersError."""
        reply = call(self.f, self.arguments)
        gradient = gradient_of(self.f, self.df, self.arguments, self.wrt, reply)
        forward = Forward(self.f, self.arguments, isinstance(gradient, Paired))
        output = forward.output(reply.answer)
        with silence():
            _sound(name_of(self.f), output, forward.output(call(self.f, self.arguments).answer))
        if forward.single(reply.answer):
            notes.append(
                f"{name_of(self.f)} returns float32: differences tell little; let it compute in float64"
            )
        way = self._way(gradient, output)
        upstream = self._upstream(output, way)
        replies, again = self._replies(gradient, self._questions(upstream, way))
        parts = [self._parts(gradient, each) for each in replies]
        about = tuple(parts[0])
        if way == "entrywise":
            self._require_entrywise(forward, gradient, output, about)
        notes += notices.of_upstream(forward.f, gradient, output, way)
        notes += notices.of_changes(forward.f, reply, gradient.name, replies)
        notes += [] if self.wrt else notices.of_fixed(self.arguments, about)
        used = None if upstream is None else upstream[: len(replies)].reshape(len(replies), -1)
        questions = self._questions(upstream, way)[: len(replies)]
        probe = Probe(forward, output, used, about, self._elsewhere(gradient, questions))
        second = self._parts(gradient, again)
        answers = [
            self._answer(value, [part[value] for part in parts], second.get(value), output) for value in about
        ]
        judge = Judge(probe, self.rtol, self.atol, self.seconds, progress())
        for answer, quantity in zip(answers, judge.quantities(answers, notes), strict=True):
            yield _advised(quantity, answer, jacobian=self.jacobian)

    def _way(self, gradient: Gradient, output: Array) -> Upstream:
        """What the gradient is told of f's value."""
        if not self.jacobian:
            return gradient.upstream(output.shape)
        if self.df is None and not isinstance(gradient, Paired):
            raise UsageError("jacobian: a backward pass gives no Jacobian; check it without")
        return "nothing"

    def _upstream(self, output: Array, way: Upstream) -> Array | None:
        """The gradients of losses by f's value, (cases, *shape); None for a Jacobian."""
        if self.jacobian:
            return None
        if output.size == 1 or way == "entrywise":
            return np.ones((1, *output.shape))
        return upstream_gradients(output.shape, self.seed)

    @staticmethod
    def _questions(upstream: Array | None, way: Upstream) -> list[Array | None]:
        """What the gradient is asked for: through each upstream gradient, or once without any."""
        return list(upstream) if upstream is not None and way == "given" else [None]

    def _replies(self, gradient: Gradient, questions: list[Array | None]) -> tuple[list[Reply], Reply]:
        """The gradient for each question, and for the first of them a second time."""
        first = gradient.reply or gradient.ask(questions[0])
        with silence():
            again = gradient.ask(questions[0])
            one, other = self._parts(gradient, first), self._parts(gradient, again)
            # Gradients that pile up would spoil all further ones.
            repeats = all(_same(one[value], other[value]) for value in one if value in other)
            return [first, *map(gradient.ask, questions[1:] if repeats else [])], again

    def _elsewhere(
        self, gradient: Gradient, questions: list[Array | None]
    ) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
        """The gradient at other arguments, one array (numbers, *shape) a name; none where it fails."""

        def at(moved: Mapping[str, Array]) -> dict[str, Array]:
            there = gradient.at(self.arguments.moved(moved))
            try:
                with silence():
                    parts = [self._parts(there, there.ask(question)) for question in questions]
            except (StoppedError, WholeNumbersError):
                return {}
            by_name = {name: [part.get(name) for part in parts] for name in parts[0]}
            arrays = {n: [p for p in given if isinstance(p, np.ndarray)] for n, given in by_name.items()}
            return {
                name: np.stack(given)
                for name, given in arrays.items()
                if len(given) == len(parts) and len({a.shape for a in given}) == 1
            }

        return at

    def _parts(self, gradient: Gradient, reply: Reply) -> dict[str, Array | Fault]:
        parts = assigned(reply.answer, self.arguments, self.wrt, gradient.name)
        return {value: array(part, f"d{value}") for value, part in parts.items()}

    def _require_entrywise(self, forward: Forward, gradient: Gradient, output: Array, about: Group) -> None:
        """Stop where a derivative at each entry is not what a gradient function without an upstream gives."""
        values = {a.name: a.value for a in self.arguments if a.name in about}
        if all(
            works_entrywise(lambda x, n=name: forward.nearby({n: x}, output.shape), x)  # type: ignore[misc]
            for name, x in values.items()
        ):
            return
        raise StoppedError(
            "missing",
            f"{name_of(forward.f)} returns an array of shape {output.shape}, and {gradient.name} takes no "
            "upstream gradient",
            f"let {gradient.name} take the gradient of a loss by {name_of(forward.f)}'s value as its last "
            "argument, or return the whole Jacobian, with --jacobian or jacobian=True",
        )

    def _answer(
        self, name: str, parts: Sequence[Array | Fault], again: Array | Fault | None, output: Array
    ) -> Answer | Quantity:
        """The numbers to judge, or what is said where there are none."""
        fault = next((part for part in parts if isinstance(part, Fault)), None)
        if fault is not None:
            return unjudged(name, fault)
        x = next(value.value for value in self.arguments if value.name == name)
        arrays = [part for part in parts if not isinstance(part, Fault)]
        if isinstance(again, np.ndarray) and not alike(arrays[0], again):
            return _unrepeatable(name, arrays[0], again)
        return Answer(
            name=name,
            arrays=arrays,
            shape=output.shape + x.shape if self.jacobian else x.shape,
            label=self._label(name, output.ndim),
        )

    def _label(self, name: str, output_axes: int) -> Callable[[tuple[int, ...]], str]:
        if not self.jacobian:
            return lambda index: _entry(name, index)
        f = name_of(self.f)
        return lambda index: f"∂{_entry(f, index[:output_axes])}/∂{_entry(name, index[output_axes:])}"


def _judged(task: _Task) -> tuple[list[str], tuple[Quantity, ...], StoppedError | None]:
    """The notes, the verdicts, and what stopped the check, if anything did."""
    notes = list(notices.of_precision(task.arguments))
    try:
        return notes, tuple(task.quantities(notes)), None
    except WholeNumbersError as more:
        floats = Arguments(tuple(p.with_floats() for p in task.arguments.parameters))
        judged = _judged(replace(task, arguments=floats, wrt=more.names))
        # Where floats won't do, the answer was meant otherwise.
        return _stopped(task, notes, more.otherwise) if judged[2] else judged
    except StoppedError as stop:
        return _stopped(task, notes, stop)


def _stopped(
    task: _Task, notes: list[str], stop: StoppedError
) -> tuple[list[str], tuple[Quantity, ...], StoppedError | None]:
    fault = Fault(stop.reason, stop.message, stop.advice)
    first, *others = (unjudged(value, fault) for value in task.about)
    # Once is enough for what to do.
    return notes, (first, *(replace(quantity, help="") for quantity in others)), stop


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


def _unrepeatable(name: str, first: Array, again: Array) -> Quantity:
    """What is said of a gradient that is another on a second call with the same data, right or not."""
    message = "a second call with the same data gives something else"
    advice = "let it draw the same random numbers on every call: seed a generator inside it"
    if alike(2 * first, again):
        message += ", exactly twice as much"
        advice = "gradients pile up from call to call: start each call from zero"
    fault = Fault("unrepeatable", message, advice)
    return replace(unjudged(name, fault), status=Status.WRONG)


def _advised(quantity: Quantity, answer: Answer | Quantity, *, jacobian: bool) -> Quantity:
    """The quantity with what to do about its shape or its type, if that is at fault."""
    if isinstance(answer, Quantity):
        return quantity
    first = answer.arrays[0]
    if (
        quantity.reason == "shape"
        and jacobian
        and first.shape == answer.shape[first.ndim :]
        and not quantity.help
    ):
        advice = "a derivative at each entry is checked without jacobian; np.diag(…) makes a Jacobian of it"
        return replace(quantity, help=advice)
    if first.dtype.kind in "iu" and quantity.status is Status.WRONG and _is_near(quantity.table):
        advice = (
            f"{answer.symbol} is an array of whole numbers ({first.dtype}), whose fractions are cut off: "
            "start from an array of floats"
        )
        return replace(quantity, help=advice)
    return quantity


def _is_near(table: Table | None) -> bool:
    """Whether all that a gradient lacks may be the fractions."""
    return table is not None and bool((table.off[~table.unknown] < 1).all())


def _same(one: Array | Fault, other: Array | Fault) -> bool:
    if isinstance(one, Fault) or isinstance(other, Fault):
        return one == other
    return alike(one, other)


def _entry(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]" if index else name
