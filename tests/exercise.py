"""A small exercise as a project has it: a spec, a right answer, and one with a factor too many."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

SPEC = """\
title: One layer of sigmoids, σ(z)
network: {inputs: 3, layers: [dense: {units: 2, activation: sigmoid}]}
loss: half_squared_error
submission: {file: layer.py, run: "dW1, db1 = gradients(x, y, W1, b1)"}
check: [dW1, db1]
cases: [{batch: 4}, {batch: 1}]
"""

RIGHT = """\
import numpy as np

def gradients(x, y, W1, b1):
    a = 1 / (1 + np.exp(-(x @ W1 + b1)))
    delta = (a - y) * a * (1 - a) / len(x)
    return x.T @ delta, delta.sum(axis=0)
"""

DOUBLED = RIGHT.replace("return x.T", "return 2 * x.T")
"""dW1 is twice the gradient, db1 is right."""


def instead(body: str) -> str:
    """A submission whose `gradients` does this, with the right gradients at hand in dW and db."""
    lines = f"dW, db = right(x, y, W1, b1)\n{body}"
    return RIGHT.replace("gradients", "right") + f"\ndef gradients(x, y, W1, b1):\n{indent(lines, '    ')}\n"


def exercise(project: Path, *, spec: str = SPEC, **submissions: str) -> None:
    """Write specs/layer.yaml, and submissions/NAME.py for each NAME."""
    (project / "specs").mkdir()
    (project / "specs" / "layer.yaml").write_text(spec, encoding="utf-8")
    (project / "submissions").mkdir()
    hand_in(project, **submissions)


def hand_in(project: Path, **submissions: str) -> None:
    """Write submissions/NAME.py for each NAME."""
    for name, source in submissions.items():
        (project / "submissions" / f"{name}.py").write_text(source, encoding="utf-8")
