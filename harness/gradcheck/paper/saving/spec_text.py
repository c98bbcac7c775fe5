"""A network of equations as the text of a spec."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradcheck.expr.along import CUMSUM
from gradcheck.expr.layout import shown
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import Apply, axis_of, nodes
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.records import Network
from gradcheck.network.write import write_network

DRAWS = ("normal", "positive", "probabilities")
"""What arrays may be drawn from."""
SEEDS = (1, 2, 3)
"""Of the cases, where no other lengths are possible."""
ONE_CLASS = "class_"
"""What the name of an input begins with that is 1 at one place, and 0 elsewhere."""


@dataclass(frozen=True)
class Sheet:
    """What a spec says."""

    title: str
    network: Network
    by: Sequence[str]
    sizes: Mapping[str, int]
    upstream: Sequence[str]

    def written(self, draw: str) -> str:
        """The text of the spec, with what is given drawn so."""
        reverse = backward(self.network, self.upstream or None).equations
        asked = [adjoint(name) for name in self.by if adjoint(name) in reverse]
        asked = asked or [adjoint(name) for name in self.network.given if adjoint(name) in reverse]
        return "\n".join([*self._lines(draw, asked), ""])

    def _lines(self, draw: str, asked: Sequence[str]) -> Iterator[str]:
        sizes = self.sizes or {"n": 1}
        yield f"title: {json.dumps(self.title, ensure_ascii=False)}"
        yield "network:"
        yield f"  sizes: {{{', '.join(f'{axis}: {length}' for axis, length in sizes.items())}}}"
        for role, names in (
            ("inputs", [name for name in self.network.given if adjoint(name) not in asked]),
            ("parameters", [name for name in self.network.given if adjoint(name) in asked]),
        ):
            if names:
                yield f"  {role}:"
                yield from (f"    {name}: {self._given(name, draw)}" for name in names)
        yield "  equations: |"
        yield from (f"    {line}" for line in write_network(self.network, Plain()).splitlines())
        if self.upstream:
            yield f"upstream: [{', '.join(self.upstream)}]"
        yield f"check: [{', '.join(asked)}]"
        if self._has_lengths:
            yield "cases:"
            yield from (f"  - {{seed: {seed}}}" for seed in SEEDS)

    @property
    def _has_lengths(self) -> bool:
        """Whether some axes are as long as others, or long enough for entries that have numbers."""
        every = (node for equation in self.network.equations.values() for node in nodes(equation.expression))
        operations = {node.operation.name for node in every if isinstance(node, Apply)}
        return not operations.isdisjoint((Rename.name, CUMSUM.name))

    def _given(self, name: str, draw: str) -> str:
        axes = self.network.given[name]
        if name.startswith(ONE_CLASS):
            return f"{{axes: {shown(axes)}, draw: one_hot}}"
        if draw == "normal":
            return shown(axes)
        kind = draw if draw != "probabilities" or axes else "positive"
        over = f", over: {axis_of(axes[-1])}" if kind == "probabilities" else ""
        return f"{{axes: {shown(axes)}, draw: {kind}{over}}}"
