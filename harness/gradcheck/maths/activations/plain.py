"""Activations that are an everyday function as it stands."""

from __future__ import annotations

import numpy as np

from gradcheck.maths.activations._activation import Activation, activation, closed


@activation
def identity() -> Activation:
    """A = z: a layer without activation."""
    return Activation(
        name="identity",
        formula="z",
        value=np.copy,
        slope=lambda z, a: np.ones_like(z),
        twin=lambda torch, z: z,
    )


@activation
def sine() -> Activation:
    """The sine."""
    return Activation(
        name="sine",
        formula="sin(z)",
        value=np.sin,
        slope=lambda z, a: np.cos(z),
        twin=lambda torch, z: torch.sin(z),
        range=closed(-1, 1),
    )
