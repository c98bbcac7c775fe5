"""Layers one after the other, with a loss at the end, as one network of equations.

Quantities go by canonical names: the letter and the layer's number, counted from 1 (z1, a1, W1, b1), the
input x, the targets y. Samples are rows: their axis is n, and it is the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from gradcheck.expr.tree import Axes
from gradcheck.layers.layer import SAMPLES, Layer, Place, Statement
from gradcheck.losses import Loss
from gradcheck.network.draws import Draw
from gradcheck.network.model import Model
from gradcheck.network.penalty import factor, penalised
from gradcheck.network.read import read_network

_INPUTS = {1: ("d",), 2: ("T", "d"), 3: ("c", "h", "w")}
"""The axes of an example, by how many it has."""
_LETTER = re.compile(r"\b[ayk]\b")


@dataclass(frozen=True)
class Stack:
    """J = reduction over the examples of the loss of the last layer's output."""

    layers: tuple[Layer, ...]
    inputs: tuple[int, ...]
    """The shape of an example."""
    loss: Loss
    reduction: str
    penalty: Mapping[str, Any] | None = None
    """Norm, strength, constant and the letters that it covers."""

    def resized(self, widths: Sequence[int] | None, inputs: tuple[int, ...] | None) -> Stack:
        """The same in other sizes; widths, the inputs' first, are for dense layers alone."""
        if widths:
            width, *units = widths
            layers = (replace(dense, units=n) for dense, n in zip(self.layers, units, strict=True))  # type: ignore[type-var]
            return replace(self, layers=tuple(layers), inputs=(width,))
        return replace(self, inputs=inputs or self.inputs)

    def statements(self) -> Iterator[tuple[Place, Statement]]:
        """Each layer's equations; ValueError where a layer doesn't take what comes before it."""
        axes: Axes = _INPUTS.get(len(self.inputs), tuple(f"x{n}" for n in range(len(self.inputs))))
        lengths = dict(zip(axes, self.inputs, strict=True))
        source = "x"
        for number, layer in enumerate(self.layers, start=1):
            at = Place(number, source, axes, lengths)
            stated = layer.stated(at)
            yield at, stated
            lengths = {**lengths, **stated.sizes}
            source, axes = f"a{number}", stated.out

    def model(self, examples: int, targets: Draw) -> Model:
        """The network of equations, for so many examples; y is drawn as `targets` says."""
        places, statements = zip(*self.statements(), strict=True)
        out = statements[-1].out
        sizes = dict(places[0].lengths) | {SAMPLES: examples}
        parameters: dict[str, Axes] = {}
        layouts: dict[str, Axes] = {}
        for stated in statements:
            sizes |= stated.sizes
            parameters |= stated.parameters
            layouts |= stated.layouts
        sizes["k"] = prod(sizes[axis] for axis in out)
        y = {"upstream": "dout", "none": None}.get(self.loss.targets, "y")
        given = {**parameters, "x": (SAMPLES, *places[0].axes)} | ({y: (SAMPLES, *out)} if y else {})
        text = "\n".join([*(stated.equations for stated in statements), self._objective(out, y or "")])
        network = read_network(text, given, sizes.keys(), layouts)
        if self.penalty:
            network = penalised(network, **self._penalty(list(parameters)), samples=SAMPLES)
        draws = dict.fromkeys(parameters, Draw("weights")) | {"x": Draw("normal")} | dict(statements[0].draws)
        return Model(network, sizes, {**draws, **({y: targets} if y else {})}, frozenset(parameters))

    def by_torch(self, torch: Any, given: Mapping[str, Any]) -> Any:
        """J by PyTorch's own layers and losses, from tensors by name; None where PyTorch has no such loss."""
        if self.loss.torch is None:
            return None
        a = given["x"]
        for at, stated in self.statements():
            number = str(at.number)
            own = {name.removesuffix(number): given[name] for name in stated.parameters}
            a = self.layers[at.number - 1].torch(torch, a, own)
        y = given.get("y", given.get("dout", a))
        losses = self.loss.torch(torch, a.flatten(1), y.flatten(1))
        J = losses.mean() if self.reduction == "mean" else losses.sum()
        if not self.penalty:
            return J
        penalty, power = self._penalty(list(given)), 2 if self.penalty["norm"] == "l2" else 1
        sizes = [torch.linalg.vector_norm(given[name], power) ** power for name in penalty["names"]]
        return J + factor(penalty["strength"], penalty["constant"], len(a)) * sum(sizes)

    def _objective(self, out: Axes, y: str) -> str:
        """The equation of J."""
        a = f"a{len(self.layers)}"
        words = {"a": a, "y": y, "k": ", ".join(out)}
        if len(out) > 1 and "softmax" in self.loss.equation:  # over all outputs of an example at once
            axes = ", ".join([*out, "k"])
            words = {"a": f"flatten({a}, {axes})", "y": f"flatten({y}, {axes})", "k": "k"}
        loss = _LETTER.sub(lambda letter: words[letter[0]], self.loss.equation)
        return f"J = {self.reduction}({loss}, {SAMPLES})"

    def _penalty(self, parameters: Sequence[str]) -> dict[str, Any]:
        assert self.penalty is not None
        covers = self.penalty["covers"]
        names = [name for name in parameters if name.rstrip("0123456789") in covers]
        return {**{key: self.penalty[key] for key in ("norm", "strength", "constant")}, "names": names}
