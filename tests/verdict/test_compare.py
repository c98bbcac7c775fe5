"""One quantity against both oracles: what is right, what is wrong, what nobody can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.oracle.entry import Entry
from gradcheck.oracle.layered import truth
from gradcheck.slopes import Slopes
from gradcheck.specification.cases import Case
from gradcheck.verdict.compare import compare
from networks import cases


def entry(autograd: float, low: float, high: float | None = None, error: float = 0.0) -> Entry:
    """One weight's truth, with a response that allows no rounding."""
    high = low if high is None else high
    parts = ((low + high) / 2, error, low, high)
    return Entry(np.array([autograd]), Slopes(*(np.array([v]) for v in parts)), response=0.0)


def verdict(yours: float, truth: Entry) -> str:
    """The verdict on one weight."""
    table = compare(np.array([yours]), truth, 0).table
    assert not (table.wrong & table.unknown).any()
    return "wrong" if table.wrong.item() else "cannot tell" if table.unknown.item() else "right"


@pytest.mark.parametrize(
    ("yours", "truth", "expected"),
    [
        (1.0, entry(1.0, 1.0), "right"),
        (1.0 + 1e-10, entry(1.0, 1.0), "right"),
        (1.0 + 1e-8, entry(1.0, 1.0), "wrong"),
        (-1.0, entry(1.0, 1.0), "wrong"),
        (0.0, entry(1.0, 1.0), "wrong"),
        # The difference quotient is too coarse to side with either.
        (1.0 + 1e-8, entry(1.0, 1.0, error=1e-7), "cannot tell"),
        # It sides with the student against autograd, or with nobody.
        (2.0, entry(1.0, 2.0), "cannot tell"),
        (3.0, entry(1.0, 2.0), "cannot tell"),
        (1.0, entry(1.0, 2.0), "cannot tell"),
        # It can't be had at all.
        (1.0, entry(1.0, np.nan, error=np.inf), "cannot tell"),
        # At a kink every subgradient is right.
        (0.0, entry(0.0, 0.0, 1.0), "right"),
        (0.7, entry(0.0, 0.0, 1.0), "right"),
        (1.1, entry(0.0, 0.0, 1.0), "wrong"),
        (-0.1, entry(0.0, 0.0, 1.0), "wrong"),
    ],
)
def test_verdict_on_one_weight(yours: float, truth: Entry, expected: str) -> None:
    """Wrong needs both oracles on one side, right needs autograd or a kink, and all else is open."""
    assert verdict(yours, truth) == expected


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases(), st.booleans())
def test_right_gradients_are_right(case: Case, single: bool) -> None:
    """The reverse pass, in either precision, is never blamed."""
    dtype: type[np.floating[Any]] = np.float32 if single else np.float64
    parameters = {name: w.astype(dtype) for name, w in case.parameters.items()}
    _, ours, _ = case.stack.passes(parameters, case.x.astype(dtype), case.y.astype(dtype))
    for name, e in truth(case.stack, case, [f"d{name}" for name in case.parameters]).items():
        table = compare(ours[name[1:]], e, 0, single=single).table
        assert not table.wrong.any()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(0, 10**6), st.sampled_from([1e-6, -1e-6, 1e-3, -1.0]))
def test_one_weight_off_is_caught(case: Case, at: int, by: float) -> None:
    """One weight off by a millionth of its tensor's largest entry is wrong, and it alone."""
    for e in truth(case.stack, case, [f"d{name}" for name in case.parameters]).values():
        size = np.abs(e.autograd).max()
        if size <= 1e-6 * e.response or e.differences.kinked.any():
            continue
        yours = e.autograd.copy()
        yours.flat[at % yours.size] += by * size
        assert np.flatnonzero(compare(yours, e, 0).table.wrong).tolist() == [at % yours.size]
