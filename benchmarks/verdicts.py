"""How often is a right gradient blamed, and a wrong one passed? Random networks, losses and cases.

    python benchmarks/verdicts.py [DRAWS]

Every draw is a network of one to three layers. The right gradient, from the NumPy reverse pass, is
judged in float64 and in float32; then one weight of it is moved by 1e-6 of its tensor's largest entry.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import get_args

import numpy as np

from gradcheck.layers import Activation, Layer, Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.conv2d import Conv2d
from gradcheck.layers.dense import Dense
from gradcheck.layers.flatten import Flatten
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES, Loss
from gradcheck.network.penalty import Constant
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.layered import truth
from gradcheck.specification.cases import Case, draw
from gradcheck.verdict.compare import compare

Random = np.random.RandomState


def random_stack(rng: Random) -> Stack:
    """A network that a course might set, with any activation and any loss that goes with its output."""
    inputs, layers = _hidden(rng)
    names = [name for name in LOSSES if name not in ("custom", "none")]
    while True:
        loss = LOSSES[names[rng.randint(len(names))]]()
        output = Dense(rng.randint(1, 5), _activation(rng), bias=bool(rng.randint(2)))
        if _goes_with(loss, output):
            break
    penalty = None
    if rng.randint(3) == 0:
        constants = get_args(Constant)
        strength, constant = rng.uniform(0.01, 1), constants[rng.randint(4)]
        penalty = {"norm": "l2", "strength": strength, "constant": constant, "covers": ["W"]}
    return Stack((*layers, output), inputs, loss, "sum" if rng.randint(2) else "mean", penalty)


def _hidden(rng: Random) -> tuple[tuple[int, ...], tuple[Layer, ...]]:
    kind = rng.randint(10)
    if kind == 0:
        return (2, 4, 4), (Conv2d(2, 2, padding=int(rng.randint(2)), activation=_elementwise(rng)), Flatten())
    if kind == 1:
        return (3, 2), (Rnn(3, _elementwise(rng)), Flatten())
    widths = rng.randint(2, 8, size=rng.randint(0, 3))  # the softmax of one unit is a constant
    return (rng.randint(1, 8),), tuple(Dense(int(w), _activation(rng)) for w in widths)


def _activation(rng: Random) -> Activation:
    names = [name for name in ACTIVATIONS if name != "custom"]
    return ACTIVATIONS[names[rng.randint(len(names))]]()


def _elementwise(rng: Random) -> Activation:
    while (found := _activation(rng)).coupled:
        pass
    return found


def _goes_with(loss: Loss, output: Dense) -> bool:
    g = output.activation
    several = output.units > 1 or (not g.coupled and loss.targets not in ("one_hot", "probabilities"))
    inside = loss.domain[0] <= g.range[0] and g.range[1] <= loss.domain[1]
    return several and inside and (g.distribution or not loss.wants_distribution)


def gradients(case: Case, dtype: type[np.floating]) -> dict[str, np.ndarray]:
    """The right answer, computed in that precision throughout."""
    parameters = {name: w.astype(dtype) for name, w in case.parameters.items()}
    _, found, _ = case.stack.passes(parameters, case.x.astype(dtype), case.y.astype(dtype))
    return {f"d{name}": g for name, g in found.items()}


def verdicts(case: Case, entries: dict[str, Entry], rng: Random) -> Iterator[tuple[str, str, str]]:
    """(which answer, quantity, verdict) for every quantity."""
    double, single = gradients(case, np.float64), gradients(case, np.float32)
    for name, entry in entries.items():
        yield "right, float64", name, _verdict(double[name], entry, single=False)
        yield "right, float32", name, _verdict(single[name], entry, single=True)
        size = np.abs(entry.autograd).max()
        # At a kink there are many right answers, and of a gradient that is zero nothing is a millionth.
        if size > 1e-6 * entry.response and not entry.differences.kinked.any():
            wrong = double[name].copy()
            wrong.flat[rng.randint(wrong.size)] += 1e-6 * size * (1 if rng.randint(2) else -1)
            yield "one weight off by 1e-6", name, _verdict(wrong, entry, single=False)


def _verdict(yours: np.ndarray, entry: Entry, *, single: bool) -> str:
    table = compare(yours, entry, 0, single=single).table
    return "wrong" if table.wrong.any() else "cannot tell" if table.unknown.any() else "right"


def main(draws: int) -> None:
    """Count the verdicts, and show the draws that came out otherwise than they should."""
    counts: dict[str, Counter[str]] = {}
    start = time.perf_counter()
    for seed in range(draws):
        rng = Random(seed)
        case = draw(random_stack(rng), int(rng.randint(1, 9)), seed)
        names = [f"d{name}" for name in (*case.parameters, *case.stack.shapes(1))]
        entries = truth(case.stack, case, names)
        for answer, name, verdict in verdicts(case, entries, rng):
            counts.setdefault(answer, Counter())[verdict] += 1
            if verdict != ("wrong" if "off" in answer else "right"):
                what = f"{case.stack.loss.name}, {case.stack.layers}"
                print(f"seed {seed}: {answer}: {name}: {verdict}: {what}")
    print(f"{draws} draws in {time.perf_counter() - start:.0f} s")
    for answer, count in counts.items():
        print(f"{answer:24}", ", ".join(f"{count[v]} {v}" for v in ("right", "wrong", "cannot tell")))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
