"""The chain: links one after the other, a loss at the end, forward and in reverse.

Quantities go by canonical names: the letter and the layer's number, counted from 1 (z1, a1, W1, b1),
the input x, and a d before the name of what J is differentiated by (dz1, dW1, dx).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.losses import Loss
from gradcheck.maths.layers import Activate, Layer, Link, Note, ignore
from gradcheck.maths.penalty import Penalty
from gradcheck.network.draws import Draw
from gradcheck.quantity import Quantity

Reduction = Literal["mean", "sum"]


@dataclass(frozen=True)
class Step:
    """A link at its place in the chain."""

    link: Link
    layer: int
    """The number of the layer it belongs to, from 1."""
    source: str
    """The name of its input: x, a1, ..."""
    inputs: Shape
    outputs: Shape

    @cached_property
    def out(self) -> str:
        """The name of its output: z1, a1, ..."""
        return self.named(self.link.out)

    @cached_property
    def parameters(self) -> dict[str, Shape]:
        """Names and shapes of its parameters."""
        return {self.named(letter): s for letter, s in self.link.parameters(self.inputs).items()}

    @property
    def inside(self) -> dict[str, Shape]:
        """Names and shapes of what it makes on the way to its output."""
        return {self.named(letter): s for letter, s in self.link.inside(self.inputs).items()}

    def named(self, letter: str) -> str:
        """The name of this layer's quantity of that letter; a d before it is kept."""
        return f"{letter}{self.layer}"

    def letter(self, name: str) -> str:
        """The letter of this layer's quantity of that name."""
        return name.removesuffix(str(self.layer))

    @cached_property
    def _letters(self) -> tuple[tuple[str, str], ...]:
        """The letter and the name of each of its parameters."""
        return tuple((self.letter(name), name) for name in self.parameters)

    def own(self, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """This link's parameters, by letter."""
        return {letter: parameters[name] for letter, name in self._letters}

    def note(self, note: Note) -> Note:
        """A note that knows this link's names."""
        return lambda letter, value: note(self.named(letter), value)


@dataclass(frozen=True)
class Chain:
    """A network with its loss: J = reduction of ℓ over the examples + penalty."""

    layers: tuple[Layer, ...]
    inputs: Shape
    loss: Loss
    reduction: Reduction = "mean"
    penalty: Penalty | None = None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All links in forward order; ValueError where a layer doesn't take what comes before it."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[Step]:
        source, shape = "x", self.inputs
        for number, layer in enumerate(self.layers, start=1):
            for link in layer.links():
                step = Step(link, number, source, shape, link.outputs(shape))
                yield step
                source, shape = step.out, step.outputs

    @cached_property
    def parameters(self) -> dict[str, Shape]:
        """Names and shapes of all parameters, in forward order."""
        return {name: shape for step in self.steps for name, shape in step.parameters.items()}

    @cached_property
    def intermediates(self) -> dict[str, Shape]:
        """Names of everything made on the way, with the shape for one example, in forward order."""
        shapes: dict[str, Shape] = {"x": self.inputs}
        for step in self.steps:
            shapes |= step.inside | {step.out: step.outputs}
        return shapes

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """All that has a name, gradients apart."""
        found = [Quantity("x"), *([Quantity(self.target)] if self.target else []), Quantity("J")]
        for step in self.steps:
            letters = [*step.link.parameters(step.inputs), *step.link.inside(step.inputs), step.link.out]
            found += [Quantity(letter, step.layer) for letter in letters]
        known = {one.name: one for one in found}
        pairs = [(f"a{s.layer}", f"z{s.layer}") for s in self.steps if isinstance(s.link, Activate)]
        pairs += [(f"z{s.layer}", f"W{s.layer}") for s in self.steps if "W" in s.link.parameters(s.inputs)]
        links = [known[of].by(known[by]) for of, by in pairs]
        return known | {link.name: link for link in links if link.name in self.local(1)}

    @property
    def matrices(self) -> list[str]:
        """Parameters that `@` multiplies what comes from before with: (inputs, units)."""
        return [name for name, shape in self.parameters.items() if name[0] == "W" and len(shape) == 2]

    @property
    def sources(self) -> list[str]:
        """What is given by which J is differentiated."""
        return [*self.parameters, "x"]

    @property
    def drawn(self) -> Draw:
        """How x is drawn."""
        return Draw("normal")

    @property
    def draws(self) -> Mapping[str, Draw]:
        """How what is given is drawn, where a layer says so."""
        return {}

    @property
    def sizes(self) -> Mapping[str, int]:
        """No axis has a name here."""
        return {}

    @property
    def out(self) -> str:
        """The name of the output."""
        return self.steps[-1].out

    @property
    def outputs(self) -> Shape:
        """The shape of one example's output."""
        return self.steps[-1].outputs

    @property
    def target(self) -> str | None:
        """What the loss compares with: y, the upstream gradient dout, or nothing."""
        return {"upstream": "dout", "none": None}.get(self.loss.targets, "y")

    def made(self, examples: int) -> dict[str, Shape]:
        """Names and shapes of x and of all that is made on the way, in forward order."""
        return {name: (examples, *shape) for name, shape in self.intermediates.items()}

    def local(self, examples: int) -> dict[str, Shape]:
        """Names and shapes of the local derivatives, da1/dz1 or dz1/dW1."""
        found: dict[str, Shape] = {}
        for step in self.steps:
            if isinstance(step.link, Activate):
                coupled = step.outputs[-1:] if step.link.activation.coupled else ()
                found[f"da{step.layer}/dz{step.layer}"] = (examples, *step.outputs, *coupled)
            elif "W" in step.link.parameters(step.inputs) and len(step.inputs) == 1:
                found[f"dz{step.layer}/dW{step.layer}"] = (examples, *step.inputs)
        return found

    def passes(
        self, parameters: Mapping[str, Array], x: Array, y: Array
    ) -> tuple[dict[str, Array], dict[str, Array], float]:
        """(x and all that is made; ∂J/∂ each of these and of the parameters; the distance to a kink)."""
        slices: dict[str, list[Array]] = {"x": [x]}

        def keep(name: str, value: Array) -> Array:
            slices.setdefault(name, []).append(value)
            return value

        with np.errstate(all="ignore"):
            gradients = self.reverse(parameters, x, y, keep)
        values = self.stacked(slices)
        nearest = (float(np.abs(values[name] - kink).min()) for name, kink in self.kinks)
        return values, gradients, min(nearest, default=np.inf)

    @cached_property
    def kinks(self) -> tuple[tuple[str, float], ...]:
        """Where units have kinks: the name of what they take, and the number at which they have one."""
        return tuple(
            (step.named("z"), kink)
            for step in self.steps
            for kink in getattr(getattr(step.link, "activation", None), "kinks", ())
        )

    @cached_property
    def _inside(self) -> tuple[str, ...]:
        """The names of what links make slice by slice."""
        return tuple(name for step in self.steps for name in step.inside)

    def run(
        self, parameters: Mapping[str, Array], value: Array, note: Note = ignore, *, after: int = 0
    ) -> Array:
        """The last output, from the input of the link at index `after`, everything made being noted."""
        for step in self.steps[after:]:
            out = step.link.forward(value, step.own(parameters), step.note(note))
            value = note(step.out, out)
        return value

    def values(self, parameters: Mapping[str, Array], x: Array, note: Note = ignore) -> dict[str, Array]:
        """x and all intermediates by name; what a link makes slice by slice is stacked along its axis."""
        slices: dict[str, list[Array]] = {"x": [x]}

        def keep(name: str, value: Array) -> Array:
            slices.setdefault(name, []).append(note(name, value))
            return slices[name][-1]

        self.run(parameters, x, keep)
        return self.stacked(slices)

    def stacked(self, slices: Mapping[str, Sequence[Array]]) -> dict[str, Array]:
        """x and all intermediates by name, from what a note was given, slice by slice."""
        values = {name: slices[name][0] for name in self.intermediates}
        return values | {name: np.stack(slices[name], 1) for name in self._inside}

    def losses(self, output: Array, y: Array) -> Array:
        """ℓ of each example, (examples,)."""
        return self.loss.value(_rows(output), _rows(y))

    def share(self, examples: int) -> float:
        """How much of an example's ℓ counts in J."""
        return 1 / examples if self.reduction == "mean" else 1.0

    def penalised(self, names: Sequence[str]) -> list[str]:
        """Those of the parameters that the penalty covers."""
        if self.penalty is None:
            return []
        return [name for name in names if name.rstrip("0123456789") in self.penalty.covers]

    def reduced(self, losses: Array, parameters: Mapping[str, Array]) -> float:
        """J from the examples' ℓ."""
        examples = len(losses)
        J = losses.sum() * self.share(examples)
        if self.penalty is not None:
            covered = self.penalised(list(parameters))
            J += self.penalty.factor(examples) * sum(self.penalty.value(parameters[w]).sum() for w in covered)
        return float(J)

    def objective(self, parameters: Mapping[str, Array], x: Array, y: Array) -> float:
        """J."""
        return self.reduced(self.losses(self.run(parameters, x), y), parameters)

    def reverse(
        self, parameters: Mapping[str, Array], x: Array, y: Array, note: Note = ignore
    ) -> dict[str, Array]:
        """∂J/∂ every intermediate and parameter, by the name of what J is differentiated by."""
        values = {"x": x}

        def keep(name: str, value: Array) -> Array:
            values[name] = note(name, value)
            return values[name]

        output = self.run(parameters, x, keep)
        slope = self.loss.gradient(_rows(output), _rows(y)).reshape(output.shape)
        dout: Array = slope * np.asarray(self.share(len(x)), output.dtype)
        grads: dict[str, Array] = {}

        def keep_inside(name: str, value: Array) -> Array:
            grads[name.removeprefix("d")] = note(name, value)
            return grads[name.removeprefix("d")]

        for step in reversed(self.steps):
            dout = grads[step.out] = note(f"d{step.out}", dout)
            source, out = values[step.source], values[step.out]
            p = step.own(parameters)
            dout, dp = step.link.reverse(dout, source, out, p, step.note(keep_inside))
            for letter, gradient in dp.items():
                name = step.named(letter)
                covered = self.penalised([name])
                grads[name] = gradient + self.pull(name, p[letter], len(x)) if covered else gradient
        grads["x"] = note("dx", dout)
        return grads

    def pull(self, name: str, w: Array, examples: int) -> Array:
        """The penalty's part of ∂J/∂ the parameter of that name and value, of w's shape."""
        if self.penalty is None or not self.penalised([name]):
            return np.zeros_like(w)
        return np.asarray(self.penalty.factor(examples), w.dtype) * self.penalty.slope(w)


def _rows(a: Array) -> Array:
    """One row an example."""
    return a.reshape(len(a), -1)
