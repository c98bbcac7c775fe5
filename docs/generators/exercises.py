"""The specs in which the gallery shows mistakes: small networks, the plainest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

SPECS = Path(__file__).parents[2] / "specs"

_HIDDEN = (("tanh",), ("relu",), ("leaky_relu",), ("elu",), ("softplus",), ("tanh", "relu"))
"""Activations of the hidden layers."""
_OUTPUTS = (
    ("half_squared_error", "sigmoid"),
    ("squared_error", "tanh"),
    ("mean_squared_error", "identity"),
    ("binary_cross_entropy", "sigmoid"),
    ("cross_entropy", "softmax"),
    ("cross_entropy_with_logits", "identity"),
    ("binary_cross_entropy_with_logits", "identity"),
    ("half_squared_error", "softmax"),
    ("nll", "log_softmax"),
    ("kl_divergence", "softmax"),
    ("huber", "identity"),
    ("hinge", "identity"),
)
"""Loss -> the output's activation."""
_PENALTIES = tuple(
    f"{{{norm}: 0.1, constant: {constant}}}"
    for norm, constant in product(("l2", "l1"), ("lambda/2", "lambda", "lambda/m", "lambda/2m"))
)


def exercises() -> Iterator[str]:
    """Specs as YAML: dense networks, then ones with a penalty or a sum over the batch, then other layers."""
    (loss, output), *others = _OUTPUTS
    yield _dense(["sigmoid", output], loss)
    yield _BY_ROWS
    for loss, output in others:
        yield _dense(["sigmoid", output], loss)
    for hidden in _HIDDEN:
        yield _dense([*hidden, "sigmoid"], "half_squared_error")
    for hidden in (("sigmoid",), ("sigmoid", "tanh")):
        yield _dense([*hidden, "relu"], "half_squared_error", square=True)
    for penalty in _PENALTIES:
        yield _dense(["tanh", "sigmoid"], "half_squared_error", f"penalty: {penalty}\n")
    yield _dense(["tanh", "sigmoid"], "half_squared_error", "reduction: sum\n")
    yield from (_CONVOLUTION, _EQUAL_CHANNELS)
    for name in ("conv_layer", "rnn_layer"):
        yield (SPECS / f"{name}.yaml").read_text(encoding="utf-8")


def _dense(activations: Sequence[str], loss: str, more: str = "", *, square: bool = False) -> str:
    """A dense network in Nielsen's letters; its layers are numbered from 2. Square ones have equal widths."""
    units = [3 if square else 4 + place for place in range(len(activations) - 1)] + [3]
    layers = "".join(
        f"    - dense: {{units: {size}, activation: {name}}}\n"
        for size, name in zip(units, activations, strict=True)
    )
    numbers = range(len(activations) + 1, 1, -1)
    check = ", ".join(f"dW{number}, db{number}" for number in numbers)
    accept = ", ".join(f"delta{number}" for number in numbers)
    more_cases = "" if square else f"  - {{batch: 4, widths: [{', '.join(['3'] * (len(units) + 1))}]}}\n"
    return (
        f"title: {', '.join(activations)}, and {loss.replace('_', ' ')}\nnotation: nielsen\n"
        f"network:\n  inputs: {3 if square else 2}\n  layers:\n{layers}loss: {loss}\n{more}"
        f"check: [{check}]\naccept: [{accept}]\n"
        f"cases:\n  - {{batch: {3 if square else 1}}}\n  - {{batch: {3 if square else 6}}}\n{more_cases}"
    )


_CONVOLUTION = """\
title: A convolution with stride, and a dense layer
notation: cs231n
network:
  inputs: [2, 5, 5]
  layers:
    - conv2d: {filters: 2, size: 3, stride: 2, padding: 1, activation: relu}
    - flatten: {}
    - dense: {units: 2}
loss: half_squared_error
check: [dW3, db3, dW1, db1]
cases:
  - {batch: 1}
  - {batch: 4}
"""

_EQUAL_CHANNELS = """\
title: A convolution with as many filters as channels
notation: cs231n
network:
  inputs: [3, 5, 4]
  layers:
    - conv2d: {filters: 3, size: 3, padding: 1}
loss: upstream
check: [dx, dw, db]
cases:
  - {batch: 1}
  - {batch: 3}
"""

_BY_ROWS = """\
title: sigmoid and half squared error, samples as rows
notation: plain
network:
  inputs: 2
  layers:
    - dense: {units: 4, activation: sigmoid}
    - dense: {units: 3, activation: sigmoid}
loss: half_squared_error
check: [dW2, db2, dW1, db1]
cases:
  - {batch: 1}
  - {batch: 6}
"""
