"""The layers of a document as a network of equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from gradcheck.layers import LAYERS, Activation, Layer, Stack
from gradcheck.losses import LOSSES

if TYPE_CHECKING:
    from gradcheck.maths.chain import Chain


def stack(document: Mapping[str, Any]) -> Stack:
    """The stack of layers that a document of layers states, in its own sizes."""
    loss = document["loss"]
    return Stack(
        layers=tuple(map(_layer, document["layers"])),
        inputs=tuple(document["inputs"]),
        loss=LOSSES[loss["name"]](**loss["options"]),
        reduction=document["reduction"],
        penalty=document["penalty"],
    )


def _layer(data: Mapping[str, Any]) -> Layer:
    options = {
        key: Activation(value["name"], value["options"]) if isinstance(value, Mapping) else value
        for key, value in data["options"].items()
    }
    made: Layer = LAYERS[data["name"]](**options)
    return made


def of_chain(chain: Chain) -> Stack:
    """The same network as equations, as long as there are chains; activations and losses without options."""
    layers = []
    for old in chain.layers:
        options = {field.name: getattr(old, field.name) for field in fields(old)}  # type: ignore[arg-type]
        if "activation" in options:
            options["activation"] = Activation(options["activation"].name)
        layers.append(LAYERS[old.kind](**options))
    penalty = {**asdict(chain.penalty), "covers": list(chain.penalty.covers)} if chain.penalty else None
    loss = LOSSES[chain.loss.name]()
    return Stack(tuple(layers), chain.inputs, loss, chain.reduction, penalty)
