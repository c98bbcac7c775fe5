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
) -> dict[str, tuple[str, ...]]:
    """Wrong quantity -> those before it that it follows from, none of which follows from others.

    `agreeing` are those that are as their equations make them from what was handed in.
    """
    right = [name for name in submitted if name not in wrong]
    nearest = causes(readings, known, {name for name in wrong if name not in agreeing}, right)
    return {name: nearest[name] for name in wrong if name in agreeing and name in nearest}


def causes(
    readings: Readings,
    known: Mapping[str, Quantity],
    among: Collection[str],
    submitted: Collection[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Quantity -> those of some from which a way leads to it, on which no other one of them lies.

    Nor any that was `submitted`. A local derivative that is `known`, da1/dz1, is on the way to dz1.
    """
    before: dict[str, set[str]] = {}
    local = {name: one.gradient.name for name, one in known.items() if one.of and name in among}
    order = {name: n for n, (name, _) in enumerate(one for _, step in readings for one in step)}
    for is_loop, step in readings:
        for _ in range(2 if is_loop else 1):  # of a loop each may read each
            for equation, read in step:
                passed = [before.get(name, set()) for name in read - {*submitted, *among}]
                own = {name for name, by in local.items() if by == equation}
                before[equation] = own.union(read.intersection(among), *passed)
    return {
        name: tuple(sorted(found, key=lambda cause: order.get(local.get(cause) or cause, -1)))
        for name, found in before.items()
        if found
    }
