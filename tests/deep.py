"""An exercise on three layers, its right answer line by line, and what goes wrong in a line."""

from __future__ import annotations

from pathlib import Path

from gradcheck.checker import Checker
from gradcheck.specification.records import Feedback
from gradcheck.submission.find import find
from gradcheck.verdict.records import Verdict

SPEC = """\
title: Three layers
notation: {notation}
network:
  inputs: 4
  layers:
    - dense: {{units: 5, activation: tanh}}
    - dense: {{units: 3, activation: sigmoid}}
    - dense: {{units: 2, activation: sigmoid}}
loss: half_squared_error
submission:
  file: deep.py
  run: |
    dW3, db3, dW2, db2, dW1, db1, *deltas = backprop(x, y, W1, b1, W2, b2, W3, b3)
    {offer}
check: [dW3, db3, dW2, db2, dW1, db1]
accept: [dz3, dz2, dz1]
cases: [{{batch: 1}}, {{batch: 9}}]
"""

RIGHT = """\
import numpy as np

def s(z):
    return 1 / (1 + np.exp(-z))

def backprop(x, y, W1, b1, W2, b2, W3, b3):
    m = len(x)
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    a2 = s(z2)
    z3 = a2 @ W3 + b3
    a3 = s(z3)
    e3 = (a3 - y) / m
    d3 = e3 * a3 * (1 - a3)
    e2 = d3 @ W3.T
    d2 = e2 * a2 * (1 - a2)
    e1 = d2 @ W2.T
    d1 = e1 * (1 - a1**2)
    dW3, db3 = a2.T @ d3, d3.sum(0)
    dW2, db2 = a1.T @ d2, d2.sum(0)
    dW1, db1 = x.T @ d1, d1.sum(0)
    return dW3, db3, dW2, db2, dW1, db1, d3, d2, d1
"""


def spec(*lines: str, offered: bool = False) -> str:
    """The exercise, with more lines; whether the submission's deltas are looked at."""
    offer = "dz3, dz2, dz1 = deltas" if offered else "pass"
    return SPEC.format(notation="plain", offer=offer) + "".join(f"{line}\n" for line in lines)


def wrong(*lines: str) -> str:
    """The right answer with lines replaced by those that set the same variables."""
    text = RIGHT
    for line in lines:
        start = f"    {line.partition('=')[0]}="
        (old,) = (one for one in text.splitlines() if one.startswith(start))
        text = text.replace(old, f"    {line}")
    return text


def judged(folder: Path, source: str, text: str, feedback: Feedback | None = None) -> Verdict:
    """The verdict on a submission to a spec, both as text."""
    (folder / "deep.yaml").write_text(text, encoding="utf-8")
    (folder / "deep.py").write_text(source, encoding="utf-8")
    with Checker(feedback=feedback) as checker:
        return checker.check(find(folder, "deep.py"), folder / "deep.yaml")
