"""Difference quotients of a dense network, beside other ways to get them, in one run.

    python benchmarks/differences.py [784-30-10] [BATCH]

Every row times one thread, best of a few runs, on the same network, and is compared with autograd.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.network.differences import Differences, Graph
from gradcheck.oracle import equations
from gradcheck.slopes import Slopes
from gradcheck.specification.cases import Case, draw, stated

Gradients = dict[str, np.ndarray[Any, Any]]


def network(widths: list[int], batch: int) -> Case:
    """A dense sigmoid network with half the squared error."""
    layers = tuple(Dense(units, ACTIVATIONS["sigmoid"]()) for units in widths[1:])
    return draw(Stack(layers, (widths[0],), LOSSES["half_squared_error"]()), batch, seed=0)


def ours(case: Case) -> dict[str, Slopes]:
    """The harness's second oracle, from the equations on."""
    same = stated(case.stack, case)
    graph = Graph(same.model.network)
    return Differences(graph, same.given, same.lengths).along(list(case.parameters))


def loop(case: Case, h: float = 1e-5) -> Gradients:
    """J at w + h and w - h, a forward pass each, weight by weight."""
    found = {}
    moved = {name: w.copy() for name, w in case.parameters.items()}
    for name, w in moved.items():
        found[name] = np.empty_like(w)
        for at in np.ndindex(w.shape):
            there = w[at]
            w[at] = there + h
            up = case.stack.values(moved, case.x, case.y)["J"]
            w[at] = there - h
            found[name][at] = (up - case.stack.values(moved, case.x, case.y)["J"]) / (2 * h)
            w[at] = there
    return found


def torch_gradcheck(case: Case, *, fast: bool) -> None:
    """torch.autograd.gradcheck on the same network, which says only yes or no."""
    names = list(case.parameters)
    leaves = [torch.tensor(case.parameters[name], requires_grad=True) for name in names]
    x, y = torch.tensor(case.x), torch.tensor(case.y)

    def J(*weights: Any) -> Any:  # noqa: N802
        own = dict(zip(names, weights, strict=True))
        a = x
        for layer in range(1, len(case.stack.layers) + 1):
            a = torch.sigmoid(a @ own[f"W{layer}"] + own[f"b{layer}"])
        return ((a - y) ** 2).sum() / 2 / len(x)

    assert torch.autograd.gradcheck(J, leaves, fast_mode=fast)


def timed(f: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """(best seconds, result)."""
    best, result = float("inf"), None
    for _ in range(runs):
        start = time.perf_counter()
        result = f()
        best = min(best, time.perf_counter() - start)
    return best, result


def relative_error(found: Gradients, exact: Mapping[str, np.ndarray[Any, Any]]) -> float:
    """‖found - exact‖ / ‖exact‖ over all parameters."""
    off = sum(((found[name] - exact[name]) ** 2).sum() for name in found)
    return float(np.sqrt(off / sum((exact[name] ** 2).sum() for name in found)))


def main(widths: list[int], batch: int) -> None:
    """Print the table."""
    torch.set_num_threads(1)
    case = network(widths, batch)
    exact = equations.autograd(stated(case.stack, case)).gradients
    mine, found = timed(lambda: ours(case), 5)
    plain, plain_found = timed(lambda: loop(case), 1)
    slow, _ = timed(lambda: torch_gradcheck(case, fast=False), 1)
    fast, _ = timed(lambda: torch_gradcheck(case, fast=True), 3)
    weights = sum(w.size for w in case.parameters.values())
    held = sum(int((np.abs(s.value - exact[n]) <= s.error).sum()) for n, s in found.items())
    values = {name: s.value for name, s in found.items()}
    print(f"{'-'.join(map(str, widths))}, batch {batch}: {weights} weights, one thread\n")
    print(f"{'':34}{'ms':>9}{'times ours':>12}{'error':>10}  says")
    rows = (
        (
            "gradcheck, difference quotients",
            mine,
            relative_error(values, exact),
            "each weight, with an error bar",
        ),
        ("plain loop, h = 1e-5", plain, relative_error(plain_found, exact), "each weight"),
        ("torch.autograd.gradcheck, slow", slow, None, "yes or no"),
        ("torch.autograd.gradcheck, fast", fast, None, "yes or no, of one projection"),
    )
    for name, seconds, error, says in rows:
        shown = "" if error is None else f"{error:.0e}"
        print(f"{name:34}{seconds * 1e3:9.1f}{seconds / mine:12.1f}{shown:>10}  {says}")
    print(f"\nthe error bars hold autograd's value for {100 * held / weights:.2f} % of the weights")


if __name__ == "__main__":
    main(
        [int(n) for n in (sys.argv[1] if len(sys.argv) > 1 else "784-30-10").split("-")],
        int(sys.argv[2]) if len(sys.argv) > 2 else 10,
    )
