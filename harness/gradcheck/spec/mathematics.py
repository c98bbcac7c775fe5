"""The chain of links of a document of layers, with reverse passes by hand, of which mistakes are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcheck.arrays import Shape
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers import LAYERS, Layer
from gradcheck.maths.penalty import Penalty
from gradcheck.spec import stack


def chain(document: Mapping[str, Any]) -> Chain | None:
    """The chain of a document of layers, in its own sizes; None where it has equations, or other layers."""
    if document["model"] is not None:
        return None
    try:
        layers = tuple(map(_layer, document["layers"]))
        loss = stack.loss(document["loss"], document["sampling"])
    except (KeyError, TypeError, ValueError):  # no such layer, option or formula here
        return None
    term = document["penalty"]
    penalty = None if term is None else Penalty(**{**term, "covers": frozenset(term["covers"])})
    return Chain(layers, tuple(document["inputs"]), loss, document["reduction"], penalty)


def _layer(data: Mapping[str, Any]) -> Layer:
    options = {k: stack.activation(v) if isinstance(v, Mapping) else v for k, v in data["options"].items()}
    made: Layer = LAYERS[data["name"]](**options)
    return made


def resized(chain: Chain, widths: Sequence[int] | None, inputs: Shape | None) -> Chain:
    """The chain in other sizes; widths, the inputs' first, are for stacks of dense layers."""
    if widths:
        width, *units = widths
        layers = (replace(dense, units=n) for dense, n in zip(chain.layers, units, strict=True))  # type: ignore[type-var]
        return replace(chain, layers=tuple(layers), inputs=(width,))
    return replace(chain, inputs=inputs or chain.inputs)
