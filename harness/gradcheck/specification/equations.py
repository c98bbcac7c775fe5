"""The question of a sheet whose network is equations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck.expr.tree import axis_of
from gradcheck.network.backward import adjoint
from gradcheck.network.case import OutsideError, draw
from gradcheck.network.lengths import misfits
from gradcheck.network.model import Model
from gradcheck.specification.as_written import AsWritten
from gradcheck.specification.asked import Known, asked
from gradcheck.specification.calling import Variables
from gradcheck.specification.complaint import listed, short, suggestion
from gradcheck.specification.coverage import covering_of_equations, free
from gradcheck.specification.language import CaseText, Sheet
from gradcheck.specification.notation import Display
from gradcheck.specification.quantity import split
from gradcheck.specification.question import Question
from gradcheck.specification.records import CasePlan
from gradcheck.specification.shipped import shipped
from gradcheck.specification.statement import built, check_numbers, complain_of, stated
from gradcheck.specification.yaml_text import Source, Where


def question(source: Source, sheet: Sheet) -> Question | None:
    """The question; None where there is none to speak of, with complaints."""
    data = stated(source, sheet)
    if data is None:
        return None
    model = built(data)
    cases = _plans(source, sheet, model)
    check_numbers(source, sheet, model)
    _check_cases(source, sheet, model, cases)
    wanted = asked(source, sheet, _known(model))
    inputs = [name for name in model.handed_over if name not in model.parameters]
    variables = Variables(
        parameters=[name for name in model.handed_over if name in model.parameters],
        inputs=inputs,
        given=wanted.given,
        penalised=sheet.penalty is not None,
        check=wanted.check,
        accept=wanted.accept,
        source="the equations",
    )
    if not source.complaints:
        cases = covering_of_equations(model, cases, free(sheet, cases))
    return Question({"model": data}, _notation(sheet, model), cases, wanted, variables)


def _notation(sheet: Sheet, model: Model) -> AsWritten:
    source = shipped(sheet.notation)
    layouts = {**model.handed_over, **model.computed}
    samples = {
        name: layout.index(model.samples) for name, layout in layouts.items() if model.samples in layout
    }
    gradients = {adjoint(name): name for name in model.network.layouts}
    return AsWritten(
        name=sheet.notation,
        about="names as the equations have them, entries as this notation prints them",
        display=Display(**source["display"]),
        samples=samples,
        gradients=gradients,
        numbered={name: split(name) for name in (*layouts, *gradients)},
    )


def _plans(source: Source, sheet: Sheet, model: Model) -> tuple[CasePlan, ...]:
    """The plans of the cases; where none are given two in the network's sizes, and one of different sizes."""
    given = sheet.cases or _default_cases(model)
    plans = []
    for number, case in enumerate(given):
        where: Where = ("cases", number)
        for key in ("batch", "widths", "inputs"):
            if getattr(case, key) is not None:
                advice = f"as in sizes: {{{model.samples}: 3}}"
                source.complain((*where, key), f"{key} is for networks of layers", advice, key=True)
        for axis in case.sizes or {}:
            if axis not in model.sizes:
                message = f"{short(axis)} is no axis of the network"
                source.complain((*where, "sizes", axis), message, suggestion(axis, model.sizes), key=True)
        sizes = {**model.sizes, **(case.sizes or {})}
        _check_structure(source, (*where, "sizes"), model, sizes)
        examples = sizes.get(model.samples, 1)
        seed = 1000 * sheet.seed + number if case.seed is None else case.seed
        plans.append(CasePlan(batch=examples, sizes=sizes, seed=seed))
    return tuple(plans)


def _check_structure(source: Source, where: Where, model: Model, sizes: Mapping[str, int]) -> None:
    """Complain about lengths of axes that code can't see, where no other length asks for them."""
    seen = _seen(model)
    hidden = {axis: length for axis, length in model.sizes.items() if axis not in seen}
    if not any(misfits(model.network, {**sizes, **hidden}, model.draws)):
        for axis, length in hidden.items():
            if sizes[axis] != length:
                message = (
                    f"no array that code is given has the axis {axis}: it can't be of another length here"
                )
                source.complain((*where, axis), message, "leave it out", key=True)


def _default_cases(model: Model) -> list[CaseText]:
    """Two in the network's sizes and, where its equations take such, one with every size different."""
    sizes = _different(model)
    fit = not any(misfits(model.network, sizes, model.draws))
    return [CaseText(), CaseText(), *[CaseText(sizes=sizes)] * fit]


def _check_cases(source: Source, sheet: Sheet, model: Model, cases: Sequence[CasePlan]) -> None:
    """Complain about an equation that has no value at what is drawn, where nothing else is at fault."""
    for number, plan in enumerate(cases, start=1):
        if source.complaints:
            return
        try:
            draw(model, plan.sizes or {}, plan.seed)
        except OutsideError as error:
            reason = (
                f"in case {number} {error}: have what it follows from drawn positive, or state it otherwise"
            )
            complain_of(source, sheet.network, error.equation, reason)


def _different(model: Model) -> dict[str, int]:
    """Sizes of which no two that code can see are equal: small ones, in the order of the network's own."""
    order = sorted(_seen(model), key=lambda axis: model.sizes[axis])
    return {**model.sizes, **{axis: number for number, axis in enumerate(order, start=2)}}


def _seen(model: Model) -> list[str]:
    """The axes that arrays have which code is given."""
    seen = {axis_of(axis) for layout in model.handed_over.values() for axis in layout}
    return [axis for axis in model.sizes if axis in seen]


def _known(model: Model) -> Known:
    """What a sheet may name."""
    of, refused = listed(model.upstream or ["J"]), {}
    for name in model.network.layouts:
        d, how = adjoint(name), model.draws.get(name)
        if how and how.discrete:
            advice = "a gradient is by numbers that can move a little"
            refused[d] = f"{d} does not exist: {name} is drawn from {how.kind}", advice
        elif d in model.computed and d not in model.backward.equations:
            refused[d] = f"{of} does not depend on {name}: {d} is 0", "leave it out"

    def unknown(name: str, free: list[str]) -> tuple[str, str]:
        return f"the equations have no quantity {short(name)}", suggestion(name, free)

    names = {name: name for name in (*model.handed_over, *model.computed, *refused)}
    return Known(names, model.network.equations, model.handed_over, refused, unknown)
