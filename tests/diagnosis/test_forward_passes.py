"""Answers of a forward pass that is not the exercise's: it is found, and what it is instead is said."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from gradcheck.diagnosis.equations import EquationWorkings
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.tracing import Tracing
from gradcheck.diagnosis.witness import Witness
from gradcheck.network.case import Case, draw, everything
from gradcheck.network.forward import laid, run
from gradcheck.network.model import Model
from gradcheck.specification.read import read
from gradcheck.specification.records import Spec

DENSE = """\
title: Two layers
network:
  sizes: {n: 5, d: 4, u: 3, k: 2}
  inputs: {x: [n, d], y: [n, k]}
  parameters: {W: [d, u], b: [u], V: [u, k], c: [k]}
  equations: |
    z = x @ W + b
    a = tanh(z)
    s = a @ V + c
    J = 0.5 * sum((s - y)^2, n, k) / size(n) + 0.1 * (sum(W^2, d, u) + sum(V^2, u, k))
submission: {file: dense.py, run: "dV, dc, dW, db = gradients(x, y, W, b, V, c)"}
check: [dV, dc, dW, db]
cases: [{sizes: {n: 5, d: 4, u: 3, k: 2}}, {sizes: {n: 4, d: 3, u: 3, k: 3}}]
"""
EXERCISES = {"dense": DENSE}

OTHERS: dict[str, tuple[str, list[tuple[str, str]], list[str]]] = {
    "a bias that is not there": ("dense", [("x @ W + b", "x @ W"), ("dW, db]", "dW]")], ["z = x @ W"]),
    "no penalty, another function": (
        "dense",
        [("tanh(z)", "relu(z)"), ("/ size(n) + 0.1 * (sum(W^2, d, u) + sum(V^2, u, k))", "/ size(n)")],
        ["a = relu(z)", "J = sum((s - y)^2, n, k) / (2 * size(n))"],
    ),
    "no mean and twice the penalty, another function": (
        "dense",
        [("tanh(z)", "sigmoid(z)"), (" / size(n)", ""), ("0.1", "0.2")],
        ["a = sigmoid(z)", "J = sum((s - y)^2, n, k) / 2 + 0.2 * (sum(W^2, d, u) + "],
    ),
}
"""What is another -> an exercise, changes of its text, and how the equations begin that are said."""


def spec_of(text: str, folder: Path) -> Spec:
    """A spec of that text."""
    file = folder / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    return read(file)


def model_of(spec: Spec) -> Model:
    assert spec.model is not None
    return spec.model


def witnesses(spec: Spec, other: Spec, cases: list[Case]) -> list[Witness]:
    """What somebody hands in who takes the other network for the exercise's: 0 for what it doesn't read."""
    whole, several = model_of(spec).whole, []
    for number, case in enumerate(cases):
        true, made = everything(case), run(model_of(other).whole, case.given, case.lengths)
        names = [name for name in spec.check if name in whole.equations]
        right = {name: laid(whole, name, true[name], case.lengths) for name in names}
        lay = partial(laid, whole, lengths=case.lengths)
        yours = {n: lay(n, made[n]) if n in made else np.zeros_like(right[n]) for n in names}
        several.append(Witness(case.lengths, true, Evidence(number, yours, right)))
    return several


@pytest.mark.parametrize("name", OTHERS)
def test_what_the_forward_pass_is_instead_is_said(name: str, tmp_path: Path) -> None:
    """First, of all that makes the same numbers in every case."""
    stem, changes, beginnings = OTHERS[name]
    text = EXERCISES[stem]
    spec = spec_of(text, tmp_path)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    model = model_of(spec)
    cases = [draw(model, plan.sizes or {}, plan.seed) for plan in spec.cases]
    handed_in = witnesses(spec, spec_of(text, tmp_path), cases)
    workings = EquationWorkings(spec, spec.cases)
    found = Tracing(workings.variants, handed_in).explanations
    assert found
    assert all(workings.variants.makes(found[0], one) for one in handed_in)
    said = workings.changes(found).change(found)
    equations = [one.yours for one in said.corrections]
    assert len(equations) == len(beginnings)
    assert all(map(str.startswith, equations, beginnings)), equations
