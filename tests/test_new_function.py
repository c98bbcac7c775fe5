"""A function that is added to the registry is known everywhere at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SPEC = """\
title: t
notation: plain
network: {inputs: 3, layers: [dense: {units: 4, activation: wobble}, dense: {units: 2}]}
loss: half_squared_error
check: [dW1]
submission: {run: "dW1 = backward(x, y, W1, b1, W2, b2)"}
"""
# In a process of its own, since tables are made of the registry as it is imported.
PROGRAM = """
import math, sys
from pathlib import Path
import numpy as np
from gradcheck.expr import functions
from gradcheck.expr.operation import Entrywise

functions.BY_NAME["wobble"] = Entrywise(
    name="wobble",
    value=lambda x: x * np.arctan(x),
    torch=lambda torch, x: x * torch.atan(x),
    derivatives=("arctan(x) + x / (1 + x^2)",),
    range=functions.within(-1e-300, math.inf),
    numpy="x * np.arctan(x)",
)
import gradcheck
from gradcheck.paper.check import check
from gradcheck.paper.course.beside import SpecChecker
from gradcheck.function.point import point

spec = Path(sys.argv[1])

def answer(x, y, W1, b1, W2, b2, slope):
    z1 = x @ W1 + b1
    da1 = (z1 * np.arctan(z1) @ W2 + b2 - y) / len(x) @ W2.T
    return x.T @ (da1 * slope(z1))

def right(*given):
    return answer(*given, lambda z: np.arctan(z) + z / (1 + z**2))

def wrong(*given):
    return answer(*given, np.ones_like)

print("spec", gradcheck.check(right, spec).ok)
print("catalogue", gradcheck.check(wrong, spec))
for text in ("dz1 = da1 * wobble'(z1)", "dz1 = da1 * wobble(z1)", "a1 = wobble(z1)", "a1 = z1 * arctan(z1)"):
    print("paper", SpecChecker(spec).check(text, "text").claims[0].standing.value)
claim = check("arctan(x) + x / (1 + x^2)", "text", of="wobble(x)", wrt="x").claims[0]
print("expression", claim.standing.value)
print("at", *point("x=wobble([0, 1])", lambda x: x))
"""


@pytest.mark.slow
def test_a_new_function_is_known_everywhere(tmp_path: Path) -> None:
    """In specs, to the catalogue of mistakes, on paper and in --at."""
    spec = tmp_path / "s.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, str(spec)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "spec True" in done.stdout
    assert "wobble′(z1) is left out" in done.stdout
    assert "paper right\npaper wrong\npaper right\npaper right\nexpression right\n" in done.stdout
    assert "at [0.         0.78539816]" in done.stdout
