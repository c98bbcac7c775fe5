"""What the gradient function gave back, as one array for each argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.function.arguments import Group
from gradcheck.function.subject import StoppedError
from gradcheck.maths._arrays import Array
from gradcheck.submission.answers import RefusedError, as_floats
from gradcheck.verdict.records import Reason

_ABSENT = object()


@dataclass(frozen=True)
class Fault:
    """Why there is no gradient to compare."""

    reason: Reason
    message: str
    help: str = ""


def assigned(answer: Any, groups: Sequence[Group], wrt: Group, name: str) -> dict[str, Any]:
    """The parts of an answer by the arguments that they belong to.

    Parts go by name in a dictionary, and by order elsewhere: the order of `wrt`, or else of the first of
    `groups` that has as many. Raises StoppedError where no reading fits.
    """
    if isinstance(answer, Mapping):
        return _by_name(answer, wrt or groups[0], wrt or groups[-1], name)
    for group in (wrt, *groups) if wrt else groups:
        parts = _by_order(answer, group)
        if parts is not None:
            return {argument: parts[argument] for argument in wrt or group if argument in parts}
    count = f"{len(answer)} gradients" if isinstance(answer, (tuple, list)) else "one gradient"
    about = ", ".join(wrt or groups[0])
    advice = "return one for each argument, in a tuple or a dictionary, or name the argument with wrt"
    raise StoppedError("missing", f"{name} returns {count} for the arguments {about}", advice)


def array(part: Any, symbol: str) -> Array | Fault:
    """One part as an array of floats, of its own precision."""
    if part is _ABSENT:
        return Fault("missing", f"{symbol} is not in the dictionary")
    try:
        # A copy: the function may write into its own array again in the next call.
        found = np.array(as_floats(part))
    except RefusedError as why:
        return Fault("not numbers", f"{symbol} is {why}")
    if found.dtype == np.float16:
        advice = "compute in float64, or in float32 at least"
        return Fault("precision", f"{symbol} is float16, whose 3 digits tell nothing", advice)
    return found


def _by_name(answer: Mapping[Any, Any], about: Group, needed: Group, name: str) -> dict[str, Any]:
    """The entries for `about`; of those that are not there, only the `needed` ones are missed."""
    found = {argument: answer.get(argument, answer.get(f"d{argument}", _ABSENT)) for argument in about}
    if all(part is _ABSENT for part in found.values()):
        keys = ", ".join(map(str, answer)) or "none"
        advice = f"its keys are {keys}; name them as the arguments, {', '.join(about)}, with or without a d"
        raise StoppedError("missing", f"{name} returns a dictionary without a gradient", advice)
    return {argument: p for argument, p in found.items() if p is not _ABSENT or argument in needed}


def _by_order(answer: Any, group: Group) -> dict[str, Any] | None:
    if isinstance(answer, (tuple, list)) and len(answer) == len(group) > 1:
        return dict(zip(group, answer, strict=True))
    if len(group) > 1 or (isinstance(answer, tuple) and len(answer) > 1):
        return None
    return {group[0]: answer[0] if isinstance(answer, tuple) and answer else answer}
