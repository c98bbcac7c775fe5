"""The plans of a sheet's cases: sizes and seeds, checked against the network."""

from __future__ import annotations

from math import prod

from gradcheck.layers import EquationLayer, Stack
from gradcheck.layers.dense import Dense
from gradcheck.specification.complaint import listed, short, suggestion
from gradcheck.specification.language import CaseText, Sheet
from gradcheck.specification.loss_fit import single_output
from gradcheck.specification.network import shape_of
from gradcheck.specification.records import CasePlan
from gradcheck.specification.yaml_text import Source, Where

DEFAULT = (CaseText(batch=1), CaseText(batch=5))
MOST_PARAMETERS = 2_000_000
MOST_NUMBERS = 10_000_000


def plans(source: Source, sheet: Sheet, stack: Stack) -> tuple[CasePlan, ...]:
    """The plans, complaining about sizes that the network can't take."""
    check_parameters(source, ("network",), stack)
    made = []
    for number, case in enumerate(sheet.cases or DEFAULT):
        plan = CasePlan(
            batch=case.batch or 1,
            sizes=case.sizes,
            widths=tuple(case.widths) if case.widths else None,
            inputs=None if case.inputs is None else shape_of(case.inputs),
            seed=1000 * sheet.seed + number if case.seed is None else case.seed,
        )
        _check_sizes(source, ("cases", number, "sizes"), case.sizes or {}, stack)
        if _takes_widths(source, ("cases", number, "widths"), case, stack):
            sized = stack.resized(plan.widths, plan.inputs, plan.sizes)
            _check_case(source, ("cases", number), case, sized)
        made.append(plan)
    return tuple(made)


def check_parameters(source: Source, where: Where, stack: Stack) -> None:
    """Complain where there are too many parameters to check."""
    count = sum(prod(shape) for shape in stack.parameters.values())
    if count > MOST_PARAMETERS:
        source.complain(where, f"{count:,} parameters are too many: at most {MOST_PARAMETERS:,}")


def _check_sizes(source: Source, where: Where, sizes: dict[str, int], stack: Stack) -> None:
    """Complain about sizes of axes that no layer of equations brings."""
    known = [
        f"{axis}{number}"
        for number, layer in enumerate(stack.layers, start=1)
        if isinstance(layer, EquationLayer)
        for axis, length in layer.sizes.items()
        if isinstance(length, int)
    ]
    for axis in sizes:
        if axis not in known:
            message = f"no layer's equations bring an axis {short(axis)}"
            advice = suggestion(axis, known) if known else "leave sizes out"
            source.complain((*where, axis), message, advice, key=True)


def _takes_widths(source: Source, where: Where, case: CaseText, stack: Stack) -> bool:
    if case.widths is None:
        return True
    sizes = ["the inputs", *(f"layer {number}" for number in range(1, len(stack.layers) + 1))]
    if case.inputs is not None:
        source.complain(where, "widths give the inputs' number already", "leave inputs out", key=True)
    elif not all(isinstance(layer, Dense) for layer in stack.layers):
        source.complain(where, "widths are for networks of dense layers alone", "give inputs", key=True)
    elif len(case.widths) != len(sizes):
        message = f"this network has {len(sizes)} width{'s' * (len(sizes) != 1)}, not {len(case.widths)}"
        source.complain(where, message, f"give one each for {listed(sizes)}")
    else:
        return True
    return False


def _check_case(source: Source, where: Where, case: CaseText, stack: Stack) -> None:
    """Complain where the layers don't join in the case's sizes, or take too much memory."""
    try:
        numbers = _largest(stack, case.batch or 1)
    except ValueError as error:
        key = "inputs" if case.inputs else "sizes"
        source.complain((*where, key), f"the layers don't take these {key}: {error}")
        return
    if numbers > MOST_NUMBERS:
        message = f"an array of {numbers:,} numbers is too large: at most {MOST_NUMBERS:,}"
        source.complain(where, message, "take fewer examples")
    if case.widths or case.inputs or case.sizes:
        check_parameters(source, where, stack)
        if complaint := single_output(stack):
            source.complain(where, *complaint)


def _largest(stack: Stack, examples: int) -> int:
    """How many numbers the largest array has that is made for so many examples."""
    return max(prod(shape) for shape in (*stack.shapes(examples).values(), *stack.local(examples).values()))
