"""Layers of one's own, stated in a spec by their equations: what they are, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import stack_contract
from complaints import complaints
from gradcheck.checker import Checker
from gradcheck.layers import EquationLayer, Stack
from gradcheck.layers.dense import Dense
from gradcheck.layers.layer_norm import LayerNorm
from gradcheck.losses import LOSSES
from gradcheck.network.draws import Draw
from gradcheck.oracle.answer import answered
from gradcheck.specification.read import parse, read
from gradcheck.submission.find import at
from halves import some

EXAMPLES = Path(__file__).parent / "examples"
WRONG = {
    "bilinear": {"dx"},
    "cell": {"dW1", "dU1", "dUr1", "db1", "dr1", "da1"},
    "gated": {"dW1"},
    "residual": {"dx"},
    "scale_and_shift": {"dgamma"},
}
"""What the mistake of each wrong submission reaches, worked out by hand from its first line."""


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("work", ["right", "wrong"])
def test_exactly_what_is_wrong_is_wrong(name: str, work: str) -> None:
    """Every quantity of a network with such a layer has the verdict that it deserves."""
    with Checker() as checker:
        verdict = checker.check(at(EXAMPLES / work / f"{name}.py"), EXAMPLES / "specs" / f"{name}.yaml")
    assert verdict.failure is None
    status = {q.symbol: q.status for q in verdict.quantities}
    assert {name for name, one in status.items() if one == "wrong"} == (
        WRONG[name] if work == "wrong" else set()
    )
    assert set(status.values()) <= {"right", "wrong"}


def test_every_example_is_tried() -> None:
    """None is left out of the table."""
    assert {spec.stem for spec in (EXAMPLES / "specs").iterdir()} == WRONG.keys()


GATE = EquationLayer(
    "g = sigmoid(x @ V)\nout = g * (x @ W) + max(0, b)",
    source="x",
    axes=("d",),
    sizes={"u": 3},
    parameters={"V": ("d", "u"), "W": ("d", "u"), "b": ("u",)},
)
NORM = EquationLayer(
    "mu = mean(x, d)\nvar = mean((x - mu)^2, d)\na = gamma * (x - mu) / sqrt(var + 1e-5) + beta",
    source="x",
    axes=("d",),
    parameters={"gamma": ("d",), "beta": ("d",)},
)

COLUMNS = EquationLayer(
    "q = x @ v\na = (x @ W + b.T) * q",
    source="x",
    axes=("d",),
    sizes={"u": 3},
    parameters={"W": ("d", "u"), "b": ("u", "1"), "v": ("d", "1")},
)


@pytest.mark.parametrize("layer", some([GATE, NORM, COLUMNS], 1), ids=["gate", "norm", "columns"])
def test_the_contract_holds(layer: EquationLayer) -> None:
    """As for every layer of the table, behind another one that has quantities of the same names."""
    stack = Stack((layer, Dense(4), layer), (5,), LOSSES["upstream"](), "sum")
    rng = np.random.default_rng(0)
    stack_contract.check(stack_contract.with_numbers(stack, Draw("normal"), rng) for _ in range(6))


def test_a_layer_stated_is_the_layer_of_the_table() -> None:
    """Layer norm by its equations has the numbers of `layer_norm`."""
    stacks = [Stack((layer,), (4,), LOSSES["upstream"](), "sum") for layer in (NORM, LayerNorm())]
    rng = np.random.default_rng(0)
    x, dout = rng.normal(size=(2, 3, 4))
    parameters = {name: rng.normal(size=4) for name in stacks[0].parameters}
    ours, theirs = (stack.passes(parameters, x, dout)[1] for stack in stacks)
    for name in ("x", *parameters):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-9)


GOOD = """\
title: t
network:
  inputs: [3, 4]
  layers:
    - rnn: {units: 2}
    - equations: |
        s = x @ W + b  # scores
        h[-1] = 0
        for t in T:
          h[t] = tanh(s[t] + h[t-1])
        out = sum(h * v, T)
      input: {x: [n, T, d]}
      sizes: {u: 3, k: T}
      parameters: {W: [d, u], b: {axes: [u], draw: positive}, v: [T]}
      layout: {h: [n, T, u]}
    - dense: {units: 2}
loss: half_squared_error
check: [dW2, dh2, da2]
cases: [{batch: 2}, {batch: 3, inputs: [5, 4], sizes: {u2: 4}}]
"""

COMPLAINTS = [
    ("s = x @ W + b  #", "s = x @ Q + b  #", "7:17: there is no Q here"),
    ("s = x @ W + b  #", "s = x @ v  #", "7:13: axis d of x meets axis T of v ([n, T, d] @ [T])"),
    ("s = x @ W + b  #", "s = (x @ W + b  #", "7:13: this ( is never closed"),
    ("s = x @ W + b  #", "s2 = x @ W + b\n        s = s2  #", "7:9: s2 ends with a number, and gets the layer's"),
    ("s = x @ W + b  #", "ds = 2\n        s = ds * x @ W  #", "7:9: ds is"),
    ("s = x @ W + b  #", "delta = 2\n        s = x @ W  #", "7:9: delta begins with d, as gradients do"),
    ("s = x @ W + b  #", "y = 2\n        s = x @ W  #", "7:9: y is a name of the whole network"),
    ("s = x @ W + b  #", "a = x @ W\n        s = a  #", "7:9: a is what the output is called, which is out here"),
    ("s = x @ W + b  #", "c = sum(W, d, u)\n        g = gradient(c, W)\n        s = x @ W  #", "8:9: a layer's equations take no gradient"),
    ("s = x @ W + b  #", "c = b * sum(x, T, d)\n        s = x @ W  #", "7:9: c lies as [u, n], and in layers the axis of examples is the first: say so, as in layout: {c: [n, u]}"),
    ("out = sum(h * v, T)", "out = sum(h * v, n, T)", "11:9: the output, out, has the axes [u], and not that of examples, n"),
    ("input: {x: [n, T, d]}", "input: {x: [T, d]}", "12:18: the first axis of a layer's input is n, that of examples"),
    ("input: {x: [n, T, d]}", "input: {x: [n, d, d]}", "12:25: axes of a layer's input have names, each another one"),
    ("input: {x: [n, T, d]}", "input: {x2: [n, T, d]}", "12:15: x2 ends with a number, and gets the layer's"),
    ("input: {x: [n, T, d]}", "input: {x: {axes: [n, T, d], draw: positive}}", "12:36: what comes from a layer before is not drawn"),
    ("sizes: {u: 3, k: T}", "sizes: {u: 3, k: Q}", "13:24: Q is no axis of the input"),
    ("sizes: {u: 3, k: T}", "sizes: {u: 3, d: 4}", "13:21: d is an axis of the input, which is as long as what comes before makes it"),
    ("W: [d, u], b", "W: [d, w], b", "14:27: w is no axis of sizes"),
    ("W: [d, u], b", "W: [d, n], b", "14:23: a parameter has no axis of examples, n"),
    ("W: [d, u], b", "W1: [d, u], b", "14:20: W1 ends with a number, and gets the layer's: give it a name without, as W"),
    ("draw: positive", "draw: one_hot", "14:52: in a layer this can't be drawn so"),
    ("layout: {h: [n, T, u]}", "layout: {h: [n, T, q]}", "15:26: q is no axis of sizes"),
    ("layout: {h: [n, T, u]}", "layouts: {h: [n, T, u]}", "15:7: layer has no key layouts"),
    ("      layout: {h: [n, T, u]}\n", "", "10:11: h[t] has the axes [n, u], and what stands before the first, h[-1], has []: say how h lies, as in layout: {h: [n, T, u]}"),
    ("    - rnn: {units: 2}\n", "    - flatten\n", "6:7: layer 2 doesn't fit: its input has the axes [n, T, d]"),
    ("{u2: 4}", "{u: 4}", "19:56: no layer's equations bring an axis u"),
    ("    - equations: |", "    - equation: |", "6:7: layer has no key equation"),
    ("check: [dW2, dh2, da2]", "check: [dout2]", "18:9: this network has no quantity dout2"),
]  # fmt: skip


def test_the_good_one_is_good() -> None:
    """Other inputs and sizes of a case reach the layer, and both oracles answer it."""
    spec = parse(GOOD.encode(), "s.yaml")
    shapes = [case.entries["dW2"].autograd.shape for case in answered(spec).cases]
    assert shapes == [(2, 3), (2, 4)]


@pytest.mark.parametrize(("old", "new", "complaint"), COMPLAINTS, ids=[c[1].strip() for c in COMPLAINTS])
def test_a_fault_is_reported_where_it_stands(old: str, new: str, complaint: str) -> None:
    """Line, column, what is wrong, and what to write."""
    assert GOOD.count(old) == 1
    assert f"s.yaml:{complaint}" in complaints(GOOD.replace(old, new))


def test_parameters_may_be_columns() -> None:
    """An axis of length one, without a name, is one of the shape."""
    stack = Stack((COLUMNS, Dense(2)), (4,), LOSSES["squared_error"]())
    assert stack.shapes(5) == {"x": (5, 4), "q1": (5, 1), "a1": (5, 3), "z2": (5, 2), "a2": (5, 2)}
    assert {name: stack.parameters[name] for name in ("b1", "v1")} == {"b1": (3, 1), "v1": (4, 1)}


def test_all_faults_are_reported_at_once() -> None:
    """Those of all layers, of equations and of names alike."""
    layer = "    - equations: a = tanhh(x) + q\n      input: {x: [n, d]}\n"
    text = GOOD.replace("s = x @ W", "s = x @ Q").replace("h * v", "hh * v").replace("loss:", f"{layer}loss:")
    report = complaints(text)
    for fault in ("7:17: there is no Q", "11:19: there is no hh", "17:22: there is no function tanhh"):
        assert f"s.yaml:{fault}" in report


def test_matrices_lie_as_the_notation_has_them() -> None:
    """Whatever their letter is; a layer before and its number go with them."""
    spec = read(EXAMPLES / "specs" / "residual.yaml")
    inputs = answered(spec).cases[1].inputs
    shapes = {name: np.shape(value) for name, value in inputs.items()}
    assert shapes == {
        "x": (2, 4),
        "y": (2, 4),
        "W2": (5, 2),
        "b2": (5, 1),
        "V2": (2, 5),
        "W3": (2, 2),
        "b3": (2, 1),
        "lam": (),
    }
