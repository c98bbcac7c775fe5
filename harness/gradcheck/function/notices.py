"""What is noticed about a check and costs nothing: the notes below a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gradcheck.arrays import Array
from gradcheck.function.arguments import Arguments, Group
from gradcheck.function.gradient import Gradient, Upstream
from gradcheck.function.probe import UPSTREAM
from gradcheck.function.signature import name_of
from gradcheck.function.subject import Reply
from gradcheck.function.values import FLOATS, WHOLE_NUMBERS, Kind


def of_precision(arguments: Arguments) -> Iterator[str]:
    """Numbers that the function gets as float64, though they were not."""
    by_type: dict[str, list[str]] = {}
    for value in arguments:
        if value.was and value.kind in FLOATS:
            by_type.setdefault(value.was, []).append(value.name)
    if all(value.was == WHOLE_NUMBERS for value in arguments):
        return  # whoever writes 1 for 1.0 everywhere has no type in mind
    for was, names in by_type.items():
        listed, one = ", ".join(names), len(names) == 1
        if was == WHOLE_NUMBERS:
            yield f"{listed} {'holds' if one else 'hold'} {was}: your code gets them as float64"
        else:
            are, them = ("is", "it") if one else ("are", "them")
            yield f"{listed} {are} {was}: your code gets {them} as float64"


def of_upstream(f: Callable[..., Any], gradient: Gradient, output: Array, way: Upstream) -> Iterator[str]:
    """How an array-valued function is checked."""
    if output.size == 1 or way == "nothing":
        return
    if way == "entrywise":
        yield (
            f"{name_of(f)} works entry by entry, and {gradient.name} takes no upstream gradient: it is "
            "checked as the derivative at each entry"
        )
        return
    given = " as its last argument" if gradient.is_called else ""
    yield (
        f"{name_of(f)} returns an array of shape {output.shape}: {gradient.name} is given an upstream "
        f"gradient{given}, {UPSTREAM} random ones in turn"
    )


def of_changes(f: Callable[..., Any], reply: Reply, gradient: str, replies: Sequence[Reply]) -> Iterator[str]:
    """Arguments that were changed in place."""
    changed = {name_of(f): reply.changed}
    changed[gradient] = changed.get(gradient, frozenset()).union(*(r.changed for r in replies))
    for function, names in changed.items():
        if names:
            yield f"{function} changes {', '.join(sorted(names))} in place; every call gets fresh copies here"


def of_fixed(arguments: Arguments, about: Group) -> Iterator[str]:
    """What is not differentiated by, though it holds numbers."""
    others = [value for value in arguments if value.name not in about]
    named = {parameter.name for parameter in arguments.parameters}
    whole = [value.name for value in others if value.kind is Kind.WHOLE and value.name in named]
    if whole:
        holds, them = ("holds", "it") if len(whole) == 1 else ("hold", "them")
        yield (
            f"{', '.join(whole)} {holds} whole numbers, taken as fixed; write 1. for 1, or name {them} in "
            f"wrt, to differentiate by {them}"
        )
    if floats := [value.name for value in others if value.kind in FLOATS and value.name in named]:
        are, them = ("is", "it") if len(floats) == 1 else ("are", "them")
        yield f"{', '.join(floats)} {are} taken as fixed; name {them} in wrt to differentiate by {them}"
    if parts := [value.name for value in others if value.kind is not Kind.OTHER and value.name not in named]:
        yield f"{', '.join(parts)} {'is' if len(parts) == 1 else 'are'} taken as fixed"
    for value in others:
        if value.obstacle:
            yield f"{value.name} {value.obstacle} and is taken as fixed"
