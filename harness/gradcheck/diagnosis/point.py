"""A case with all that is true of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.by_numpy import Values, evaluate
from gradcheck.expr.layout import Laid
from gradcheck.expr.named import Lengths, Named, arranged
from gradcheck.expr.tree import axis_of
from gradcheck.layers.layer import SAMPLES
from gradcheck.mistakes.equations import Equations
from gradcheck.network.backward import adjoint
from gradcheck.network.forward import as_named, laid, run
from gradcheck.network.local import by_rules
from gradcheck.network.records import Network, named
from gradcheck.specification.cases import Case
from gradcheck.specification.quantity import STRENGTH


class Point:
    """Quantities go by canonical names, and their arrays lie canonically."""

    def __init__(
        self, forward: Network, whole: Network, given: Values, lengths: Lengths, samples: str = SAMPLES
    ) -> None:
        """Of the `forward` pass and, behind it in the `whole`, its reverse pass; `samples` is an axis."""
        self.network, self.whole, self.lengths, self.samples = forward, whole, lengths, samples
        self.given = given

    @property
    def examples(self) -> int:
        """How many there are."""
        return self.lengths.get(self.samples, 1)

    @cached_property
    def values(self) -> dict[str, Named]:
        """Everything: what is given, the forward and the reverse pass."""
        return run(self.whole, self.given, self.lengths)

    def array(self, name: str) -> Array:
        """A quantity's array."""
        return laid(self.whole, name, self.values[name], self.lengths)

    @cached_property
    def forward(self) -> dict[str, Array]:
        """All that is given or made on the way forward."""
        return {name: self.array(name) for name in (*self.whole.given, *self.network.equations)}

    @cached_property
    def gradients(self) -> dict[str, Array]:
        """All that the reverse pass makes."""
        return {name: self.array(name) for name in self.whole.equations if name not in self.forward}

    def without(self, example: int) -> Point:
        """The case with one example fewer."""
        lengths, given = {**self.lengths, self.samples: self.examples - 1}, dict[str, Named]()
        for name, (array, axes) in self.given.items():
            for place, axis in enumerate(axes):
                if axis_of(axis) == self.samples:
                    array = np.delete(array, example, place)
            given[name] = Named(array, axes)
        return Point(self.network, self.whole, given, lengths, self.samples)


class StackPoint(Point):
    """A case of layers, as the learner's equations have it."""

    def __init__(self, equations: Equations, case: Case, local: Sequence[str] = ()) -> None:
        """`local` are the local derivatives that are spoken of: da1/dz1."""
        self.equations, self.case, self.stack, self.local = equations, case, case.stack, local
        self.lengths = {**self.stack.sizes, SAMPLES: len(case.x)}
        super().__init__(self.stack.network, equations.whole, self._given(), self.lengths)

    def _given(self) -> dict[str, Named]:
        """Inputs, targets and parameters."""
        known = self.case.given
        if self.stack.penalty:
            known[STRENGTH] = np.asarray(self.stack.penalty["strength"], next(iter(known.values())).dtype)
        whole = self.equations.whole
        return {name: as_named(whole, name, known[name], self.lengths) for name in whole.given}

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
