"""Networks in equations to be written, differentiated and run: the example specs, and what courses teach."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import yaml

from gradcheck.expr.layout import axes_of
from gradcheck.expr.tree import axis_of
from gradcheck.network.read import read_network
from gradcheck.network.records import Network

_SPECS = Path(__file__).parent / "network" / "examples" / "specs"

_TAUGHT = {
    "dense": (
        "x: n d, Y: n k, W1: d u, b1: u, W2: u v, b2: v, W3: v k, b3: k",
        """
        z1 = x @ W1 + b1
        a1 = tanh(z1)
        z2 = a1 @ W2 + b2
        a2 = relu(z2)
        z3 = a2 @ W3 + b3
        p = softmax(z3, k)
        J = -mean(sum(Y * log(p), k), n)
        """,
    ),
    "columns": (
        "x: d n, Y: k n, W1: u d, b1: u 1, W2: k u, b2: k 1",
        """
        z1 = W1 @ x + b1
        a1 = sigmoid(z1)
        z2 = W2 @ a1 + b2
        J = sum((z2 - Y)^2, k, n) / (2 * size(n)) + 0.05 * sum(W1^2, u, d)
        """,
    ),
    "one_column": (
        "x: d 1, y: k 1, W1: u d, b1: u 1, W2: k u, b2: k 1",
        """
        z1 = W1 @ x + b1
        a1 = softplus(z1)
        z2 = W2 @ a1 + b2
        J = sum((z2 - y)^2, k) / 2
        """,
    ),
    "vectors": (
        "x: d, y: k, W1: u d, b1: u, W2: k u, b2: k",
        """
        z1 = W1 @ x + b1
        a1 = gelu(z1)
        z2 = W2 @ a1 + b2
        J = sum(huber(z2 - y), k)
        """,
    ),
    "layer_norm": (
        "x: n d, gamma: d, beta: d",
        """
        mu = mean(x, d)
        xc = x - mu
        var = mean(xc^2, d)
        std = sqrt(var + 1e-5)
        xhat = xc / std
        out = gamma * xhat + beta
        """,
    ),
    "gates": (
        "x: n T d, h0: n u, c0: n u, Wf: d u, Uf: u u, Wg: d u, Ug: u u, b: u",
        """
        h[-1] = h0
        c[-1] = c0
        for t in T:
          f[t] = sigmoid(x[t] @ Wf + h[t-1] @ Uf + b)
          g[t] = tanh(x[t] @ Wg + h[t-1] @ Ug)
          c[t] = f[t] * c[t-1] + (1 - f[t]) * g[t]
          h[t] = tanh(c[t])
        """,
    ),
    "columns_in_time": (
        "x: d T n, h0: u n, W: u d, U: u u",
        """
        h[-1] = h0
        for t in T:
          h[t] = tanh(W @ x[t] + U @ h[t-1])
        J = mean(sum(h^2, u, T), n)
        """,
    ),
}


_MOVING = {
    "convolution": (
        "X: n c h w, W: o c i j, b: o, V: f k",
        """
        A = windows(X, h, p, i)
        C = windows(A, w, q, j, 1, 1)
        Z = sum(C * W, c, i, j) + b
        R = relu(Z)
        M = max(windows(R, p, r, s, 2), s)
        F = flatten(M, o, r, q, f)
        out = F @ V
        """,
        {
            "n": 2,
            "c": 2,
            "h": 5,
            "w": 4,
            "o": 3,
            "i": 2,
            "j": 3,
            "p": 4,
            "q": 4,
            "r": 2,
            "s": 2,
            "f": 24,
            "k": 3,
        },
    ),
    "embedding": (
        "E: v d, ids: n T, C: v d, W: d u, S: n k, y: n",
        """
        x = take(E, ids, v)
        m = mean(x, T)
        a = tanh(m @ W)
        J = -mean(take(log_softmax(S, k), y, k), n) + mean(sum(a^2, u), n)
        """,
        {"v": 6, "d": 3, "n": 4, "T": 5, "u": 2, "k": 3},
    ),
    "self_attention": (
        "X: b n d, Wq: d e, Wk: d e, Wv: d f",
        """
        K = rename(X @ Wk, n, m)
        V = rename(X @ Wv, n, m)
        P = softmax(X @ Wq @ K / sqrt(size(e)), m)
        out = sum(P * V, m)
        """,
        {"b": 2, "n": 3, "m": 3, "d": 4, "e": 5, "f": 2},
    ),
    "blocks": (
        "x: n d, h: n u, W: g v, b: v",
        """
        s = concat(x, h, g)
        z = s @ W + b
        i = sigmoid(part(z, v, u, 0))
        o = tanh(part(z, v, u, -1))
        out = i * o
        """,
        {"n": 2, "d": 3, "u": 4, "g": 7, "v": 8},
    ),
}


class Graph(NamedTuple):
    """A network, and what upstream gradients are given of; None where it makes J."""

    network: Network
    upstream: list[str] | None


def _graph(network: Network, upstream: list[str] | None = None) -> Graph:
    return Graph(network, None if "J" in network.equations else upstream or [list(network.equations)[-1]])


def _example(path: Path) -> Graph:
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = spec["network"]
    given = {
        name: tuple(map(str, entry["axes"] if isinstance(entry, dict) else entry))
        for kind in ("inputs", "parameters")
        for name, entry in parts.get(kind, {}).items()
    }
    return _graph(read_network(parts["equations"], given, parts["sizes"]), spec.get("upstream"))


def _taught(given: str, text: str, sizes: Collection[str] = ()) -> Graph:
    layouts = {name: tuple(axes.split()) for name, axes in (part.split(":") for part in given.split(", "))}
    axes = set(sizes) or {axis_of(axis) for layout in layouts.values() for axis in axes_of(layout)}
    return _graph(read_network(text, layouts, sorted(axes)))


EXAMPLES = {path.stem: _example(path) for path in sorted(_SPECS.glob("*.yaml"))}
GRAPHS = {**EXAMPLES, **{name: _taught(*parts) for name, parts in _TAUGHT.items()}}
MOVING = {name: (_taught(given, text, sizes), sizes) for name, (given, text, sizes) in _MOVING.items()}
"""Networks whose entries are moved, with the lengths of their axes."""
