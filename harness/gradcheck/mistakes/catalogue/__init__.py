"""The catalogue: one file for each part of the reverse pass; each enters its mistakes as it is imported."""

from gradcheck.mistakes.catalogue import (  # noqa: F401 (imported for what they enter, in this order)
    convolution,
    output,
    parameters,
    penalty,
    recurrent,
    recursion,
    slope,
)
from gradcheck.mistakes.records import CATALOGUE

__all__ = ["CATALOGUE"]
