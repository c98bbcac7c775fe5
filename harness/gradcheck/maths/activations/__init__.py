"""The activations: one file a family, all of them in one table."""

from gradcheck.maths.activations import custom, gated, plain, rectifiers, sigmoidal, softmax
from gradcheck.maths.activations._activation import ACTIVATIONS, Activation

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "custom",
    "gated",
    "plain",
    "rectifiers",
    "sigmoidal",
    "softmax",
]
