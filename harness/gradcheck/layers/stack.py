"""Layers one after the other, with a loss at the end, as one network of equations.

Quantities go by canonical names: the letter and the layer's number, counted from 1 (z1, a1, W1, b1), the
input x, the targets y. Samples are rows: their axis is n, and it is the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, prod
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.expr.adjoint import edges, kinks
from gradcheck.expr.along import SUM
from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.simplify import factors
from gradcheck.expr.tree import Apply, Axes, Name, axis_of, nodes
from gradcheck.layers.activation import Activation
from gradcheck.layers.equations import EquationLayer
from gradcheck.layers.layer import SAMPLES, Layer, Position, Statement
from gradcheck.losses import Loss
from gradcheck.network.backward import adjoint
from gradcheck.network.compiled import compiled
from gradcheck.network.draws import Draw
from gradcheck.network.graph import spread
from gradcheck.network.local import by_rules, local_derivatives
from gradcheck.network.model import Model
from gradcheck.network.penalty import factor, penalised
from gradcheck.network.read import read_network
from gradcheck.network.records import Equation, Network, named
from gradcheck.network.tail import shifted
from gradcheck.quantity import Quantity

if TYPE_CHECKING:
    from gradcheck.arrays import Array, Shape

_INPUTS = {1: ("d",), 2: ("T", "d"), 3: ("c", "h", "w")}
"""The axes of an example, by how many it has."""
_SHIFT = "shift"
"""The name of what is added to a quantity, which no layer has."""


@dataclass(frozen=True)
class Stack:
    """J = reduction over the examples of the loss of the last layer's output."""

    layers: tuple[Layer, ...]
    inputs: Shape
    """The shape of an example."""
    loss: Loss
    reduction: str = "mean"
    penalty: Mapping[str, Any] | None = None
    """Norm, strength, constant and the letters that it covers."""

    def resized(
        self,
        widths: Sequence[int] | None,
        inputs: Shape | None,
        sizes: Mapping[str, int] | None = None,
    ) -> Stack:
        """The same in other sizes; widths, the inputs' first, are for dense layers alone.

        `sizes` are those of the axes that layers of equations bring, as u2 for the u of layer 2.
        """
        if widths:
            width, *units = widths
            layers = (replace(dense, units=n) for dense, n in zip(self.layers, units, strict=True))  # type: ignore[type-var]
            return replace(self, layers=tuple(layers), inputs=(width,))
        resized = tuple(
            layer.resized(number, sizes or {}) if isinstance(layer, EquationLayer) else layer
            for number, layer in enumerate(self.layers, start=1)
        )
        if inputs in (None, self.inputs) and resized == self.layers:
            return self  # with the passes that are compiled
        return replace(self, layers=resized, inputs=inputs or self.inputs)

    def statements(self) -> Iterator[tuple[Position, Statement]]:
        """Each layer's equations; ValueError where a layer doesn't take what comes before it."""
        axes: Axes = _INPUTS.get(len(self.inputs), tuple(f"x{n}" for n in range(len(self.inputs))))
        lengths = dict(zip(axes, self.inputs, strict=True))
        source = "x"
        for number, layer in enumerate(self.layers, start=1):
            at = Position(number, source, axes, lengths)
            stated = layer.stated(at)
            yield at, stated
            lengths = {**lengths, **stated.sizes}
            source, axes = f"a{number}", stated.out

    @cached_property
    def _stated(self) -> tuple[tuple[Position, Statement], ...]:
        return tuple(self.statements())

    def at(self, number: int) -> tuple[Position, Statement]:
        """Where the layer of that number stands, and its equations there."""
        return self._stated[number - 1]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How long all axes are but that of samples."""
        sizes = dict(self._stated[0][0].lengths)
        for _, stated in self._stated:
            sizes |= stated.sizes
        return {**sizes, "k": prod(sizes[axis] for axis in self._stated[-1][1].out)}

    @cached_property
    def parameters(self) -> dict[str, Shape]:
        """Names and shapes of all parameters, in forward order."""
        return {
            name: self._shape(axes, 1)
            for _, stated in self._stated
            for name, axes in stated.parameters.items()
        }

    @cached_property
    def matrices(self) -> list[str]:
        """Parameters that `@` multiplies what comes from before with: (inputs, units)."""
        layouts = self.network.layouts
        summed = {
            (name.text, node.over)
            for equation in self.network.equations.values()
            for node in nodes(equation.expression)
            if isinstance(node, Apply) and node.operation is SUM and len(factors(node.arguments[0])) > 1
            for name in factors(node.arguments[0])
            if isinstance(name, Name)
        }
        two = [name for name in self.parameters if len(layouts[name]) == 2]
        return [name for name in two if (name, layouts[name][:1]) in summed]

    @property
    def drawn(self) -> Draw:
        """How x is drawn."""
        return self.draws.get("x", Draw("normal"))

    @cached_property
    def draws(self) -> dict[str, Draw]:
        """How what is given is drawn, where a layer says so."""
        return {name: draw for _, stated in self._stated for name, draw in stated.draws.items()}

    @property
    def sources(self) -> list[str]:
        """What is given by which J is differentiated: the parameters, and x unless it holds whole numbers."""
        return [*self.parameters, *([] if self.drawn.discrete else ["x"])]

    @property
    def out(self) -> str:
        """The name of the output."""
        return f"a{len(self.layers)}"

    @property
    def outputs(self) -> Shape:
        """The shape of one example's output."""
        return tuple(self.sizes[axis] for axis in self._stated[-1][1].out)

    @property
    def target(self) -> str | None:
        """What the loss compares with: y, the upstream gradient dout, or nothing."""
        return {"upstream": "dout", "none": None}.get(self.loss.targets, "y")

    @cached_property
    def activations(self) -> dict[int, Activation]:
        """Those of the layers that have one, by the layer's number from 1."""
        layers = ((n, getattr(layer, "activation", None)) for n, layer in enumerate(self.layers, start=1))
        return {n: activation for n, activation in layers if activation is not None}

    @property
    def last_activation(self) -> Activation | None:
        """What the outputs come out of; None where the network has no activation."""
        return next(reversed(self.activations.values()), None)

    @cached_property
    def network(self) -> Network:
        """All equations, that of J behind those of the layers."""
        places, statements = zip(*self._stated, strict=True)
        out, y = statements[-1].out, self.target
        given: dict[str, Axes] = {}
        layouts: dict[str, Axes] = {}
        for stated in statements:
            given |= stated.parameters
            layouts |= stated.layouts
        given |= {"x": (SAMPLES, *places[0].axes)} | ({y: (SAMPLES, *out)} if y else {})
        text = "\n".join([*(stated.equations for stated in statements), self._objective(out, y or "")])
        network = read_network(text, given, [*self.sizes, SAMPLES], layouts)
        if self.penalty:
            network = penalised(network, **self._penalty(), samples=SAMPLES)
        return network

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """All that has a name, gradients apart: what is given, what is made, J, and local derivatives."""
        given = [Quantity("x"), *([Quantity(self.target)] if self.target else [])]
        equations = [self._of_layers[name] for name in self.network.equations if name != "J"]
        known = {one.name: one for one in (*given, Quantity("J"), *self._parameters.values(), *equations)}
        local = [known[of].by(known[by]) for of, by, _ in self._pairs]
        return known | {one.name: one for one in local}

    @cached_property
    def _parameters(self) -> dict[str, Quantity]:
        return {name: self._of_layers[name] for _, stated in self._stated for name in stated.parameters}

    @cached_property
    def _of_layers(self) -> dict[str, Quantity]:
        return {
            name: Quantity(letter, at.number) for at, _ in self._stated for name, letter in at.letters.items()
        }

    @cached_property
    def _pairs(self) -> tuple[tuple[str, str, Axes], ...]:
        return tuple(local_derivatives(self.network))

    def model(self, examples: int, targets: Draw) -> Model:
        """The network of equations, for so many examples; y is drawn as `targets` says."""
        if (examples, targets) not in self._models:
            draws = {"x": self.drawn, **dict.fromkeys(self.parameters, Draw("weights")), **self.draws}
            draws |= {self.target: targets} if self.target else {}
            sizes, parameters = {**self.sizes, SAMPLES: examples}, frozenset(self.parameters)
            self._models[examples, targets] = Model(self.network, sizes, draws, parameters)
        return self._models[examples, targets]

    @cached_property
    def _models(self) -> dict[tuple[int, Draw], Model]:
        return {}

    def shapes(self, examples: int) -> dict[str, Shape]:
        """Names and shapes of x and of all that is made on the way, in forward order."""
        equations = {name: self._shape(layout, examples) for name, layout in self._visible.items()}
        return {"x": (examples, *self.inputs), **equations}

    @cached_property
    def _visible(self) -> dict[str, Axes]:
        hidden = {"J"}.union(*(stated.hidden for _, stated in self._stated))
        return {name: e.layout for name, e in self.network.equations.items() if name not in hidden}

    def local(self, examples: int) -> dict[str, Shape]:
        """Names and shapes of the local derivatives, da1/dz1 or dz1/dW1."""
        known = {*self.shapes(examples), *self.parameters}
        return {
            self.quantities[of].by(self.quantities[by]).name: self._shape(layout, examples)
            for of, by, layout in self._pairs
            if of in known and by in known
        }

    def _shape(self, layout: Axes, examples: int) -> Shape:
        lengths = {**self.sizes, SAMPLES: examples, UNNAMED: 1}
        return tuple(lengths[axis_of(axis)] for axis in layout)

    def values(
        self,
        parameters: Mapping[str, Array],
        x: Array,
        y: Array,
        shift: tuple[str, Array] | None = None,
    ) -> dict[str, Array]:
        """x, all that is made, and J; with `shift` an array is added to a quantity as it is made."""
        name, by = shift or ("", None)
        if name not in self._forward:
            network = shifted(self.network, name, _SHIFT) if name else self.network
            self._forward[name] = compiled(network, [*self._visible, "J"], self.sizes)
        return {"x": x, **self._forward[name]({**parameters, "x": x, "y": y, "dout": y, _SHIFT: by})}

    @cached_property
    def _forward(self) -> dict[str, Callable[[Mapping[str, Any]], dict[str, Array]]]:
        """The forward pass, by the name of what is shifted in it."""
        return {}

    def derivatives(self, names: Collection[str], known: Mapping[str, Array]) -> dict[str, Array]:
        """The named local derivatives, from the arrays of all quantities."""
        layouts = self.network.layouts
        values = {name: Named(known[name], named(layouts[name])) for name in layouts if name in known}
        lengths = {**self.sizes, SAMPLES: len(known["x"])}
        return {name: self._rules[name](values, lengths) for name in names}

    @cached_property
    def _rules(self) -> dict[str, Callable[[Mapping[str, Named], Lengths], Array]]:
        local = [(one.of, one) for one in self.quantities.values() if one.of]
        return {one.name: by_rules(self.network, of.name, one.value.name) for of, one in local}

    @cached_property
    def couples_examples(self) -> bool:
        """Whether what is made of one example depends on others, as where a batch is normalised."""
        dependence = spread(self.network.steps, {"x": SAMPLES})
        return any(how != SAMPLES for name, how in dependence.items() if name != "J")

    def weight(self, examples: int) -> float:
        """How much of an example's ℓ counts in J."""
        return 1 / examples if self.reduction == "mean" else 1.0

    def passes(
        self, parameters: Mapping[str, Array], x: Array, y: Array
    ) -> tuple[dict[str, Array], dict[str, Array], float]:
        """(x, all that is made, and J; ∂J/∂ each of these and of the parameters, by its name; the distance of
        the nearest unit to a kink of its layer).
        """
        arrays = self._run({**parameters, "x": x, "y": y, "dout": y})
        values = {"x": x, **{name: arrays[name] for name in (*self._visible, "J")}}
        gradients = {
            name: arrays[adjoint(name)] if adjoint(name) in arrays else np.zeros_like(value)
            for name, value in {**values, **parameters}.items()
            if name != "J"
        }
        nearest = (float(np.abs(arrays[name]).min()) for name in self._kinks)
        return values, gradients, min(nearest, default=inf)

    @property
    def has_edges(self) -> bool:
        """Whether there are numbers of which a layer makes none, as of -1 by a logarithm."""
        layers = (e.expression for name, e in self.network.equations.items() if name != "J")
        return any(True for expression in layers for _ in edges(expression))

    @cached_property
    def _kinks(self) -> dict[str, Equation]:
        """What is 0 where a layer has no derivative or no value, as equations by names of their own."""
        layers = [e.expression for name, e in self.network.equations.items() if name != "J"]
        limits = [kink for expression in layers for kink in (*kinks(expression), *edges(expression))]
        return {f"kink{n}": Equation(f"kink{n}", kink, kink.axes) for n, kink in enumerate(limits)}

    @cached_property
    def _run(self) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
        whole = self.model(1, Draw()).whole
        every = Network(whole.given, (*whole.steps, *self._kinks.values()))
        asked = ["x", *self._visible, *self.parameters]
        names = [*asked, "J", *map(adjoint, asked), *self._kinks]
        return compiled(every, [name for name in names if name in every.equations], self.sizes)

    def by_torch(self, torch: Any, given: Mapping[str, Any]) -> Any:
        """J by PyTorch's own layers and losses, from tensors by name; None where PyTorch has no such loss."""
        if self.loss.torch is None:
            return None
        a = given["x"]
        for at, stated in self._stated:
            own = {self._parameters[name].base: given[name] for name in stated.parameters}
            a = self.layers[at.number - 1].torch(torch, a, own)
        y = given.get("y", given.get("dout", a))
        losses = self.loss.torch(torch, a.flatten(1), y.flatten(1))
        J = losses.mean() if self.reduction == "mean" else losses.sum()
        if not self.penalty:
            return J
        penalty, power = self._penalty(), 2 if self.penalty["norm"] == "l2" else 1
        sizes = [torch.linalg.vector_norm(given[name], power) ** power for name in penalty["names"]]
        return J + factor(penalty["strength"], penalty["constant"], len(a)) * sum(sizes)

    def _objective(self, out: Axes, y: str) -> str:
        """The equation of J."""
        words = self.out, y, ", ".join(out)
        if len(out) > 1 and "softmax" in self.loss.equation:  # over all outputs of an example at once
            axes = ", ".join([*out, "k"])
            words = f"flatten({self.out}, {axes})", f"flatten({y}, {axes})", "k"
        return f"J = {self.reduction}({self.loss.of(*words)}, {SAMPLES})"

    def _penalty(self) -> dict[str, Any]:
        assert self.penalty is not None
        covers = self.penalty["covers"]
        names = [name for name, parameter in self._parameters.items() if parameter.base in covers]
        return {**{key: self.penalty[key] for key in ("norm", "strength", "constant")}, "names": names}
