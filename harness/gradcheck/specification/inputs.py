"""What `run` is given of a case, under the learner's names and in the learner's layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcheck.arrays import Array
from gradcheck.specification.cases import Case, run_passes
from gradcheck.specification.quantity import STRENGTH
from gradcheck.specification.records import Spec
from gradcheck.specification.targets import labels


def inputs(spec: Spec, case: Case, made: Mapping[str, Array] | None = None) -> dict[str, Any]:
    """The parameters, x, what the loss compares with, λ, and the intermediates that the spec gives.

    `made` are all intermediates, where they are known already.
    """
    stack = spec.stack
    values = case.given
    if spec.contract.given:
        made = made or run_passes(case).values
        values |= {name: made[name] for name in spec.contract.given}
    named: dict[str, Any] = {spec.notation.symbol(n): v for n, v in spec.notation.present(values).items()}
    if spec.labels:
        named[spec.notation.symbol("y")] = labels(stack.loss, case.y)
    if stack.penalty is not None:
        named[STRENGTH] = float(stack.penalty["strength"])
    return named
