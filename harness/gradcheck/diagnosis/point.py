"""A case with all that is true of it, as the learner's equations have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.layout import Laid
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.tree import axis_of
from gradcheck.layers.layer import SAMPLES
from gradcheck.mistakes.equations import Equations
from gradcheck.network.backward import adjoint
from gradcheck.network.forward import laid, run
from gradcheck.network.local import by_rules
from gradcheck.network.records import named
from gradcheck.specification.cases import Case
from gradcheck.specification.quantity import STRENGTH


class Point:
    """Quantities go by canonical names, and their arrays lie canonically."""

    def __init__(self, equations: Equations, case: Case, local: Sequence[str] = ()) -> None:
        """`local` are the local derivatives that are spoken of: da1/dz1."""
        self.equations, self.case, self.stack, self.local = equations, case, case.stack, local
        self.lengths = {**self.stack.sizes, SAMPLES: len(case.x)}

    @cached_property
    def given(self) -> dict[str, Named]:
        """Inputs, targets and parameters."""
        known = self.case.given
        if self.stack.penalty:
            known[STRENGTH] = np.asarray(self.stack.penalty["strength"], next(iter(known.values())).dtype)
        found = {}
        for name, layout in self.equations.whole.given.items():
            axes = named(layout)
            found[name] = Named(known[name].reshape([self.lengths[axis_of(axis)] for axis in axes]), axes)
        return found

    @cached_property
    def values(self) -> dict[str, Named]:
        """Everything: what is given, the forward and the reverse pass."""
        return run(self.equations.whole, self.given, self.lengths)

    def array(self, name: str) -> Array:
        """A quantity's array."""
        return laid(self.equations.whole, name, self.values[name], self.lengths)

    @cached_property
    def gradients(self) -> dict[str, Array]:
        """∂J/∂ all that has a name, on the way back; and the local derivatives."""
        return {name: self.array(name) for name in self.equations.order} | self._local_ones

    @cached_property
    def _local_ones(self) -> dict[str, Array]:
        network = self.stack.network
        return {name: by_rules(network, *self._ends(name))(self.values, self.lengths) for name in self.local}

    def _ends(self, local: str) -> tuple[str, str]:
        """What is differentiated in a local derivative, and by what: a1 and z1 of da1/dz1."""
        one = self.equations.known[local]
        assert one.of is not None
        return one.of.name, one.value.name

    @cached_property
    def forward(self) -> dict[str, Array]:
        """Inputs, parameters, all that is made on the way, and J."""
        names = [*self.stack.shapes(1), *self.stack.parameters, "J"]
        return {name: self.array(name) for name in names}

    def local_by(self, data: Mapping[str, Laid], values: Mapping[str, Named]) -> dict[str, Array]:
        """The local derivatives that are others where `data` are what some gradients are made by.

        They are what that makes of an upstream gradient of ones; where units are coupled, of one for each
        unit; of weights, which are those of the first unit, of one for each example.
        """
        into = {name: self.equations.known[name].gradient.name for name in self.local}
        return {name: self._local_by(data[to], name, values) for name, to in into.items() if to in data}

    def _local_by(self, made: Laid, name: str, values: Mapping[str, Named]) -> Array:
        of, by = self._ends(name)
        axes = named(self.equations.whole.layouts[of])
        shape = [self.lengths[axis_of(axis)] for axis in axes]
        copies = shape[0]
        if by in self.stack.parameters:
            upstream = np.zeros((copies, *shape))
            upstream[np.arange(copies), np.arange(copies), ..., 0] = 1
            known = {**values, adjoint(of): Named(upstream, ("*", *axes))}
            return self._evaluated(made, known, copies)[..., 0]
        if self._local_ones[name].ndim > len(axes):
            known = {**values, adjoint(of): Named(np.eye(shape[-1]), ("*", axes[-1]))}
            jacobian: Array = np.moveaxis(self._evaluated(made, known, shape[-1]), 0, -2)
            return jacobian
        known = {**values, adjoint(of): Named(np.ones((1, *shape)), ("*", *axes))}
        local: Array = self._evaluated(made, known, 1)[0]
        return local

    def _evaluated(self, made: Laid, values: Mapping[str, Named], copies: int) -> Array:
        value = evaluate(made.expression, values, self.lengths)
        return arranged(value, ("*", *made.layout), {**self.lengths, "*": copies})
