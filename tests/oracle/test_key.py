"""The answer key: the same from the store as fresh, in the learner's layout."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gradcheck.oracle.answer import answered
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.slopes import Slopes
from gradcheck.specification.read import read
from gradcheck.submission.records import MAX_ANSWER

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_store_changes_nothing(path: Path) -> None:
    """The kept key equals the computed one, number by number."""
    answer_key(path)
    fresh, kept = answered(read(path)), answer_key(path)
    assert kept.spec == fresh.spec
    for one, other in zip(fresh.cases, kept.cases, strict=True):
        assert one.plan == other.plan
        _same(one.inputs, other.inputs)
        _same(
            {n: e.autograd for n, e in one.entries.items()}, {n: e.autograd for n, e in other.entries.items()}
        )
        for name, entry in one.entries.items():
            np.testing.assert_array_equal(entry.differences.error, other.entries[name].differences.error)
            assert entry.response == other.entries[name].response


def _same(one, other) -> None:  # type: ignore[no-untyped-def]
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def test_layout_is_the_learners() -> None:
    """Nielsen's columns: x is (2, batch), W2 is (3, 2), b2 is (3, 1), and so are their gradients."""
    key = answer_key(next(path for path in SPECS if path.stem == "two_layer"))
    case = key.cases[1]
    assert {name: np.shape(a) for name, a in case.inputs.items()} == {
        "x": (2, 7),
        "y": (1, 7),
        "W2": (3, 2),
        "b2": (3, 1),
        "W3": (1, 3),
    }
    assert case.entries["dW1"].autograd.shape == (3, 2)
    assert case.entries["db1"].differences.value.shape == (3, 1)


def test_folded_bias_is_one_quantity() -> None:
    """Learning From Data's W holds the bias in row 0: one gradient for both."""
    key = answer_key(next(path for path in SPECS if path.stem == "tanh_delta"))
    for case in key.cases:
        assert np.shape(case.inputs["W2"]) == case.entries["dW2"].autograd.shape == (4, 1)
        assert "b2" not in case.inputs
        assert "db2" not in case.entries


def test_hidden_state_of_a_key_is_none() -> None:
    """Two keys of one spec are drawn alike: the seed is all there is to chance."""
    one, other = (answered(read(SPECS[0])) for _ in range(2))
    assert isinstance(one, AnswerKey)
    for a, b in zip(one.cases, other.cases, strict=True):
        _same(a.inputs, b.inputs)


def test_an_answer_may_take_more_than_the_right_one() -> None:
    """A mebibyte, or sixteen times what is asked for, but never more than any answer may."""

    def most(weights: int) -> int:
        truth = Entry(np.zeros(weights), Slopes.exact(np.zeros(weights), np.zeros(weights)), 0.0)
        key = answer_key(SPECS[0])
        return AnswerKey(key.spec, (replace(key.cases[0], entries={"dW1": truth, "db1": truth}),)).most

    assert [most(n) for n in (1, 10**5, 10**6)] == [1 << 20, 16 * 2 * 8 * 10**5, MAX_ANSWER]


def test_the_penaltys_strength_is_a_float(tmp_path: Path) -> None:
    """`lam` is a Python number, fresh and from the store: np.matrix takes an array for a 1 x 1 matrix."""
    path = tmp_path / "ridge.yaml"
    path.write_text(
        "title: t\nnetwork: {inputs: 2, layers: [dense: {units: 1}]}\nloss: squared_error\n"
        "penalty: {l2: 2, constant: lambda/2}\n"
        "submission: {run: 'dW1 = f(x, y, W1, b1, lam)'}\ncheck: [dW1]\n",
        encoding="utf-8",
    )
    for key in (answer_key(path), answer_key(path)):
        assert [type(case.inputs["lam"]) for case in key.cases] == [float, float]
        assert key.cases[0].inputs["lam"] == 2
