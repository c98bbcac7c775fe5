"""The losses: one file a family, all of them in one table."""

from gradcheck.maths.losses import custom, exercise, margin, probability, regression
from gradcheck.maths.losses._loss import LOSSES, OUTCOMES, Guard, Loss, Sampling, Targets

__all__ = [
    "LOSSES",
    "OUTCOMES",
    "Guard",
    "Loss",
    "Sampling",
    "Targets",
    "custom",
    "exercise",
    "margin",
    "probability",
    "regression",
]
