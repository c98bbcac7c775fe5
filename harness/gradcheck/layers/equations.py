"""A layer of one's own, stated in a spec by its equations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from gradcheck.expr.layout import lying, shown
from gradcheck.expr.tree import Axes, axis_of
from gradcheck.layers.layer import SAMPLES, Position, Statement
from gradcheck.network.autograd import values
from gradcheck.network.lengths import misfits
from gradcheck.network.read import read_network
from gradcheck.network.text import loop_indices

if TYPE_CHECKING:
    from gradcheck.network.draws import Draw
    from gradcheck.network.records import Network

OUTPUT = "a"
"""What the output of every layer is called."""

_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*(?!\w|\s*\()")
"""A name that is no function's and not the T of `.T`."""


@dataclass(frozen=True)
class EquationLayer:
    """Names are those of its text, without numbers; samples are the first axis of input and output."""

    kind: ClassVar[str] = "equations"
    about: ClassVar[str] = "what its equations make"

    equations: str
    source: str
    """What they call the input."""
    axes: Axes
    """Those of the input, without that of samples."""
    sizes: Mapping[str, int | str] = field(default_factory=dict, hash=False)
    """New axes, and how long each is, or as which axis of the input."""
    parameters: Mapping[str, Axes] = field(default_factory=dict, hash=False)
    layout: Mapping[str, Axes] = field(default_factory=dict, hash=False)
    draws: Mapping[str, Draw] = field(default_factory=dict, hash=False)

    @cached_property
    def network(self) -> Network:
        """Its equations alone; EquationsError with all their faults."""
        given = {self.source: (SAMPLES, *self.axes), **self.parameters}
        return read_network(self.equations, given, [SAMPLES, *self.axes, *self.sizes], self.layout)

    @property
    def out(self) -> str:
        """What the last equation makes."""
        return list(self.network.equations)[-1]

    def resized(self, number: int, sizes: Mapping[str, int]) -> EquationLayer:
        """The same, as layer of that number, with other lengths for its axes: {u2: 5}."""
        return replace(self, sizes={axis: sizes.get(f"{axis}{number}", n) for axis, n in self.sizes.items()})

    def stated(self, at: Position) -> Statement:
        """Its equations with its number; ValueError where it doesn't take such an input."""
        if len(at.axes) != len(self.axes):
            raise ValueError(
                f"its input has the axes {shown((SAMPLES, *self.axes))}, and what comes before it makes an "
                f"array of shape {at.shape} an example"
            )
        lengths = self._lengths(dict(zip(self.axes, at.shape, strict=True)))
        for equation, reason in misfits(self.network, {SAMPLES: 1, **lengths}, self.draws):
            raise ValueError(f"{equation.name}: {reason}")
        own = (*self.sizes, *self.parameters, *self.network.equations, *loop_indices(self.equations))
        *new, out = at.named(" ".join([*own, OUTPUT]))
        names = {**dict(zip(own, new, strict=True)), self.out: out, self.source: at.source}
        names |= dict(zip(self.axes, at.axes, strict=True))

        def renamed(layout: Axes) -> Axes:
            return lying([names.get(axis_of(axis), axis) for axis in layout])

        return Statement(
            equations=_WORD.sub(lambda word: names.get(word[0], word[0]), self.equations),
            out=renamed(self.network.layouts[self.out])[1:],
            sizes={names[axis]: lengths[axis] for axis in self.sizes},
            parameters={names[name]: renamed(layout) for name, layout in self.parameters.items()},
            layouts={names[name]: renamed(layout) for name, layout in self.layout.items()},
            draws={
                names[name]: replace(draw, below=names.get(str(draw.below), draw.below))
                for name, draw in self.draws.items()
            },
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By the equations, operation by operation: PyTorch has no such layer."""
        lengths = {SAMPLES: len(x), **self._lengths(dict(zip(self.axes, x.shape[1:], strict=True)))}
        return values(self.network, {self.source: x, **parameters}, lengths)(self.out)

    def _lengths(self, known: Mapping[str, int]) -> dict[str, int]:
        """How long all axes but that of samples are."""
        return {**known, **{axis: known[n] if isinstance(n, str) else n for axis, n in self.sizes.items()}}
