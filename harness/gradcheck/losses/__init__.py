"""The losses: one file a family, all of them in one table."""

from gradcheck.losses import custom, exercise, margin, probability, regression
from gradcheck.losses.loss import LOSSES, OUTCOMES, Guard, Loss, Sampling, Targets

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
