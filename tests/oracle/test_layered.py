"""The truth of specs whose layers PyTorch has none of its own for."""

from __future__ import annotations

import numpy as np
import pytest

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
