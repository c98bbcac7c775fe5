"""Verdicts as plain data."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from report_examples import EXAMPLES
from report_strategies import VERDICTS
from syrupy.assertion import SnapshotAssertion

from gradcheck.report.data import as_data, dumps
from gradcheck.verdict.records import Verdict
from snapshot import Json


@pytest.mark.parametrize("name", ["wrong_matrix", "diagnosed", "crash", "not_finite", "undecided"])
def test_documents(monkeypatch: pytest.MonkeyPatch, name: str, snapshot: SnapshotAssertion) -> None:
    """Each document is as it was last found good: a change may break a program that reads it."""
    monkeypatch.setattr("gradcheck.report.document.__version__", "version of gradcheck")
    assert dumps([EXAMPLES[name]]) == snapshot(extension_class=Json)


@pytest.mark.slow
@given(VERDICTS)
@settings(max_examples=50)
def test_any_verdict_survives_json(verdict: Verdict) -> None:
    """Strict JSON in UTF-8 gives back the same data, whatever the numbers and texts are."""
    with np.errstate(all="ignore"):
        data, text = as_data([verdict]), dumps([verdict])
    assert json.loads(text.encode().decode(), parse_constant=pytest.fail) == data


def _leaves(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in [key, *_leaves(value)]]
    return [leaf for value in data for leaf in _leaves(value)] if isinstance(data, list) else [data]


@pytest.mark.parametrize("name", EXAMPLES)
def test_types_are_pythons_own(name: str) -> None:
    """No number of NumPy's and no enumeration is left, which other serialisers refuse."""
    assert {type(leaf) for leaf in _leaves(as_data([EXAMPLES[name]]))} <= {str, int, float, bool, type(None)}


def test_results_keep_their_order() -> None:
    """One result for each verdict, as given."""
    verdicts = list(EXAMPLES.values())
    assert [r["spec"] for r in as_data(verdicts)["results"]] == [v.spec for v in verdicts]


def test_numbers_are_exact() -> None:
    """Nothing is rounded, so that a program can judge by itself."""
    quantity = EXAMPLES["wrong_matrix"].quantities[1]
    worst = json.loads(dumps([EXAMPLES["wrong_matrix"]]))["results"][0]["quantities"][1]["discrepancies"][0]
    assert worst["yours"] == quantity.discrepancies[0].yours
    assert worst["off_by"] == quantity.discrepancies[0].off


def test_what_is_not_finite_is_a_text() -> None:
    """JSON has no such numbers; the texts are those that Python's float reads."""
    worst = as_data([EXAMPLES["not_finite"]])["results"][0]["quantities"][0]["discrepancies"][0]
    assert math.isnan(float(worst["yours"]))
    assert isinstance(worst["yours"], str)
