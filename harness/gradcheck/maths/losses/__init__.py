"""The losses: one file a family, all of them in one table."""

from gradcheck.maths.losses import custom, exercise, margin, probability, regression
from gradcheck.maths.losses._loss import LOSSES, Loss

__all__ = ["LOSSES", "Loss", "custom", "exercise", "margin", "probability", "regression"]
