"""Which values count as gradients."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from gradcheck.submission.answers import RefusedError, as_floats


@given(hnp.arrays(st.sampled_from([np.float16, np.float32, np.float64]), hnp.array_shapes(min_dims=0)))
def test_float_arrays_are_kept(array: NDArray[Any]) -> None:
    """An array of floats is itself, precision and bits included."""
    assert as_floats(array) is array


@given(hnp.arrays(np.float64, hnp.array_shapes(max_side=3)))
def test_nested_lists_are_arrays(array: NDArray[np.float64]) -> None:
    """Lists of Python's own numbers say the same as the array they come from."""
    result = as_floats(array.tolist())
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, np.array(3.0)),
        (0.5, np.array(0.5)),
        (np.float32(0.5), np.array(0.5, np.float32)),
        ([1, 2], np.array([1.0, 2.0])),
        ((1, 2.5), np.array([1.0, 2.5])),
        ([], np.array([], np.float64)),
        ([np.ones(2, np.float32)], np.ones((1, 2), np.float32)),
        (np.longdouble("0.1"), np.array(0.1)),
        (np.array([1.5], ">f8"), np.array([1.5])),
    ],
)
def test_numbers_become_floats(value: object, expected: NDArray[Any]) -> None:
    """Numbers, lists and unusual floats become plain native arrays of the precision that they came in."""
    result = as_floats(value)
    assert (type(result), result.dtype) == (np.ndarray, expected.dtype)
    np.testing.assert_array_equal(result, expected)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_a_matrix_is_a_plain_array() -> None:
    """A matrix multiplies differently, so nothing but its numbers leaves the submission."""
    result = as_floats(np.matrix("1. 2."))
    assert type(result) is np.ndarray
    np.testing.assert_array_equal(result, [[1.0, 2.0]])


class Net:
    """What a student might return by mistake."""


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "None"),
        (True, "truth value"),
        (np.array([True]), "truth values"),
        ("0.5", "a string"),
        (["a", "b"], "a list of strings"),
        (np.array(["a"]), "strings"),
        (1j, "complex"),
        (np.array([1j]), r"complex numbers \(complex128\): a gradient is real"),
        ([1j, 2.0], "complex"),
        (np.arange(3), r"whole numbers \(int64\): the fractions are cut off"),
        ([np.arange(3)], "whole numbers"),
        (np.array([1.0, None]), "Python objects"),
        ([[1.0, 2.0], [3.0]], "a list of 2 values that differ in shape; give one array"),
        ([np.ones(2), np.ones(3)], r"a list of 2 values that differ in shape: \(2,\), \(3,\)"),
        ((1.0, None), "a tuple that holds None"),
        ({"W": np.ones(2)}, "a dictionary"),
        (Net(), "an object of class Net; give a NumPy array"),
        (Net, "the class Net"),
        (Fraction(1, 2), "an object of class Fraction"),
        ((x for x in [1.0]), "an object of class generator"),
        (np.sin, "class ufunc"),
        (test_nested_lists_are_arrays, r"a function; is the call's \(\) missing"),
        (np.ma.masked_array([1.0], [True]), "a masked array"),
        (np.array(["2020-01-01"], "M8[D]"), "datetime64"),
        (np.ones(9 * (1,)), "9 dimensions"),
        (10**400, "beyond the range"),
    ],
)
def test_all_else_is_refused(value: object, reason: str) -> None:
    """The refusal says what the value is, in one line."""
    with pytest.raises(RefusedError, match=reason) as refusal:
        as_floats(value)
    assert "\n" not in str(refusal.value)


def test_a_list_that_holds_itself_is_refused() -> None:
    """An endless list ends in a refusal."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(RefusedError, match="nested"):
        as_floats(endless)


@pytest.mark.parametrize("count", [999, 1000, 1001, 10**6])
def test_a_list_of_too_many_numbers_is_refused(count: int) -> None:
    """As soon as there are more than may be sent, however small the list is that they come from."""
    row = [0.5] * 10
    few = row * (count // 10) + row[: count % 10]
    if count <= 1000:
        assert as_floats(few, 8000).shape == (count,)
    else:
        with pytest.raises(RefusedError, match="a list of more than 1,000 numbers"):
            as_floats(few, 8000)
