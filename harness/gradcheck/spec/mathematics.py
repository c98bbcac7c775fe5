"""Layers, activations, losses and penalties, made from the plain data of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcheck.maths._arrays import Shape
from gradcheck.maths.activations import ACTIVATIONS
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers import LAYERS, Layer
from gradcheck.maths.losses import LOSSES, Loss, Sampling
from gradcheck.maths.penalty import Penalty


def layer(data: Mapping[str, Any]) -> Layer:
    """The layer from its name and options; ValueError where an option makes no sense."""
    options = {k: activation(v) if isinstance(v, Mapping) else v for k, v in data["options"].items()}
    made: Layer = LAYERS[data["name"]](**options)
    return made


def activation(data: Mapping[str, Any]) -> Any:
    """The activation from its name and options; ValueError where an option makes no sense."""
    return ACTIVATIONS[data["name"]](**data["options"])


def loss(data: Mapping[str, Any], sampling: Mapping[str, Any] | None = None) -> Loss:
    """The loss from its name and options, and how y is drawn; ValueError where an option makes no sense."""
    chosen = LOSSES[data["name"]](**data["options"])
    return chosen if sampling is None else replace(chosen, sampling=Sampling(**sampling))


def penalty(data: Mapping[str, Any] | None) -> Penalty | None:
    """The penalty, if there is one."""
    return None if data is None else Penalty(**{**data, "covers": frozenset(data["covers"])})


def resized(chain: Chain, widths: Sequence[int] | None, inputs: Shape | None) -> Chain:
    """The chain in other sizes; widths, the inputs' first, are for stacks of dense layers."""
    if widths:
        width, *units = widths
        layers = (replace(dense, units=n) for dense, n in zip(chain.layers, units, strict=True))  # type: ignore[type-var]
        return replace(chain, layers=tuple(layers), inputs=(width,))
    return replace(chain, inputs=inputs or chain.inputs)
