"""The layers of a document as a network of equations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcheck.layers import LAYERS, Activation, EquationLayer, Layer, Stack
from gradcheck.losses import LOSSES, Loss, Sampling
from gradcheck.network.draws import Draw


def stack(document: Mapping[str, Any]) -> Stack:
    """The stack of layers that a document of layers states, in its own sizes."""
    return Stack(
        layers=tuple(map(layer, document["layers"])),
        inputs=tuple(document["inputs"]),
        loss=loss(document["loss"], document["sampling"]),
        reduction=document["reduction"],
        penalty=document["penalty"],
    )


def layer(data: Mapping[str, Any]) -> Layer:
    """The layer from its name and options; ValueError where an option makes no sense."""
    if data["name"] == EquationLayer.kind:
        return of_equations(**data["options"])
    options = {k: activation(v) if isinstance(v, Mapping) else v for k, v in data["options"].items()}
    made: Layer = LAYERS[data["name"]](**options)
    return made


def of_equations(axes: Sequence[str], draws: Mapping[str, Any], **options: Any) -> EquationLayer:
    """The layer that its equations state."""
    layouts = {key: {k: tuple(v) for k, v in options[key].items()} for key in ("parameters", "layout")}
    drawn = {name: Draw(**how) for name, how in draws.items()}
    return EquationLayer(**{**options, **layouts}, axes=tuple(axes), draws=drawn)


def activation(data: Mapping[str, Any]) -> Activation:
    """The activation from its name and options; ValueError where an option makes no sense."""
    return Activation(data["name"], data["options"])


def loss(data: Mapping[str, Any], sampling: Mapping[str, Any] | None = None) -> Loss:
    """The loss from its name and options, and how y is drawn; ValueError where an option makes no sense."""
    chosen = LOSSES[data["name"]](**data["options"])
    return chosen if sampling is None else replace(chosen, sampling=Sampling(**sampling))
