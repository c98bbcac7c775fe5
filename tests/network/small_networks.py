"""Networks that tests share, as text, with their sizes and what they are asked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from gradcheck.arrays import Array
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import axis_of
from gradcheck.network.read import read_network
from gradcheck.network.records import Network, named

SPECS = Path(__file__).parent / "examples" / "specs"


@dataclass(frozen=True)
class Example:
    """Equations over what is given: name -> axes, with blanks between them."""

    equations: str
    given: Mapping[str, str]
    sizes: tuple[Mapping[str, int], ...]
    upstream: tuple[str, ...] | None = None
    positive: frozenset[str] = frozenset()

    @property
    def network(self) -> Network:
        """The equations, read."""
        given = {name: tuple(axes.split()) for name, axes in self.given.items()}
        return read_network(self.equations, given, self.sizes[0])

    def draw(self, lengths: Mapping[str, int]) -> tuple[dict[str, Array], dict[str, Array] | None]:
        """Arrays of what is given, and upstream gradients by their quantities if there are any."""
        rng = np.random.default_rng(0)
        network = self.network

        def array(name: str, least: float = -0.9) -> Array:
            return rng.uniform(
                least, 0.9, [1 if a == "1" else lengths[axis_of(a)] for a in network.layouts[name]]
            )

        given = {name: array(name, 0.2 if name in self.positive else -0.9) for name in self.given}
        return given, None if self.upstream is None else {name: array(name) for name in self.upstream}


def with_axes(network: Network, arrays: Mapping[str, Array], lengths: Lengths) -> dict[str, Named]:
    """Arrays as the network lays them, with the names of their axes."""
    axes = {name: named(network.layouts[name]) for name in arrays}
    return {
        name: Named(array.reshape([lengths[axis_of(axis)] for axis in axes[name]]), axes[name])
        for name, array in arrays.items()
    }


def _of_spec(name: str) -> Example:
    """The network of an example spec."""
    document = yaml.safe_load((SPECS / f"{name}.yaml").read_text())
    network = document["network"]
    declared = {**network["inputs"], **network.get("parameters", {})}
    given = {key: value["axes"] if isinstance(value, dict) else value for key, value in declared.items()}
    last = network["equations"].split("\n")[-2].split()[0].removesuffix("[t]")
    upstream = tuple(document.get("upstream", [last]))
    return Example(
        network["equations"],
        {key: " ".join(map(str, axes)) for key, axes in given.items()},
        tuple(case["sizes"] for case in document.get("cases", [network])),
        None if upstream == ("J",) else upstream,
        positive=frozenset("Yy"),
    )


DENSE = Example(
    """
z1 = x @ W1 + b1
a1 = sigmoid(z1)
z2 = a1 @ W2 + b2
J  = mean(sum((sigmoid(z2) - y)^2, k), n) / 2 + 0.1 * sum(W1^2, d, u)
""",
    {"x": "n d", "y": "n k", "W1": "d u", "b1": "u", "W2": "u k", "b2": "k"},
    ({"n": 3, "d": 4, "u": 5, "k": 2}, {"n": 1, "d": 2, "u": 2, "k": 3}),
)
CONV = Example(
    """
z = sum(windows(windows(x, h, p, i, 2, 1), w, q, j) * K, c, i, j) + b
a = tanh(z)
m = max(max(windows(windows(a, p, r, s), q, v, l), s), l)
J = mean(sum(tanh(m) * y, o, r, v), n)
""",
    {"x": "n c h w", "K": "o c i j", "b": "o", "y": "n o r v"},
    ({"n": 2, "c": 2, "h": 5, "w": 4, "o": 3, "i": 3, "j": 2, "p": 3, "q": 3}
     | {"r": 2, "s": 2, "v": 2, "l": 2},),
)  # fmt: skip

EXAMPLES = {path.stem: _of_spec(path.stem) for path in sorted(SPECS.glob("*.yaml"))}
"""The specs that say what equations mean."""
EXAMPLES |= {"dense": DENSE, "conv": CONV}
