"""Seeds at which the cases of a spec lie on both sides of kinks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from math import inf, prod

from gradcheck.expr.tree import axis_of
from gradcheck.layers import Stack
from gradcheck.network.case import OutsideError, draw
from gradcheck.network.draws import Draw
from gradcheck.network.model import Model
from gradcheck.network.sides import Sides, distances, lacking, sides
from gradcheck.specification.cases import Sampler, stated
from gradcheck.specification.language import Sheet
from gradcheck.specification.records import CasePlan

ATTEMPTS, ROOM = 40, 8000
"""The most seeds that are tried, and the most numbers that all cases which are drawn for it make together."""


def free(sheet: Sheet, plans: Sequence[CasePlan]) -> list[int]:
    """The cases of which a sheet gives no seed."""
    return [n for n in range(len(plans)) if not sheet.cases or sheet.cases[n].seed is None]


@dataclass(frozen=True)
class _Draws:
    """The draws of one plan."""

    numbers: int
    """How many a case makes."""
    seen: Callable[[int], Sides]
    """Seed -> the sides of kinks on which the case lies."""


def covering_of_layers(
    stack: Stack, plans: Sequence[CasePlan], free: Collection[int]
) -> tuple[CasePlan, ...]:
    """The plans, one that is `free` with a seed at which all leave out fewest sides of kinks."""
    fixed = [stack.target] if stack.target else []
    if not any(distances(stack.model(1, Draw("normal")), fixed)):
        return tuple(plans)

    def draws(plan: CasePlan) -> _Draws:
        sized = stack.resized(plan.widths, plan.inputs, plan.sizes)
        sampler = Sampler(sized, plan.batch)
        numbers = sum(map(prod, sized.shapes(plan.batch).values()))
        return _Draws(numbers, lambda seed: sides(stated(sized, sampler.draw(seed).case), fixed))

    return _covering(plans, free, draws)


def covering_of_equations(
    model: Model, plans: Sequence[CasePlan], free: Collection[int]
) -> tuple[CasePlan, ...]:
    """The same of a network of equations."""
    if not any(distances(model)):
        return tuple(plans)

    def draws(plan: CasePlan) -> _Draws:
        sizes = {**model.sizes, **(plan.sizes or {})}
        numbers = sum(
            prod(sizes.get(axis_of(axis), 1) for axis in layout) for layout in model.network.layouts.values()
        )

        def seen(seed: int) -> Sides:
            try:
                return sides(draw(model, sizes, seed))
            except OutsideError:
                return frozenset()

        return _Draws(numbers, seen)

    return _covering(plans, free, draws)


def _covering(
    plans: Sequence[CasePlan], free: Collection[int], draws: Callable[[CasePlan], _Draws]
) -> tuple[CasePlan, ...]:
    """The plans, the largest of those that are `free` with the first seed that leaves out fewest sides.

    Where the cases lie on both sides of every kink, all seeds stay; so they do where a case makes so many
    numbers that hardly a side is left out.
    """
    if not free:
        return tuple(plans)
    largest = max(free, key=lambda n: plans[n].batch)
    chosen, seed = draws(plans[largest]), plans[largest].seed
    attempts = min(ATTEMPTS, ROOM // chosen.numbers)
    if attempts:
        others = [draws(plan).seen(plan.seed) for n, plan in enumerate(plans) if n != largest]
        fewest: float = inf
        for attempt in range(attempts + 1):
            at = plans[largest].seed + attempt * len(plans)
            left = len(lacking([*others, chosen.seen(at)]))
            if left < fewest:
                seed, fewest = at, left
            if not left:
                break
    return tuple(replace(plan, seed=seed) if n == largest else plan for n, plan in enumerate(plans))
