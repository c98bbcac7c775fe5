"""What a formula is built from: each operation with its partial derivatives and its PyTorch twin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.maths.elementary import logistic, softplus

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Operation:
    """A function of one or two numbers, applied elementwise to arrays."""

    value: Callable[..., Any]
    """(x, …) -> f."""
    twin: Callable[..., Any]
    """(torch, x, …) -> f, by PyTorch's own function."""
    partials: tuple[Callable[..., Any], ...]
    """(x, …) -> ∂f/∂x, one for each argument; at a kink the one that PyTorch takes."""


CONSTANTS = {"pi": math.pi, "e": math.e}

SIGNS = {
    "+": Operation(np.positive, lambda torch, x: x, (lambda x: 1,)),
    "-": Operation(np.negative, lambda torch, x: -x, (lambda x: -1,)),
}

POWER = Operation(
    np.power,
    lambda torch, x, n: x**n,
    (
        lambda x, n: np.where(np.equal(n, 0), 0, n * x ** (n - 1)),
        lambda x, n: np.where(np.equal(x, 0), 0, x**n * np.log(x)),
    ),
)

OPERATORS = {
    "+": Operation(np.add, lambda torch, x, y: x + y, (lambda x, y: 1, lambda x, y: 1)),
    "-": Operation(np.subtract, lambda torch, x, y: x - y, (lambda x, y: 1, lambda x, y: -1)),
    "*": Operation(np.multiply, lambda torch, x, y: x * y, (lambda x, y: y, lambda x, y: x)),
    "/": Operation(
        np.divide,
        lambda torch, x, y: x / y,
        (lambda x, y: np.divide(1, y), lambda x, y: -x / y**2),
    ),
    "**": POWER,
    "^": POWER,
}

FUNCTIONS = {
    "exp": Operation(np.exp, lambda torch, x: torch.exp(x), (np.exp,)),
    "log": Operation(np.log, lambda torch, x: torch.log(x), (lambda x: 1 / x,)),
    "sqrt": Operation(np.sqrt, lambda torch, x: torch.sqrt(x), (lambda x: 1 / (2 * np.sqrt(x)),)),
    "sin": Operation(np.sin, lambda torch, x: torch.sin(x), (np.cos,)),
    "cos": Operation(np.cos, lambda torch, x: torch.cos(x), (lambda x: -np.sin(x),)),
    "tan": Operation(np.tan, lambda torch, x: torch.tan(x), (lambda x: 1 + np.tan(x) ** 2,)),
    "sinh": Operation(np.sinh, lambda torch, x: torch.sinh(x), (np.cosh,)),
    "cosh": Operation(np.cosh, lambda torch, x: torch.cosh(x), (np.sinh,)),
    "tanh": Operation(np.tanh, lambda torch, x: torch.tanh(x), (lambda x: 1 - np.tanh(x) ** 2,)),
    "arctan": Operation(np.arctan, lambda torch, x: torch.arctan(x), (lambda x: 1 / (1 + x**2),)),
    "abs": Operation(np.abs, lambda torch, x: torch.abs(x), (np.sign,)),
    "sigmoid": Operation(
        logistic,
        lambda torch, x: torch.sigmoid(x),
        (lambda x: logistic(x) * (1 - logistic(x)),),
    ),
    "softplus": Operation(
        softplus,
        # PyTorch's softplus is the identity from 20 on; this one is exact everywhere.
        lambda torch, x: -torch.nn.functional.logsigmoid(-x),
        (logistic,),
    ),
    "relu": Operation(
        lambda x: np.maximum(x, 0), lambda torch, x: torch.relu(x), (lambda x: np.heaviside(x, 0),)
    ),
    "maximum": Operation(
        np.maximum,
        lambda torch, x, y: torch.maximum(x, y),
        (lambda x, y: np.heaviside(x - y, 0.5), lambda x, y: np.heaviside(y - x, 0.5)),
    ),
    "minimum": Operation(
        np.minimum,
        lambda torch, x, y: torch.minimum(x, y),
        (lambda x, y: np.heaviside(y - x, 0.5), lambda x, y: np.heaviside(x - y, 0.5)),
    ),
}
