"""Every weight of networks of some 10,000, by difference quotients, beside PyTorch's slow gradcheck.

    python benchmarks/layers.py [NAME ...]

Seconds of the processor, of one thread each, in one run. Ours runs in a process of its own, without PyTorch,
for its time (best of three) and its peak of memory; how far its quotients are off is against its equations'
reverse pass.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.named import Named
from gradcheck.network.backward import backward
from gradcheck.network.differences import Differences, Graph
from gradcheck.network.forward import laid, run
from gradcheck.network.read import read_network
from gradcheck.network.records import Network

Peer = Callable[[Any, Any, Mapping[str, Any]], Any]
"""(torch, torch.nn.functional, quantities by name) -> J."""


@dataclass(frozen=True)
class Question:
    """A network, and the same by PyTorch."""

    sizes: Mapping[str, int]
    inputs: Mapping[str, str]
    parameters: Mapping[str, str]
    """Name -> its axes, one letter each."""
    equations: str
    peer: Peer

    @property
    def network(self) -> Network:
        """Its equations, read."""
        given = {name: tuple(axes) for name, axes in {**self.inputs, **self.parameters}.items()}
        return read_network(self.equations, given, self.sizes)

    def draw(self) -> dict[str, Array]:
        """Inputs and weights, so that a weighted sum is about 1."""
        rng = np.random.default_rng(0)
        values = {}
        for name, axes in {**self.inputs, **self.parameters}.items():
            shape = [self.sizes[axis] for axis in axes]
            width = 1 if name in self.inputs or len(shape) == 1 else np.prod(shape) / max(shape[0], shape[-1])
            values[name] = rng.standard_normal(shape) / np.sqrt(width)
        return values


DENSE = Question(
    {"n": 10, "d": 784, "u": 30, "k": 10},
    {"x": "nd", "y": "nk"},
    {"W1": "du", "b1": "u", "W2": "uk", "b2": "k"},
    """
z1 = x @ W1 + b1
a1 = sigmoid(z1)
z2 = a1 @ W2 + b2
a2 = sigmoid(z2)
J  = mean(sum((a2 - y)^2, k), n) / 2
""",
    lambda torch, F, q: (
        ((torch.sigmoid(torch.sigmoid(q["x"] @ q["W1"] + q["b1"]) @ q["W2"] + q["b2"]) - q["y"]) ** 2).sum()
        / 2
        / len(q["y"])
    ),
)

CONV = Question(
    {"n": 4, "e": 16, "h": 8, "w": 8, "c": 24, "p": 4, "q": 4, "i": 5, "j": 5, "f": 384, "k": 5},
    {"x": "nehw", "y": "nk"},
    {"K": "ceij", "b1": "c", "W": "fk", "b2": "k"},
    """
z1 = sum(windows(windows(x, h, p, i), w, q, j) * K, e, i, j) + b1
a1 = tanh(z1)
a2 = flatten(a1, c, p, q, f)
z2 = a2 @ W + b2
J  = mean(sum((z2 - y)^2, k), n) / 2
""",
    lambda torch, F, q: (
        ((torch.tanh(F.conv2d(q["x"], q["K"], q["b1"])).flatten(1) @ q["W"] + q["b2"] - q["y"]) ** 2).sum()
        / 2
        / len(q["y"])
    ),
)


def _rnn(torch: Any, F: Any, q: Mapping[str, Any]) -> Any:
    h, J = q["h0"], 0
    for t in range(q["x"].shape[1]):
        h = torch.tanh(q["x"][:, t] @ q["Wx"] + h @ q["Wh"] + q["b"])
        J = J + ((h @ q["Wo"] + q["c"] - q["y"][:, t]) ** 2).sum()
    return J / 2 / len(q["y"])


RNN = Question(
    {"n": 4, "T": 6, "d": 84, "u": 70, "k": 4},
    {"x": "nTd", "y": "nTk", "h0": "nu"},
    {"Wx": "du", "Wh": "uu", "b": "u", "Wo": "uk", "c": "k"},
    """
h[-1] = h0
for t in T:
  z[t] = x[t] @ Wx + h[t-1] @ Wh + b
  h[t] = tanh(z[t])
o = h @ Wo + c
J = mean(sum((o - y)^2, T, k), n) / 2
""",
    _rnn,
)


def _attention(torch: Any, F: Any, q: Mapping[str, Any]) -> Any:
    x = q["x"]
    scores = (x @ q["Wq"]) @ (x @ q["Wk"]).transpose(1, 2) / q["Wk"].shape[1] ** 0.5
    r = x + torch.softmax(scores, -1) @ (x @ q["Wv"]) @ q["Wo"]
    out = F.layer_norm(r, r.shape[-1:], q["gamma"], q["beta"], 1e-5)
    return ((out - q["y"]) ** 2).sum() / 2 / len(x)


ATTENTION = Question(
    {"n": 4, "T": 8, "s": 8, "d": 50, "k": 50},
    {"x": "nTd", "y": "nTd"},
    {"Wq": "dk", "Wk": "dk", "Wv": "dk", "Wo": "kd", "gamma": "d", "beta": "d"},
    """
Q    = x @ Wq
K    = rename(x, T, s) @ Wk
V    = rename(x, T, s) @ Wv
P    = softmax(sum(Q * K, k) / sqrt(size(k)), s)
r    = x + sum(P * V, s) @ Wo
rc   = r - mean(r, d)
std  = sqrt(mean(rc^2, d) + 1e-5)
out  = gamma * rc / std + beta
J    = mean(sum((out - y)^2, T, d), n) / 2
""",
    _attention,
)

BATCH_NORM = Question(
    {"n": 8, "d": 100, "u": 90, "k": 10},
    {"x": "nd", "y": "nk"},
    {"W1": "du", "gamma": "u", "beta": "u", "W2": "uk", "b2": "k"},
    """
z  = x @ W1
zc = z - mean(z, n)
a  = relu(gamma * zc / sqrt(mean(zc^2, n) + 1e-5) + beta)
o  = a @ W2 + b2
J  = mean(sum((o - y)^2, k), n) / 2
""",
    lambda torch, F, q: (
        (
            (
                torch.relu(F.batch_norm(q["x"] @ q["W1"], None, None, q["gamma"], q["beta"], True, 0.1, 1e-5))
                @ q["W2"]
                + q["b2"]
                - q["y"]
            )
            ** 2
        ).sum()
        / 2
        / len(q["y"])
    ),
)

QUESTIONS = {
    "dense 784-30-10": DENSE,
    "conv2d 24 x 16 x 5 x 5, dense": CONV,
    "rnn of 70 units, 6 times": RNN,
    "attention, layer norm": ATTENTION,
    "dense, batch norm, relu": BATCH_NORM,
}


def measure(question: Question) -> dict[str, float]:
    """Seconds, megabytes at the peak, and how far the quotients are off, of every weight."""
    network = question.network
    given = {name: Named(array, network.layouts[name]) for name, array in question.draw().items()}
    names = list(question.parameters)
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        found = Differences(Graph(network), given, question.sizes).along(names)
        best = min(best, time.process_time() - start)
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
    back = backward(network)
    values = run(back, run(network, given, question.sizes), question.sizes)
    exact = {name: laid(back, f"d{name}", values[f"d{name}"], question.sizes) for name in names}
    off = sum(((found[name].value - exact[name]) ** 2).sum() for name in names)
    held = [np.abs(found[name].value - exact[name]) <= found[name].error for name in names]
    bars = [found[name].error / np.maximum(np.abs(exact[name]), 1e-300) for name in names]
    return {
        "seconds": best,
        "megabytes": peak,
        "error": float(np.sqrt(off / sum((exact[name] ** 2).sum() for name in names))),
        "held": float(np.mean(np.concatenate([part.ravel() for part in held]))),
        "bar": float(np.median(np.concatenate([part.ravel() for part in bars]))),
    }


def torch_gradcheck(question: Question) -> float:
    """Seconds of torch.autograd.gradcheck on the same weights, in slow mode, which only says yes or no."""
    import torch

    torch.set_num_threads(1)
    tensors = {name: torch.tensor(array) for name, array in question.draw().items()}
    names = list(question.parameters)

    def J(*weights: Any) -> Any:  # noqa: N802
        by_name = {**tensors, **dict(zip(names, weights, strict=True))}
        return question.peer(torch, torch.nn.functional, by_name)

    leaves = [tensors[name].requires_grad_() for name in names]
    start = time.process_time()
    assert torch.autograd.gradcheck(J, leaves, fast_mode=False, atol=1e-4)
    return time.process_time() - start


def main(wanted: list[str]) -> None:
    """Print the table."""
    print(f"{'':32}{'weights':>8}{'s':>8}{'MB':>6}{'torch slow':>12}{'times':>7}{'error':>8}{'bar':>8}  held")
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for name in wanted or QUESTIONS:
        question = QUESTIONS[name]
        weights = sum(array.size for key, array in question.draw().items() if key in question.parameters)
        answer = subprocess.check_output([sys.executable, __file__, "--measure", name], env=one_thread)
        ours = json.loads(answer)
        slow = torch_gradcheck(question)
        print(
            f"{name:32}{weights:8}{ours['seconds']:8.3f}{ours['megabytes']:6.0f}{slow:11.1f}s"
            f"{slow / ours['seconds']:7.0f}{ours['error']:8.0e}{ours['bar']:8.0e}  {100 * ours['held']:.2f} %"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(QUESTIONS[sys.argv[2]])))
    else:
        main(sys.argv[1:])
