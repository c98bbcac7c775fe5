"""What `run` is given of a case, under the learner's names and in the learner's layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcheck.maths._arrays import Array
from gradcheck.spec.cases import Case
from gradcheck.spec.quantity import STRENGTH
from gradcheck.spec.records import Spec
from gradcheck.spec.targets import labels


def inputs(spec: Spec, case: Case, made: Mapping[str, Array] | None = None) -> dict[str, Any]:
    """The parameters, x, what the loss compares with, λ, and the intermediates that the spec gives.

    `made` are all intermediates, as Chain.values gives them, where they are known already.
    """
    values = {**case.parameters, "x": case.x}
    if spec.loss.targets == "upstream":
        values["dout"] = case.y
    elif spec.loss.targets != "none":
        values["y"] = case.y
    if spec.contract.given:
        made = made or case.chain.values(case.parameters, case.x)
        values |= {name: made[name] for name in spec.contract.given}
    named: dict[str, Any] = {spec.notation.symbol(n): v for n, v in spec.notation.present(values).items()}
    if spec.labels:
        named[spec.notation.symbol("y")] = labels(spec.loss, case.y)
    if spec.penalty is not None:
        named[STRENGTH] = float(spec.penalty.strength)
    return named
