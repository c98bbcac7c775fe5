"""The question of a sheet whose network is equations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gradcheck.expr.tree import axis_of
from gradcheck.network.backward import adjoint
from gradcheck.network.case import OutsideError, draw
from gradcheck.network.lengths import misfits
from gradcheck.network.model import Model
from gradcheck.specification.as_written import AsWritten
from gradcheck.specification.calling import Variables
from gradcheck.specification.complaint import listed, short, suggestion
from gradcheck.specification.coverage import covering_of_equations, free
from gradcheck.specification.language import CaseText, Sheet
from gradcheck.specification.notation import Display
from gradcheck.specification.quantity import split
from gradcheck.specification.question import Asked, Question
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
    asked = _asked(source, sheet, model)
    inputs = [name for name in model.handed_over if name not in model.parameters]
    variables = Variables(
        parameters=[name for name in model.handed_over if name in model.parameters],
        inputs=inputs,
        given=asked.given,
        penalised=sheet.penalty is not None,
        check=asked.check,
        accept=asked.accept,
        source="the equations",
    )
    if not source.complaints:
        cases = covering_of_equations(model, cases, free(sheet, cases))
    return Question({"model": data}, _notation(sheet, model), cases, asked, variables)


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


def _asked(source: Source, sheet: Sheet, model: Model) -> Asked:
    """What is given, checked and accepted, and the points of what is checked."""
    handed = dict.fromkeys(model.handed_over, "is handed to the submission, not computed by it")
    made = [name for name in model.computed if name in model.network.equations]
    discrete = {adjoint(name): (name, how.kind) for name, how in model.draws.items() if how.discrete}
    of = listed(model.upstream or ["J"])
    gradients = {adjoint(name): name for name in model.network.layouts}
    still = {d: name for d, name in gradients.items() if d not in model.backward.equations}

    def names(
        where: Where, listed_names: list[str], known: Collection[str], refused: Mapping[str, str]
    ) -> list[str]:
        found: list[str] = []
        for number, name in enumerate(listed_names):
            place = (*where, number)
            if name in refused:
                source.complain(place, f"{name} {refused[name]}")
            elif name in discrete:
                message = "{} does not exist: {} is drawn from {}".format(name, *discrete[name])
                source.complain(place, message, "a gradient is by numbers that can move a little")
            elif name in known and name in still:
                source.complain(place, f"{of} does not depend on {still[name]}: {name} is 0", "leave it out")
            elif name not in known:
                meant = suggestion(name, known)
                source.complain(place, f"the equations have no quantity {short(name)}", meant)
            elif name in found:
                source.complain(place, f"{name} is listed twice")
            else:
                found.append(name)
        return found

    given = names(("submission", "given"), sheet.submission.given, made, handed)
    refused = handed | dict.fromkeys(given, "is handed to the submission, not computed by it")
    check = names(("check",), sheet.check, model.computed, refused)
    again = refused | dict.fromkeys(check, "is checked already")
    accept = names(("accept",), sheet.accept, model.computed, again)
    for name in sheet.points:
        if name not in sheet.check:
            message = f"there are points for {short(name)}, which is not checked"
            source.complain(("points", name), message, suggestion(name, dict.fromkeys(sheet.check)), key=True)
    points = {name: sheet.points.get(name, 1.0) for name in check}
    return Asked(tuple(given), tuple(check), tuple(accept), points)
