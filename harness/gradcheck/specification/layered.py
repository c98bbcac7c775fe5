"""The question of a sheet whose network is layers one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from gradcheck.layers import Stack
from gradcheck.specification.asked import Asked, asked
from gradcheck.specification.calling import Variables
from gradcheck.specification.cases import Sampler
from gradcheck.specification.coverage import covering_of_layers, free
from gradcheck.specification.language import Sheet
from gradcheck.specification.naming import known, notation
from gradcheck.specification.network import network
from gradcheck.specification.notation import Notation
from gradcheck.specification.plans import plans
from gradcheck.specification.quantity import handed_over
from gradcheck.specification.question import Question
from gradcheck.specification.records import CasePlan
from gradcheck.specification.target_choice import gives_labels
from gradcheck.specification.yaml_text import Source


def question(source: Source, sheet: Sheet) -> Question | None:
    """The question; None where there is none to speak of, with complaints."""
    joined = network(source, sheet)
    if joined is None:
        return None
    net, stack = joined
    cases = plans(source, sheet, stack)
    made = notation(source, sheet, stack)
    if made is None:
        return None
    wanted = asked(source, sheet, known(made, stack))
    if stack.has_edges and not source.complaints:
        _check_cases(source, stack, cases)
    variables = _variables(sheet, made, stack, wanted)
    if not source.complaints:
        cases = covering_of_layers(stack, cases, free(sheet, cases))
    return Question(net, made, cases, wanted, variables, labels=gives_labels(sheet))


def _check_cases(source: Source, stack: Stack, plans: Iterable[CasePlan]) -> None:
    """Complain where the network has no value at what is drawn."""
    for number, plan in enumerate(plans, start=1):
        resized = stack.resized(plan.widths, plan.inputs, plan.sizes)
        infinite = Sampler(resized, plan.batch).draw(plan.seed).infinite
        if infinite is not None:
            message = f"in case {number} {infinite} has no finite value at the numbers that are drawn"
            source.complain(("network", "layers"), message, "take functions that have one there")
            return


def _variables(sheet: Sheet, made: Notation, stack: Stack, wanted: Asked) -> Variables:
    own = set(made.quantities(stack))

    def symbols(names: Iterable[str]) -> list[str]:
        return [made.symbol(name) for name in names if name in own]

    return Variables(
        parameters=symbols(stack.parameters),
        inputs=symbols(name for name in handed_over(stack) if name not in stack.parameters),
        given=symbols(wanted.given),
        penalised=sheet.penalty is not None,
        check=symbols(wanted.check),
        accept=symbols(wanted.accept),
        source=made.name,
    )
