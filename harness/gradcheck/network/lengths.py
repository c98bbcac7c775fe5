"""Whether lengths of axes that depend on each other fit: of windows over an axis, of axes joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcheck.expr.operation import Moving
from gradcheck.expr.tree import Apply, nodes
from gradcheck.network.records import Equation, Network


def misfits(network: Network, lengths: Mapping[str, int]) -> Iterator[tuple[Equation, str]]:
    """(an equation, what is wrong with the lengths of its axes), in the order of the equations."""
    for equation in network.equations.values():
        for node in nodes(equation.expression):
            if isinstance(node, Apply) and isinstance(node.operation, Moving):
                reason = node.operation.misfit(node.over, lengths)
                if reason is not None:
                    yield equation, reason
