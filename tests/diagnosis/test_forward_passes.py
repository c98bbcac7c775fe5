"""Answers of a forward pass that is not the exercise's: it is found, and what it is instead is said."""

from __future__ import annotations

from dataclasses import replace
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
CLASSES = """\
title: Two layers and classes
network:
  sizes: {n: 5, d: 4, u: 3, k: 3}
  inputs: {x: [n, d], y: {axes: [n, k], draw: one_hot, over: k}, m: {axes: [n, u], draw: mask}}
  parameters: {W: [d, u], b: [u], V: [u, k], c: [k]}
  equations: |
    z = x @ W + b
    a = relu(z)
    r = a * m / 0.8
    s = r @ V + c
    p = softmax(s, k)
    J = -mean(sum(y * log(p), k), n)
submission: {file: classes.py, run: "dV, dc, dW, db = gradients(x, y, W, b, V, c)"}
check: [dV, dc, dW, db]
cases: [{sizes: {n: 5, d: 4, u: 3, k: 3}}, {sizes: {n: 4, d: 3, u: 3, k: 4}}]
"""
NORM = """\
title: A norm between two layers
network:
  sizes: {n: 5, d: 4, u: 3}
  inputs: {x: [n, d], y: [n]}
  parameters: {W: [d, u], w: [u]}
  equations: |
    z = x @ W
    mu = mean(z, n)
    zc = z - mu
    var = mean(zc^2, n)
    q = zc / sqrt(var + 0.001)
    f = sigmoid(q) @ w
    J = mean((f - y)^2, n)
submission: {file: norm.py, run: "dw, dW = gradients(x, y, W, w)"}
check: [dw, dW]
cases: [{sizes: {n: 5, d: 4, u: 3}}, {sizes: {n: 4, d: 3, u: 3}}]
"""
ATTENTION = """\
title: Times that see no later ones
network:
  sizes: {n: 2, t: 4, s: 4, d: 3, u: 3}
  inputs: {x: [n, t, d]}
  parameters: {Q: [d, u], K: [d, u]}
  equations: |
    q = x @ Q
    xs = rename(x, t, s)
    k = xs @ K
    e = sum(q * k, u) / sqrt(size(u)) - 1000000000 * later(1, t, s)
    p = softmax(e, s)
    o = sum(p * xs, s)
    J = sum(o^2, n, t, d)
submission: {file: attention.py, run: "dQ, dK = gradients(x, Q, K)"}
check: [dQ, dK]
cases: [{sizes: {n: 2, t: 4, s: 4, d: 3, u: 3}}, {sizes: {n: 3, t: 3, s: 3, d: 3, u: 2}}]
"""
EXERCISES = {"attention": ATTENTION, "dense": DENSE, "classes": CLASSES, "norm": NORM}

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
    "a function that nobody takes for another on the way back": (
        "dense",
        [("tanh(z)", "gelu(z)")],
        ["a = gelu(z)"],
    ),
    "a function around the output": ("dense", [("a @ V + c", "relu(a @ V + c)")], ["s = relu(a @ V + c)"]),
    "a mask behind the softmax": (
        "attention",
        [(" - 1000000000 * later(1, t, s)", ""), ("softmax(e, s)", "softmax(e, s) * (1 - later(1, t, s))")],
        ["e = q @ k / sqrt(size(u))", "p = softmax(e, s) * (1 - later(1"],
    ),
    "no mask and no scale": (
        "attention",
        [(" / sqrt(size(u)) - 1000000000 * later(1, t, s)", "")],
        ["e = q @ k"],
    ),
    "layers with another function, and another loss": (
        "dense",
        [("tanh(z)", "relu(z)"), ("0.5 * sum((s - y)^2, n, k)", "sum(abs(s - y), n, k)")],
        ["a = relu(z)", "J = sum(abs(s - y), n, k)"],
    ),
    "a bias added twice": ("dense", [("x @ W + b", "x @ W + 2 * b")], ["z = x @ W + 2 * b"]),
    "a skip": ("classes", [("m / 0.8", "m / 0.8 + a")], ["r = a * m / 0.8 + a"]),
    "scores over something": ("classes", [("softmax(s, k)", "softmax(s / 2, k)")], ["p = softmax(s / 2, k)"]),
    "softmax over the examples": ("classes", [("softmax(s, k)", "softmax(s, n)")], ["p = softmax(s, n)"]),
    "the units that are dropped": ("classes", [("a * m /", "a * (1 - m) /")], ["r = a * (1 - m) / 0.8"]),
    "the share that is dropped": ("classes", [("/ 0.8", "/ 0.2")], ["r = a * m / 0.2"]),
    "scores clipped": ("classes", [("r @ V + c", "hardtanh(r @ V + c)")], ["s = hardtanh(r @ V + c)"]),
    "the logarithm of a little more": (
        "classes",
        [("log(p)", "log(p + 0.01)")],
        ["J = -mean(sum(y * log(p + 0.01), k), n)"],
    ),
    "inputs less their mean": ("norm", [("(f - y)", "(f - y + mean(y, n))")], ["J = mean((f + sum(y, n) / "]),
    "statistics of all entries": (
        "norm",
        [
            ("mean(z, n)", "sum(z, n, u) / (size(n) * size(u))"),
            ("mean(zc^2, n)", "sum(zc^2, n, u) / (size(n) * size(u))"),
        ],
        ["mu = sum(z, n, u) / (size(n) * size(u))"],
    ),
    "no mean taken off": ("norm", [("zc = z - mu", "zc = z - 0 * mu")], ["zc = z"]),
    "the root of the loss": (
        "norm",
        [("mean((f - y)^2, n)", "sqrt(mean((f - y)^2, n))")],
        ["J = sqrt(mean("],
    ),
    "absolute values": (
        "norm",
        [("mean((f - y)^2, n)", "mean(abs(f - y), n)")],
        ["J = sum(abs(f - y), n) / size(n)"],
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
def test_what_the_forward_pass_is_instead_is_named(name: str, tmp_path: Path) -> None:
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


def test_gradients_that_are_clipped_are_named(tmp_path: Path) -> None:
    """All of them at one bound, which is fitted to the largest of their entries."""
    spec = spec_of(DENSE, tmp_path)
    model = model_of(spec)
    cases = [draw(model, plan.sizes or {}, plan.seed) for plan in spec.cases]
    handed_in = []
    for one in witnesses(spec, spec, cases):
        yours = {name: np.clip(array, -0.05, 0.05) for name, array in one.evidence.yours.items()}
        handed_in.append(replace(one, evidence=replace(one.evidence, yours=yours)))
    workings = EquationWorkings(spec, spec.cases)
    found = Tracing(workings.variants, handed_in).explanations
    assert {edit.kind for edit in found[0].edits} == {"clipped"}
    assert {edit.equation for edit in found[0].edits} == set(spec.check)
    (correction,) = workings.changes(found).change(found).corrections
    assert "are clipped at ±1 / 20" in correction.change
