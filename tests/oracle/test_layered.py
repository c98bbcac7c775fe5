"""The truth of specs whose layers PyTorch has none of its own for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradcheck.errors import GradcheckError
from gradcheck.layers.dense import Dense
from gradcheck.oracle.answer import answered
from gradcheck.specification.read import parse

SPEC = """\
title: Layers
network:
  inputs: 3
  layers:
    - {layer}
    - dense: {{units: 2}}
loss: squared_error
check: [dW2]
"""


@pytest.mark.parametrize("layer", ["dense: {units: 2, activation: {custom: z * tanh(z)}}", "flatten"])
def test_formulas_and_vectors_laid_out_are_answered(layer: str) -> None:
    key = answered(parse(SPEC.format(layer=layer).encode(), "layers.yaml"))
    for case in key.cases:
        entry = case.entries["dW2"]
        np.testing.assert_allclose(entry.differences.value, entry.autograd, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("off", "name"), [(lambda a: 1.001 * a, "J"), (lambda a: 2 * a.detach() - a, "dW2")])
def test_equations_that_differ_from_pytorchs_own_layers_are_nobodys_mistake(
    off: Callable[[Any], Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In what they make, or in its gradients alone: the key is not made."""
    right = Dense.torch
    monkeypatch.setattr(Dense, "torch", lambda *arguments: off(right(*arguments)))
    spec = parse(SPEC.format(layer="dense: {units: 3, activation: tanh}").encode(), "layers.yaml")
    with pytest.raises(GradcheckError, match=f"the equations make {name} differ by"):
        answered(spec)
