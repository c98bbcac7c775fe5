"""One case in forward direction: all that a reverse pass, right or wrong, looks at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from gradcheck.arrays import Array
from gradcheck.layers.activation import Activation
from gradcheck.maths.layers import Activate
from gradcheck.maths.layers.conv2d import Convolution
from gradcheck.maths.layers.rnn import Rnn
from gradcheck.mistakes.windows import Windows
from gradcheck.network.compiled import filled, read_rows
from gradcheck.spec.cases import Case


class Scene:
    """The values of one case, by canonical names."""

    def __init__(self, case: Case, made: Mapping[str, Array] | None = None) -> None:
        """`made` are the intermediates, as Chain.values gives them, where they are known already."""
        self.case = case
        self.chain = case.chain
        made = made or case.chain.values(case.parameters, case.x)
        self.values = {"a0": case.x, **case.parameters, **made}
        self.output = self.values[case.chain.steps[-1].out]

    @cached_property
    def plain(self) -> dict[str, Any]:
        """What has one value everywhere in the network."""
        examples = len(self.case.x)
        return {
            "x": self.case.x,
            "y": self.case.y,
            "m": examples,
            "share": self.chain.share(examples),
            "n_first": self.chain.inputs[-1],
            "n_out": self.output.shape[-1],
        }

    @cached_property
    def probabilities(self) -> Array:
        """What the loss takes for probabilities; KeyError where it is of none."""
        if self.chain.loss.probabilities is None:
            raise KeyError(f"{self.chain.loss.name} is of no probabilities")
        return filled(read_rows(self.chain.loss.probabilities, "a"), "a")(self.output)

    @cached_property
    def objective(self) -> float:
        """J."""
        return self.chain.reduced(self.chain.losses(self.output, self.case.y), self.case.parameters)

    def pull(self, name: str) -> Array:
        """The penalty's part of a parameter's gradient."""
        return self.chain.pull(name, self.case.parameters[name], len(self.case.x))

    @cached_property
    def activations(self) -> dict[int, Activation]:
        """The activations of the layers that have one."""
        return {s.layer: s.link.activation for s in self.chain.steps if isinstance(s.link, Activate | Rnn)}

    @cached_property
    def windows(self) -> dict[int, Windows]:
        """The windows of the layers that slide one over their input."""
        return {
            step.layer: Windows(step.link, self.values[step.source])
            for step in self.chain.steps
            if isinstance(step.link, Convolution)
        }

    @cached_property
    def sources(self) -> dict[int, str]:
        """The name of each layer's input."""
        first: dict[int, str] = {}
        for step in self.chain.steps:
            first.setdefault(step.layer, step.source)
        return first
