"""Formulas on paper about layers of which equations are all that is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from gradcheck.derivation.records import Standing
from gradcheck.oracle.answer import answered
from gradcheck.paper.course.beside import SpecChecker
from gradcheck.paper.course.sheet import answers
from gradcheck.specification.read import parse
from gradcheck.submission.records import Outcome

DENSE = "dense: {units: 3}"
NETWORKS = {
    "layer_norm": f"inputs: 4, layers: [{DENSE}, layer_norm, {DENSE}]",
    "batch_norm": f"inputs: 4, layers: [{DENSE}, batch_norm, {DENSE}]",
    "lstm": f"inputs: [3, 2], layers: [lstm: {{units: 2}}, flatten, {DENSE}]",
    "gate": "inputs: 4, layers: [{input: {x: [n, d]}, sizes: {u: 3}, parameters: {V: [d, u], W: [d, u]}, "
    + f'equations: "g = sigmoid(x @ V)\\nout = g * tanh(x @ W)"}}, flatten, {DENSE}]',
    "embedding": f"inputs: 3, layers: [embedding: {{vocabulary: 5, units: 2}}, flatten, {DENSE}]",
}
CLAIMS = (
    ("layer_norm", "xhat2 = (a1 - mu2) / sqrt(var2 + 1e-5)", Standing.RIGHT),
    ("layer_norm", "dgamma2 = da2 * xhat2", Standing.RIGHT),
    ("layer_norm", "dgamma2 = np.sum(da2 * xhat2, axis=0)", Standing.RIGHT),
    ("layer_norm", "dxhat2 = da2", Standing.WRONG),
    ("batch_norm", "mu2 = np.mean(a1, axis=0)", Standing.RIGHT),
    ("batch_norm", "dgamma2 = np.sum(da2 * xhat2, axis=0)", Standing.RIGHT),
    # Of one example alone it would be so, and all of x̂ zero.
    ("batch_norm", "dgamma2 = da2 * xhat2", Standing.WRONG),
    ("batch_norm", "dbeta2 = da2", Standing.WRONG),
    ("lstm", "da2 = dz3 @ W3.T", Standing.RIGHT),
    ("lstm", "da2 = dz3 @ W3", Standing.WRONG),
    ("gate", "a1 = g1 * tanh(x @ W1)", Standing.RIGHT),
    ("gate", "dg1 = da1 * tanh(x @ W1)", Standing.RIGHT),
    ("gate", "dV1 = x.T @ (dg1 * g1 * (1 - g1))", Standing.RIGHT),
    ("gate", "dV1 = x.T @ (dg1 * g1)", Standing.WRONG),
    ("embedding", "dW3 = a2.T @ dz3", Standing.RIGHT),
    ("embedding", "∂J/∂x = 0", Standing.CANNOT_TELL),
)


def stated(network: str) -> str:
    """A spec in code's names."""
    return f"title: t\nnotation: plain\nnetwork: {{{NETWORKS[network]}}}\nloss: half_squared_error\n"


@cache
def checker(network: str) -> SpecChecker:
    """That of a spec."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.yaml"
        path.write_text(stated(network) + "check: [dW3]\n", encoding="utf-8")
        return SpecChecker(path)


@pytest.mark.slow
@pytest.mark.parametrize(("network", "text", "standing"), CLAIMS)
def test_claims_about_any_layer_are_judged(network: str, text: str, standing: Standing) -> None:
    """By its equations; where examples depend on each other, at batches alone."""
    (claim,) = checker(network).check(text, "text").claims
    assert claim.standing is standing


FORMULAS = """
dz3 = (a3 - y) / m
da2 = dz3 @ W3.T
dgamma2 = np.sum(da2 * xhat2, axis=0)
dbeta2 = np.sum(da2, axis=0)
dxhat2 = da2 * gamma2
"""


def test_a_file_of_formulas_is_worked_out_for_whole_batches() -> None:
    """Where examples depend on each other, nothing is worked out for one alone."""
    text = stated("batch_norm") + "submission: {formula: true}\ncheck: [dgamma2, dbeta2, dxhat2]\n"
    key = answered(parse(text.encode(), "s.yaml"))
    outcomes = answers(FORMULAS, "text", key).results
    for case, outcome in zip((key.cases[0], *key.cases), outcomes, strict=True):
        assert isinstance(outcome, Outcome)
        for name, entry in case.entries.items():
            np.testing.assert_allclose(outcome.arrays[name], entry.autograd, rtol=1e-9, atol=1e-12)
