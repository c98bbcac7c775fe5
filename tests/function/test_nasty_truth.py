"""What the benchmark of nasty functions holds for shown, in `benchmarks/nasty_truth.py`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def truth(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module("nasty_truth").Truth


@pytest.fixture
def nasty(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module("nasty_functions").Nasty


@pytest.mark.slow
def test_a_slope_that_no_double_has_a_trace_of_is_not_0(truth: Any, nasty: Any) -> None:
    """log(1 + e^-147) is 0 in double precision, whose quotients show neither its slope nor the half of it."""
    case = nasty(lambda m, x: m.sum(m.log(1 + m.exp(-x))), lambda x: -1 / (1 + np.exp(x)), np.array([147.0]))
    slope = float(case.gradient(case.x)[0])
    ((true, _),) = truth(case)._entries()
    assert abs(float(true) / slope - 1) < 1e-12
    assert not truth(case).shows([slope / 2])
    assert not truth(case).resolvable()


def test_a_slope_that_doubles_have_is_shown(truth: Any, nasty: Any) -> None:
    """That of x² beside 1, and a millionth more of it."""
    case = nasty(lambda m, x: 1 + m.sum(x**2), lambda x: 2 * x, np.array([0.7, -1.3]))
    assert truth(case).resolvable()
    assert not truth(case).shows(case.gradient(case.x))
    assert truth(case).shows(case.gradient(case.x) * [1, 1 + 1e-6])
