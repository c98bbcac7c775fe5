"""Values for all that networks are given."""

from __future__ import annotations

import numpy as np
from random_networks import draw_network

from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import axis_of
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Network, named


def drawn(network: Network, lengths: Lengths) -> dict[str, Named]:
    """Values for all that is given."""
    rng = np.random.default_rng(len(network.given))
    shapes = {name: named(layout) for name, layout in network.given.items()}
    values = {
        name: Named(rng.uniform(0.1, 0.9, [lengths[axis_of(axis)] for axis in axes]), axes)
        for name, axes in shapes.items()
    }
    whole = {"ids": 5.0, "y": 2.0} if "ids" in values else {}
    return values | {q: Named(np.floor(values[q].array * top), values[q].axes) for q, top in whole.items()}


def random_network(seed: int) -> tuple[Network, Lengths, dict[str, Named], list[str] | None]:
    """A network, its lengths, and values for all that its reverse pass is given."""
    drawn = draw_network(np.random.default_rng(seed))
    network, lengths = drawn.network, drawn.lengths
    arrays = {**drawn.given, **{adjoint(q): array for q, array in (drawn.upstream or {}).items()}}
    given = {}
    for name, array in arrays.items():
        layout = network.layouts[name if name in network.layouts else name.removeprefix("d")]
        given[name] = Named(array.reshape([lengths[axis_of(axis)] for axis in named(layout)]), named(layout))
    return network, lengths, given, None if drawn.upstream is None else list(drawn.upstream)
