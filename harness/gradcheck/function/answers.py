"""What the gradient function gave back, as one array for each float among the arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.function import frameworks
from gradcheck.function.arguments import Arguments, Group, Parameter, all_numbers, groups
from gradcheck.function.subject import StoppedError, complex_value
from gradcheck.function.trees import ABSENT, MisfitError, spread
from gradcheck.function.values import FLOATS, Argument
from gradcheck.submission.answers import RefusedError, as_floats
from gradcheck.text import amount
from gradcheck.verdict.records import Reason


@dataclass(frozen=True)
class Fault:
    """Why there is no gradient to compare."""

    reason: Reason
    message: str
    help: str = ""


@dataclass(frozen=True)
class ByValue:
    """A gradient whose parts go by the names of the values that they are by."""

    parts: Mapping[str, Any]


class WholeNumbersError(Exception):
    """The gradient is about arguments of whole numbers, too: those of `names`, or else `otherwise` holds."""

    def __init__(self, names: Group, otherwise: StoppedError) -> None:
        super().__init__(", ".join(names))
        self.names, self.otherwise = names, otherwise


def assigned(answer: Any, arguments: Arguments, wrt: Group, name: str) -> dict[str, Any]:
    """The parts of an answer by the names of the values that they are by.

    Parts go by name in a dictionary, and by order elsewhere: the order of `wrt`, or else of the first of
    the usual groups of arguments that has as many. Raises StoppedError where no reading fits, and
    WholeNumbersError where one does that counts whole numbers in.
    """
    if isinstance(answer, ByValue):
        return dict(answer.parts)
    likely = [wrt, *groups(arguments)] if wrt else groups(arguments)
    reading = _reading(answer, arguments, likely, wrt)
    if reading is not None:
        about = wrt or tuple(reading)
        return _spread(arguments, {n: reading[n] for n in about if n in reading}, name)
    complaint = _misread(answer, arguments, wrt or likely[0], name)
    if not wrt and _reading(answer, arguments, [all_numbers(arguments)], ()) is not None:
        raise WholeNumbersError(all_numbers(arguments), complaint)
    raise complaint


def _reading(answer: Any, arguments: Arguments, likely: list[Group], wrt: Group) -> dict[str, Any] | None:
    """The parts of an answer by the arguments that they are by; None where it can't be divided so."""
    lone = len(likely[0]) == 1
    if isinstance(answer, Mapping):
        named = _by_name(answer, likely[0], wrt or likely[-1])
        if named is not None:
            return named
    for group in likely:
        if isinstance(answer, (tuple, list)) and len(answer) == len(group) > 1:
            parts = dict(zip(group, answer, strict=True))
            if all(_fits(p, parts[p.name]) for p in arguments.named(group)):
                return parts
    if not lone:
        return None
    (parameter,) = arguments.named(likely[0])
    if isinstance(answer, tuple) and len(answer) == 1 and not _fits(parameter, answer):
        return {parameter.name: answer[0]}
    if isinstance(parameter.tree, Argument) and (
        isinstance(answer, Mapping) or (isinstance(answer, tuple) and len(answer) > 1)
    ):
        return None
    return {parameter.name: answer}


def _by_name(answer: Mapping[Any, Any], about: Group, needed: Group) -> dict[str, Any] | None:
    """The entries for `about`; of those that are not there, only the `needed` ones are missed."""
    by_argument = {argument: answer.get(argument, answer.get(f"d{argument}", ABSENT)) for argument in about}
    if all(part is ABSENT for part in by_argument.values()):
        return None
    return {argument: p for argument, p in by_argument.items() if p is not ABSENT or argument in needed}


def _fits(parameter: Parameter, part: Any) -> bool:
    """Whether a part has the form of the argument; of one array, any array will do."""
    if isinstance(parameter.tree, Argument):
        return not isinstance(part, (Mapping, tuple))
    try:
        spread(parameter.tree, part)
    except MisfitError:
        return False
    return True


def _spread(arguments: Arguments, parts: Mapping[str, Any], name: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in arguments.named(tuple(parts)):
        try:
            values |= spread(parameter.tree, parts[parameter.name])
        except MisfitError as misfit:
            raise StoppedError("missing", f"{misfit.message}, as {name} returns it", misfit.advice) from None
    return values


def _misread(answer: Any, arguments: Arguments, about: Group, name: str) -> StoppedError:
    """The complaint about an answer that no reading fits."""
    listed = ", ".join(about)
    fitting = [p.name for p in arguments.named(about) if _fits_alone(p, answer)]
    advice = "return one for each argument, in a tuple or a dictionary, or name the argument with wrt"
    if isinstance(answer, Mapping) and not fitting:
        message = f"{name} returns a dictionary without a gradient"
        keys = ", ".join(map(str, answer)) or "none"
        advice = f"its keys are {keys}; name them as the arguments, {listed}, with or without a d"
    else:
        count = amount(len(answer), "gradient") if isinstance(answer, (tuple, list)) else "one gradient"
        message = f"{name} returns {count} for the {'argument' if len(about) == 1 else 'arguments'} {listed}"
    if len(fitting) == 1:
        (one,) = fitting
        advice = f"it has the form of {one}: if it is by {one} alone, say so with --wrt {one}, or wrt={one!r}"
    return StoppedError("missing", message, advice)


def _fits_alone(parameter: Parameter, answer: Any) -> bool:
    """Whether the whole answer has the form, and an array the shape, of one argument."""
    if not _fits(parameter, answer):
        return False
    tree = parameter.tree
    return not isinstance(tree, Argument) or (
        tree.kind in FLOATS and np.shape(frameworks.plain(answer)) == tree.value.shape
    )


def array(part: Any, symbol: str) -> Array | Fault:
    """One part as an array of floats, of its own precision."""
    if isinstance(part, Fault):
        return part
    if part is ABSENT:
        return Fault("missing", f"{symbol} is not in the dictionary")
    part = frameworks.plain(part)
    if isinstance(part, (np.ndarray, np.generic, complex)) and np.iscomplexobj(part):
        return Fault("not numbers", *complex_value(symbol, np.asarray(part)))
    if hasattr(part, "toarray"):
        return Fault("not numbers", f"{symbol} is sparse ({type(part).__name__})", "return its .toarray()")
    if getattr(part, "dtype", np.dtype(float)).kind in "iu":
        return np.array(part)  # right or wrong, whatever was cut off
    try:
        # A copy: the function may write into its own array again in the next call.
        result = np.array(as_floats(part))
    except RefusedError as why:
        return Fault("not numbers", f"{symbol} is {why}")
    if result.dtype == np.float16:
        advice = "compute in float64, or in float32 at least"
        return Fault("precision", f"{symbol} is float16, whose 3 digits tell nothing", advice)
    return result
