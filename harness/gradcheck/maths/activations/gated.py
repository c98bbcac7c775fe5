"""Activations that multiply z by a smooth gate γ(z) between 0 and 1: a = z γ(z), a′ = γ(z) + z γ′(z)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gradcheck.maths.activations._activation import Activation, activation
from gradcheck.maths.elementary import logistic, normal_cdf, normal_density, softplus

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradcheck.maths._arrays import Array


@activation
def silu() -> Activation:
    """The product z σ(z), also called swish."""
    return _gated(
        name="silu",
        formula="z/(1 + exp(-z))",
        gate=logistic,
        gate_slope=lambda z, gate: gate * (1 - gate),
        twin=lambda torch, z: torch.nn.functional.silu(z),
        floor=-0.2785,
    )


@activation
def mish() -> Activation:
    """The product z tanh(ζ(z)), with ζ the softplus."""
    return _gated(
        name="mish",
        formula="z tanh(log(1 + exp(z)))",
        gate=lambda z: np.tanh(softplus(z)),
        gate_slope=lambda z, gate: (1 - gate**2) * logistic(z),
        twin=lambda torch, z: torch.nn.functional.mish(z),
        floor=-0.3089,
    )


@activation
def gelu(*, approximate: Literal["none", "tanh"] = "none") -> Activation:
    """The product z Φ(z), with Φ the normal distribution function; exact, or approximated through tanh.

    Both from Hendrycks and Gimpel (2016), "Gaussian error linear units", section 2.
    Raises ValueError where `approximate` is neither "none" nor "tanh".
    """
    match approximate:
        case "none":
            return _gelu_exact()
        case "tanh":
            return _gelu_tanh()
    raise ValueError(f'approximate must be "none" or "tanh", not {approximate!r}')


def _gelu_exact() -> Activation:
    return _gated(
        name="gelu",
        formula="z Phi(z)",
        gate=normal_cdf,
        gate_slope=lambda z, gate: normal_density(z),
        twin=lambda torch, z: torch.nn.functional.gelu(z),
        floor=-0.17,
    )


def _gelu_tanh() -> Activation:
    c, k = math.sqrt(2 / math.pi), 0.044715
    return _gated(
        name="gelu",
        formula="z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))",
        # ½(1 + tanh u) = σ(2u), and σ keeps its relative precision where it is small.
        gate=lambda z: logistic(2 * c * (z + k * z**3)),
        gate_slope=lambda z, gate: gate * (1 - gate) * 2 * c * (1 + 3 * k * z**2),
        twin=lambda torch, z: torch.nn.functional.gelu(z, approximate="tanh"),
        floor=-0.1701,
    )


def _gated(
    *,
    name: str,
    formula: str,
    gate: Callable[[Array], Array],
    gate_slope: Callable[[Array, Array], Array],
    twin: Callable[[Any, Any], Any],
    floor: float,
) -> Activation:
    """`gate_slope` is (z, γ) -> γ′; `floor` lies just below the least value of zγ(z)."""

    def slope(z: Array, a: Array) -> Array:
        g = gate(z)
        return g + z * gate_slope(z, g)

    return Activation(
        name=name,
        formula=formula,
        value=lambda z: z * gate(z),
        slope=slope,
        twin=twin,
        range=(floor, math.inf),
    )
