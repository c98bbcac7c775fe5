"""Texts as specs: a spec in equations has the gradients of the text that it was written from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from gradcheck.arrays import Array
from gradcheck.cli import main
from gradcheck.errors import UsageError
from gradcheck.expr.layout import lying
from gradcheck.expr.named import Named, arranged
from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Derivative, Node
from gradcheck.network.autograd import differentiate
from gradcheck.network.case import draw
from gradcheck.network.forward import laid
from gradcheck.network.records import named
from gradcheck.paper.declared import Declared
from gradcheck.paper.judge import Way
from gradcheck.paper.saving.save import spec_of
from gradcheck.paper.text import derivatives
from gradcheck.paper.values.algebra import ONE
from gradcheck.paper.values.expressions import Expressions
from gradcheck.paper.values.meaning import Reader
from gradcheck.paper.values.point import Point
from gradcheck.paper.ways import Ways
from gradcheck.specification.read import parse
from gradcheck.specification.statement import built

SOFTMAX = r"$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$, "
TEXTS = {
    "a layer": "z = W x + b; a = sigma(z); J = 1/2 ||a - y||^2; ∂J/∂W = ?; ∂J/∂b = ?; ∂J/∂x = ?",
    "numbers": "J = (x - y)^2; x = tanh(s); dJ/ds = 2 (x - y) (1 - x^2)",
    "softmax": SOFTMAX + r"$J = -\sum_k y_k \log p_k$, $\frac{\partial J}{\partial z_i} = p_i - y_i$",
    "normalisation": r"$\mu = \frac1m \sum_i x_i$, $v = \frac1m \sum_i (x_i - \mu)^2$,"
    r" $h_i = \frac{x_i - \mu}{\sqrt{v + c}}$, $J = \sum_i g_i h_i$, $\frac{\partial J}{\partial x_i} = g_i$",
    "logistic regression": "J = -1/m Σ_i (y_i log h_i + (1-y_i) log(1-h_i)); h_i = σ(Σ_j w_j x_ij);"
    " dJ/dw_j = ?",
    "attention": "S = Q K^T / sqrt(d); A = softmax(S); O = A V; J = sum(G * O); dJ/dV = A^T G; dJ/dQ = ?",
    "a trace": "J = tr(A X B); dJ/dX = A^T B^T",
    "a quadratic form": "J = x^T A x; dJ/dx = (A + A^T) x",
    "entries": "J = u_1^2 + u_2 u_3; dJ/du = ?",
    "two letters": "J = Σ_i Σ_{j ≠ i} u_i u_j^2; dJ/du_i = 1",
    "kinks": "r = max(0, w x + b); J = sum((r - y)^2); dJ/dw = ?",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_spec_has_the_gradients_of_its_text(text: str) -> None:
    """At the spec's cases, by PyTorch; the text's derivatives are its own."""
    model = built(parse(spec_of(text, "notes.md").encode(), "notes.yaml").network["model"])
    ways = Ways(read(text).claims, None, Declared())
    asked = {d for claim in ways.text.claims for side in claim.sides for d in derivatives(side)}
    assert asked
    for seed in (1, 2):
        case = draw(model, {}, seed)
        arrays = {name: laid(model.network, name, value, case.lengths) for name, value in case.given.items()}
        truth = differentiate(model.network, arrays, case.lengths)
        point = _point(ways.ways[0], truth.values)
        for derivative in asked:
            reference = ways.text.names.reference(derivative.by)
            assert reference is not None
            theirs = _value(ways.ways[0], point, Derivative(derivative.of, _whole(reference.key.base)))
            np.testing.assert_allclose(
                np.squeeze(theirs), np.squeeze(truth.gradients[str(reference.key)]), rtol=1e-9, atol=1e-12
            )


def _whole(name: str) -> Node:
    return read(name).claims[0].sides[0]


def _point(way: Way, values: Mapping[str, Array]) -> Point:
    """The text's quantities with the numbers of the spec's."""
    network = way.network
    found: dict[str, Named] = {}
    for key in (*network.text.inputs, *network.definitions):
        axes = tuple(axis for axis in lying(network.shapes[key]) if axis != ONE)
        if key in network.counts:
            found[str(key)] = Named(np.asarray(float(network.lengths[network.counts[key]])), ())
        else:
            found[str(key)] = Named(np.asarray(values[str(key)]), axes)
    return Point(network, found)


def _value(way: Way, point: Point, derivative: Derivative) -> Array:
    network = way.network
    made = Expressions(
        network.shapes, network.definitions, network.auxiliaries, network.lengths, fixed=network.fixed
    )
    side = Reader(made, network.text).read(derivative)
    return arranged(point.value(side.expression, network.lengths), named(side.layout), network.lengths)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("z = W x; dz/dx = W", ["z = W @ x", "upstream: [z]"]),
        ("z = w x; ∂L/∂w = ∂L/∂z x", ["z = w * x", "upstream: [z]"]),
        (SOFTMAX + r"$L = -\log p_c$, $\frac{\partial L}{\partial z_i} = p_i - 1$",
         ["J = sum(-log(p) * class_c, i)", "class_c: {axes: [i], draw: one_hot}"]),
        ("C = (w x - y)^2; dC/dw = ?", ["J = (w * x - y)^2", "check: [dw]"]),
        ("C = J w + w^2; dC/dw = ?", ["J_: ["]),
        ("C = d w + w^2; dC/dw = ?", ["J = d * w + w^2"]),
        ("# One\n$C = w^2$, $\\frac{dC}{dw} = 2 w$\n# Two\n$C = w^3$, $\\frac{dC}{dw} = 3 w^2$", ["J = w^3"]),
    ],
)  # fmt: skip
def test_what_is_differentiated_is_stated(text: str, lines: list[str]) -> None:
    """As J where it is a number, and as what has a gradient else; of a document the last."""
    spec = spec_of(text, "notes.md")
    assert all(line in spec for line in lines)
    parse(spec.encode(), "notes.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y = f(x); dy/dx = 2", "--save: which function is f? write what it is: f(x) = …"),
        ("J = tr(A^{-1} X); dJ/dX = A", "--save: J is made of an inverse"),
        ("z = w x", "--save: the text has no derivative of anything that it defines; write L = …"),
        ("z = (", "--save: no formula was read"),
    ],
)
def test_what_makes_no_spec_is_refused(text: str, message: str) -> None:
    """It is said what, and what to do."""
    with pytest.raises(UsageError) as error:
        spec_of(text, "your formula")
    assert message in str(error.value)


def test_the_command_writes_a_spec_that_is_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And no file is overwritten."""
    monkeypatch.chdir(tmp_path)
    question = ["formula", TEXTS["a layer"], "--save", "layer.yaml"]
    assert main(question) == 0
    assert main(["spec", "check", "layer.yaml"]) == 0
    assert main(["spec", "show", "layer.yaml", "--backward"]) == 0
    assert "dW = dz * x" in capsys.readouterr().out
    text = Path("layer.yaml").read_text(encoding="utf-8")
    assert main(question) == 2
    assert "layer.yaml exists already" in capsys.readouterr().err
    assert Path("layer.yaml").read_text(encoding="utf-8") == text
    assert main(["formula", TEXTS["numbers"], "--save", "nowhere/net.yaml"]) == 2
    assert "choose another place" in capsys.readouterr().err
