"""Which wrong quantities follow from which: by what each equation of a network reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from gradcheck.quantity import Quantity

Readings: TypeAlias = Sequence[tuple[bool, Sequence[tuple[str, frozenset[str]]]]]
"""The steps of a network: whether one is a loop, and what each of its equations makes and reads."""


def following(
    readings: Readings,
    known: Mapping[str, Quantity],
    wrong: Collection[str],
    submitted: Collection[str],
    agreeing: Collection[str],
) -> dict[str, str]:
    """Wrong quantity -> the one before it, wrong by itself, that it follows from.

    `agreeing` are those that are as their equations make them from what was handed in.
    """
    nearest = causes(readings, known, wrong, submitted)
    follows = {name: nearest[name] for name in wrong if name in nearest and name in agreeing}
    for name in follows:
        while follows[name] in follows:
            follows[name] = follows[follows[name]]
    return follows


def causes(
    readings: Readings,
    known: Mapping[str, Quantity],
    among: Collection[str],
    submitted: Collection[str] = (),
) -> dict[str, str]:
    """Quantity -> the last of some on the way to it, on which no other one lies that was handed in.

    A local derivative that is `known`, da1/dz1, is on the way to dz1.
    """
    before: dict[str, set[str]] = {}
    local = {name: one.gradient.name for name, one in known.items() if one.of and name in among}
    order = {name: n for n, (name, _) in enumerate(one for _, step in readings for one in step)}
    for is_loop, step in readings:
        for _ in range(2 if is_loop else 1):  # of a loop each may read each
            for equation, read in step:
                passed = [before.get(name, set()) for name in read if name not in submitted]
                own = {name for name, by in local.items() if by == equation}
                before[equation] = own.union(read.intersection(among), *passed)
    return {
        name: max(found, key=lambda cause: order.get(local.get(cause) or cause, -1))
        for name, found in before.items()
        if found
    }
