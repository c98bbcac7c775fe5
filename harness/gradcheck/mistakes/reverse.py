"""The reverse pass with rules replaced: what somebody who makes these mistakes would hand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.maths.chain import Step
from gradcheck.maths.layers import Activate, ignore
from gradcheck.maths.layers.dense import Affine
from gradcheck.mistakes.names import FUNCTIONS, Gradients, Names
from gradcheck.mistakes.records import Fault
from gradcheck.mistakes.scene import Scene
from gradcheck.spec.quantity import split

MOST_EXAMPLES = 64
"""For so many examples a link ∂z/∂W with a mistake in it is worked out."""


class NoSuchMistakeError(Exception):
    """The mistake can't be made here: a shape doesn't fit, or there is no such quantity."""


def reverse(scene: Scene, faults: Sequence[Fault] = (), *, down_to: int = 1) -> Gradients:
    """∂J/∂ every intermediate and parameter, by names such as "dz1", as the faults make them.

    The gradients of parameters may have other shapes than the parameters. The pass ends with the layer
    `down_to`. Raises NoSuchMistakeError.
    """
    with _where_it_can_be_made():
        return _Pass(scene, faults, down_to).gradients()


def links(scene: Scene, faults: Sequence[Fault] = ()) -> Gradients:
    """The single links of the chain rule, "da1/dz1" and "dz1/dW1", as the faults make them.

    A link is what its rule makes of an upstream gradient of ones: ∂a/∂z where units are coupled, of one
    for each unit; ∂z/∂W, which is that of the first unit, of one for each example.
    Raises NoSuchMistakeError.
    """
    made: Gradients = {}
    with _where_it_can_be_made():
        for step in scene.chain.steps:
            made |= _Pass(scene, faults, step.layer).links(step)
    return made


@contextmanager
def _where_it_can_be_made() -> Iterator[None]:
    """A formula that asks for what there is not, or joins what doesn't fit, can't be made here."""
    with np.errstate(all="ignore"):
        try:
            yield
        except (KeyError, NameError, ValueError, TypeError, IndexError) as error:
            raise NoSuchMistakeError(str(error)) from error


class _Pass:
    def __init__(self, scene: Scene, faults: Sequence[Fault], down_to: int) -> None:
        self.scene = scene
        self.down_to = down_to
        self.made: Gradients = {}
        self.replaced: dict[tuple[str, int], list[Fault]] = {}
        for fault in faults:
            for rule in fault.mistake.makes:
                for layer in fault.layers:
                    self.replaced.setdefault((rule, layer), []).append(fault)

    def gradients(self) -> Gradients:
        """All of them."""
        self.walk()
        handed = dict(self.made)
        for name in self.scene.chain.parameters:
            letter, layer = split(name)
            assert layer is not None
            if layer >= self.down_to:
                handed[f"d{name}"] = self.rule(f"h{letter}", layer, self.made[f"d{name}"])
        return handed

    def walk(self) -> None:
        """Back through the chain, with every parameter's gradient on the way."""
        chain, case, output = self.scene.chain, self.scene.case, self.scene.output
        rows = output.reshape(len(output), -1)
        slope = chain.loss.gradient(rows, case.y.reshape(len(output), -1)).reshape(output.shape)
        dout = self.intermediate(chain.steps[-1].out, slope * chain.share(len(case.x)))
        for step in reversed(chain.steps):
            if step.layer < self.down_to:
                return
            dx, dp = self.link(step, dout)
            for letter, gradient in dp.items():
                data = self.rule(f"d{letter}", step.layer, gradient)
                self.made[step.named(f"d{letter}")] = data + self.penalty(step.named(letter))
            if step.source == self.scene.sources[step.layer]:
                dx = self.rule("dx", step.layer, dx)
            dout = self.intermediate(step.source, dx)

    def intermediate(self, name: str, right: Array) -> Array:
        """∂J/∂ that intermediate, in its shape. The input counts as a of layer 0."""
        letter, layer = ("a", 0) if name == "x" else split(name)
        assert layer is not None
        made: Array = self.rule(f"d{letter}", layer, right)
        if np.shape(made) != right.shape:
            raise NoSuchMistakeError(f"d{name} would have shape {np.shape(made)}")
        self.made[f"d{name}"] = made
        return made

    def links(self, step: Step) -> Gradients:
        """Those that lead out of this step's input and weights."""
        out = self.scene.values[step.out]
        if isinstance(step.link, Activate):
            ones = np.ones_like(out)
            made = self.jacobian(step) if step.link.activation.coupled else self.slope(step, ones)
            return {f"d{step.out}/d{step.source}": made}
        if isinstance(step.link, Affine):
            return {f"d{step.out}/d{step.named('W')}": self.inputs(step)}
        return {}

    def jacobian(self, step: Step) -> Array:
        """∂a_j/∂z_k where units are coupled, (examples, j, k): the rule, for one unit j after the other."""
        out = self.scene.values[step.out]
        return np.stack([self.slope(step, unit + 0 * out) for unit in np.eye(out.shape[-1])], axis=-2)

    def slope(self, step: Step, dout: Array) -> Array:
        """What an activation's rule makes of an upstream gradient."""
        values = self.scene.values
        self.made = {f"d{step.out}": dout}
        right = step.link.reverse(dout, values[step.source], values[step.out], {}, ignore)[0]
        made: Array = self.rule("dz", step.layer, right)
        return made

    def inputs(self, step: Step) -> Array:
        """∂z/∂W of the first unit: the layer's input, (examples, inputs), unless dW's rule is replaced."""
        source = self.scene.values[step.source]
        if ("dW", step.layer) not in self.replaced:
            return source
        if len(source) > MOST_EXAMPLES:
            raise NoSuchMistakeError(f"not worked out for {len(source)} examples, one by one")
        return np.concatenate([self.weights(step, example) for example in range(len(source))])

    def weights(self, step: Step, example: int) -> Array:
        """What the rule of dW makes of the first unit of one example, (1, inputs)."""
        values = self.scene.values
        alone = np.zeros_like(values[step.out])
        alone[example] = 1
        self.made = {f"d{step.out}": alone}
        own = step.own(values)
        _, gradients = step.link.reverse(alone, values[step.source], values[step.out], own, ignore)
        made: Array = self.rule("dW", step.layer, gradients["W"])[:, :1].T
        return made

    def link(self, step: Step, dout: Array) -> tuple[Array, dict[str, Array]]:
        """∂J/∂ a link's input and parameters."""
        values, own = self.scene.values, step.own(self.scene.case.parameters)

        def inside(name: str, right: Array) -> Array:
            return self.intermediate(name.removeprefix("d"), right)

        return step.link.reverse(dout, values[step.source], values[step.out], own, step.note(inside))

    def penalty(self, name: str) -> Array | float:
        """The penalty's part of a parameter's gradient."""
        chain = self.scene.chain
        if chain.penalty is None:
            return 0.0
        letter, layer = split(name)
        assert layer is not None
        right = self.scene.pull(name)
        if (f"r{letter}", layer) not in self.replaced:
            return right
        w = self.scene.values[name]
        c, pull = chain.penalty.factor(len(self.scene.case.x)), chain.penalty.slope(w)
        more = {"w": w, "c": c, "lam": chain.penalty.strength, "pull": pull}
        made: Array = self.rule(f"r{letter}", layer, right, more)
        return made

    def rule(self, rule: str, layer: int, right: Any, more: Mapping[str, Any] | None = None) -> Any:
        """What a rule makes at a layer, with the replacements that are due there one after the other."""
        for fault in self.replaced.get((rule, layer), ()):
            unknown = {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {}
            names = Names(self.scene, self.made, layer, right, {**(more or {}), **unknown})
            right = eval(fault.mistake.formula(rule), FUNCTIONS, names)  # our own formulas
        return right
