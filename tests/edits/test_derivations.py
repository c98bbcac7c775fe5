"""Other right ways to write a gradient: each holds where its numbers do."""

from __future__ import annotations

from functools import partial

import pytest

from gradcheck.diagnosis.witness import makes
from gradcheck.edits.derivations import derivations
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.case import draw, everything
from gradcheck.network.draws import Draw
from gradcheck.network.model import Model
from gradcheck.network.read import read_network
from gradcheck.network.records import Equation
from gradcheck.network.write import write_equation, writer_of

CLASSES = """
z = x @ W
p = softmax(z, u)
J = -mean(sum(y * log(p), u), n)
"""
ODDS = """
z = x @ W
p = sigmoid(z)
J = -sum(y * log(p) + (1 - y) * log(1 - p), n, u) / (size(n) * size(u))
"""
SQUARES = """
z = x @ W
p = sigmoid(z)
J = mean(sum((p - y)^2, u), n)
"""
CLOSED = "dx = (size(n) * dxhat - sum(dxhat, n) - xhat * sum(dxhat * xhat, n)) / (size(n) * s)"
NORM = """
mu = mean(x, n)
xc = x - mu
s = sqrt(mean(xc^2, n) + 1e-5)
xhat = xc / s
out = gamma * xhat
J = sum(sin(out), n, d)
"""
GIVEN = {"x": ("n", "d"), "W": ("d", "u"), "y": ("n", "u")}


@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        (CLASSES, "dz", ["dz = (p - y) / size(n)"]),
        (ODDS, "dz", ["dz = (p - y) / (size(n) * size(u))"]),
        (SQUARES, "dz", []),
        (CLASSES, "dW", []),
        (
            NORM,
            "dx",
            [
                "dx = (size(n) * dxhat - sum(dxhat, n) - xhat * sum(dxhat * xhat, n)) / (size(n) * s)",
                "dx = dxhat / s + ds * xc / (size(n) * s) + dmu / size(n)",
            ],
        ),
        (NORM, "dxc", []),
    ],
)
def test_a_pattern_holds_where_its_numbers_do(text: str, name: str, written: list[str]) -> None:
    given = {"x": ("n", "d"), "gamma": ("d",)} if text is NORM else GIVEN
    network = read_network(text, given, ["n", "d", "u"], {})
    draws = {letter: Draw("one_hot", over="u") if letter == "y" else Draw("normal") for letter in given}
    model = Model(network, {"n": 5, "d": 3, "u": 4}, draws, frozenset(given) - {"x", "y"})
    case = draw(model, {}, 1)
    is_right = partial(makes, model.whole, everything(case), case.lengths)
    found = derivations(network, model.whole, name, is_right)
    writer = writer_of(model.whole, Plain())
    layout = model.whole.layouts[name]
    assert [write_equation(Equation(name, e, layout), writer) for e in found] == written
