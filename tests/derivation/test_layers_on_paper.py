"""Formulas on paper about layers of which equations are all that is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gradcheck.derivation.records import Standing
from gradcheck.derivation.spec_checker import SpecChecker
from halves import some

DENSE = "dense: {units: 3}"
NETWORKS = {
    "layer_norm": f"inputs: 4, layers: [{DENSE}, layer_norm, {DENSE}]",
    "batch_norm": f"inputs: 4, layers: [{DENSE}, batch_norm, {DENSE}]",
    "lstm": f"inputs: [3, 2], layers: [lstm: {{units: 2}}, flatten, {DENSE}]",
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
    ("embedding", "dW3 = a2.T @ dz3", Standing.RIGHT),
    ("embedding", "∂J/∂x = 0", Standing.CANNOT_TELL),
)


@cache
def checker(network: str) -> SpecChecker:
    """That of a spec in code's names."""
    text = f"title: t\nnotation: plain\nnetwork: {{{NETWORKS[network]}}}\nloss: half_squared_error\n"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.yaml"
        path.write_text(text + "check: [dW3]\n", encoding="utf-8")
        return SpecChecker(path)


@pytest.mark.parametrize(("network", "text", "standing"), some(CLAIMS, 2))
def test_claims_about_any_layer_are_judged(network: str, text: str, standing: Standing) -> None:
    """By its equations; where examples depend on each other, at batches alone."""
    (claim,) = checker(network).check(text, "text").claims
    assert claim.standing is standing
