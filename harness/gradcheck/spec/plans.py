"""The plans of a sheet's cases: sizes and seeds, checked against the network."""

from __future__ import annotations

from math import prod
from typing import Any

from gradcheck.maths.chain import Chain
from gradcheck.maths.layers.dense import Dense
from gradcheck.spec import mathematics, records
from gradcheck.spec.complaint import listed
from gradcheck.spec.language import CaseText, Sheet
from gradcheck.spec.loss_fit import single_output
from gradcheck.spec.network import shape_of
from gradcheck.spec.yaml_text import Source, Where

DEFAULT = (CaseText(batch=1), CaseText(batch=5))
MOST_PARAMETERS = 2_000_000
MOST_NUMBERS = 10_000_000


def plans(source: Source, sheet: Sheet, chain: Chain) -> list[dict[str, Any]]:
    """The plans as plain data, complaining about sizes that the network can't take."""
    check_parameters(source, ("network",), chain)
    made = []
    for number, case in enumerate(sheet.cases or DEFAULT):
        plan = {
            "batch": case.batch or 1,
            "sizes": None,
            "widths": case.widths,
            "inputs": None if case.inputs is None else list(shape_of(case.inputs)),
            "seed": 1000 * sheet.seed + number if case.seed is None else case.seed,
        }
        if _takes_widths(source, ("cases", number, "widths"), case, chain):
            sized = records.case_plan(plan)
            _check_case(
                source, ("cases", number), case, mathematics.resized(chain, sized.widths, sized.inputs)
            )
        made.append(plan)
    return made


def check_parameters(source: Source, where: Where, chain: Chain) -> None:
    """Complain where there are too many parameters to check."""
    count = sum(prod(shape) for shape in chain.parameters.values())
    if count > MOST_PARAMETERS:
        source.complain(where, f"{count:,} parameters are too many: at most {MOST_PARAMETERS:,}")


def _takes_widths(source: Source, where: Where, case: CaseText, chain: Chain) -> bool:
    if case.widths is None:
        return True
    sizes = ["the inputs", *(f"layer {number}" for number in range(1, len(chain.layers) + 1))]
    if case.inputs is not None:
        source.complain(where, "widths give the inputs' number already", "leave inputs out", key=True)
    elif not all(isinstance(layer, Dense) for layer in chain.layers):
        source.complain(where, "widths are for networks of dense layers alone", "give inputs", key=True)
    elif len(case.widths) != len(sizes):
        message = f"this network has {len(sizes)} width{'s' * (len(sizes) != 1)}, not {len(case.widths)}"
        source.complain(where, message, f"give one each for {listed(sizes)}")
    else:
        return True
    return False


def _check_case(source: Source, where: Where, case: CaseText, chain: Chain) -> None:
    """Complain where the layers don't join in the case's sizes, or take too much memory."""
    try:
        numbers = (case.batch or 1) * _largest(chain)
    except ValueError as error:
        source.complain((*where, "inputs"), f"the layers don't take these inputs: {error}")
        return
    if numbers > MOST_NUMBERS:
        message = f"an array of {numbers:,} numbers is too large: at most {MOST_NUMBERS:,}"
        source.complain(where, message, "take fewer examples")
    if case.widths or case.inputs:
        check_parameters(source, where, chain)
        if complaint := single_output(chain):
            source.complain(where, *complaint)


def _largest(chain: Chain) -> int:
    """How many numbers an example has in the largest array that is made of it."""
    arrays = [prod(shape) for shape in chain.intermediates.values()]
    activations = [(step, getattr(step.link, "activation", None)) for step in chain.steps]
    jacobians = [
        prod(step.outputs) * step.outputs[-1]
        for step, g in activations
        if g is not None and not g.elementwise
    ]
    return max(arrays + jacobians)
