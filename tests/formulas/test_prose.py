"""Prose between formulas of plain text."""

from __future__ import annotations

import pytest

from gradcheck.formulas.dialect import read
from gradcheck.formulas.prose import prose


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("so the loss L = (y - t)^2, and we get dL/dy = 2 (y - t)", ["L = (y - t)^2", "dL/dy = 2 (y - t)"]),
        ("If f(x) = 2x then f'(x) = 2.", ["f(x) = 2x", "f'(x) = 2"]),
        ("h = tanh(u) is hidden, o = v h the output.", ["h = tanh(u)", "o = v h"]),
        ("hi, my eror is err = out - target", ["err = out - target"]),
        ("error e = target-out, I'd say de/dout = -1", ["e = target-out", "de/dout = -1"]),
        ("a net of two layers (one unit each)", []),
        ("Chapter 2, chain rule", []),
        ("`p = w*x` and then `q = p**2`", ["p = w*x", "q = p**2"]),
        ("```python\np = w @ x\n```", ["p = w @ x"]),
        ("L = rate grad", ["L = rate grad"]),
        ("so x = y\nIt follows that delta\n  = a - y", ["x = y", "delta\n  = a - y"]),
        ("We get δ\n  = a - y", ["δ\n  = a - y"]),
        ("y = sin x + exp(-z)", ["y = sin x + exp(-z)"]),
    ],
)
def test_prose_ends_formulas(text: str, formulas: list[str]) -> None:
    """Words are no factors; names that stand at an operator are."""
    whole = (claim for claim in read(text).claims if len(claim.sides) > 1)
    assert [text[slice(*claim.span)] for claim in whole] == formulas


@pytest.mark.parametrize("text", ["e=(x-y)^2; de/ds = 2(x-y)(1-x)", "W'x", "dot(a, b)", "a*b-c*d"])
def test_formulas_are_no_prose(text: str) -> None:
    """Letters with a hyphen or a prime between."""
    assert list(prose(text)) == []
