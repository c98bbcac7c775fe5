"""Answering a spec: its cases drawn, their truth found, all of it arranged as the learner has it."""

from __future__ import annotations

from gradcheck.errors import NoPyTorchError
from gradcheck.expr.by_torch import pytorch
from gradcheck.oracle import equations, layered
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.specification.inputs import inputs
from gradcheck.specification.records import CasePlan, Spec


def answered(spec: Spec) -> AnswerKey:
    """The key of a spec, computed. Raises NoPyTorchError where PyTorch can't be imported."""
    try:
        pytorch()
    except (ImportError, OSError) as error:
        raise NoPyTorchError(
            f"a spec's answers are worked out with PyTorch, once, and it can't be imported ({error}); "
            "run: pip install torch"
        ) from None
    if spec.model is not None:
        return equations.answered(spec, spec.model)
    return AnswerKey(spec, tuple(_answered(spec, plan) for plan in spec.cases))


def _answered(spec: Spec, plan: CasePlan) -> KeyCase:
    case = spec.draw(plan)
    return KeyCase(plan, inputs(spec, case), layered.entries(spec, case))
