"""The picture of where the wrong weights lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from report_examples import table
from report_strategies import tables

from gradcheck.report.heatmap import LEVELS, RIGHT, UNKNOWN, WRONG, HeatMap, heat_map, picture
from gradcheck.verdict.records import Table

TRUE = np.ones((3, 4))


def _rows(shown: HeatMap | None) -> list[str]:
    assert shown
    return ["".join(LEVELS[level] for level in row) for row in shown.levels]


def test_marks_grow_with_the_error() -> None:
    """A quarter, half, three quarters and all of the largest error have marks of their own."""
    off = np.array([[0, 1, 2, 3], [4, 0.1, 0, 0], [0, 0, 0, 4]])
    assert _rows(heat_map(table(TRUE + off, TRUE))) == ["·░▒▓", "█░··", "···█"]


def test_the_unknown_and_the_infinite_have_marks() -> None:
    """A question mark for what nobody can tell; what is not finite is as wrong as can be."""
    yours = TRUE.copy()
    yours[0, :3] = np.nan, np.inf, 1.5
    unknown = np.zeros((3, 4), bool)
    unknown[2, 1] = True
    shown = heat_map(table(yours, TRUE, unknown=unknown))
    assert _rows(shown) == ["███·", "····", "·?··"]
    assert shown
    assert shown.captions == ["· right, ░▒▓█ wrong by up to 0.5, or not finite, ? cannot tell"]
    assert (shown.largest, shown.has_infinite) == (0.5, True)


def test_there_is_no_picture_without_a_pattern() -> None:
    """Not of few weights, not where all is alike, and not of few in which all are wrong."""
    few = np.ones((1, 5))
    assert heat_map(table(few + np.eye(5)[:1], few)) is None
    assert heat_map(table(TRUE + 1, TRUE)) is None
    assert heat_map(table(TRUE, TRUE)) is None
    everywhere = np.ones((120, 120))
    assert heat_map(table(everywhere + (np.arange(120) % 3 == 0), everywhere)) is None
    six = np.arange(1.0, 7.0)
    assert heat_map(table(2 * six, six)) is None
    assert heat_map(table(2 * six * [0.5, 1, 1, 1, 1, 1], six)) is not None


def test_there_is_a_picture_of_whatever_has_two_entries() -> None:
    """Pattern or not; not of a single number."""
    assert _rows(picture(table([1.0, 2.0], [2.0, 3.0]))) == ["██"]
    assert picture(table(1.0, 2.0)) is None


def test_a_large_matrix_is_pooled() -> None:
    """Each mark is the worst of a block, and the caption says so."""
    true = np.ones((30, 100))
    yours = true.copy()
    yours[29, 99] = 2
    shown = heat_map(table(yours, true))
    assert shown
    assert shown.levels.shape == (10, 34)
    assert _rows(shown)[-1] == "·" * 33 + "█"
    assert shown.captions[-1] == "each mark is the worst of 3 × 3 weights"


def test_arrays_of_one_and_of_three_axes() -> None:
    """A vector is one row; of more axes, the last one runs along the rows."""
    vector = np.ones(6)
    assert _rows(heat_map(table(vector + np.eye(6)[1], vector))) == ["·█····"]
    cube = np.ones((2, 3, 4))
    shown = heat_map(table(cube * np.where(np.arange(4) == 3, 2, 1), cube))
    assert _rows(shown) == ["···█"] * 6
    assert shown
    assert shown.captions[1] == "the 2 × 3 × 4 array is laid out as 6 rows of 4"


@pytest.mark.slow
@given(tables())
def test_a_picture_neither_hides_nor_invents_a_fault(numbers: Table) -> None:
    """However small it is, it shows wrong weights where there are some, and only where there are some."""
    with np.errstate(all="ignore"):
        shown = heat_map(numbers, rows=2, columns=2)
    if shown:
        assert max(shown.levels.shape) <= 2
        assert (shown.levels.max() >= WRONG) == numbers.wrong.any()
        assert ((shown.levels == RIGHT).any()) <= (~numbers.wrong & ~numbers.unknown).any()
        assert ((shown.levels == UNKNOWN).any()) <= numbers.unknown.any()


def test_a_last_digit_changes_no_mark() -> None:
    """What is off by half of the largest has the mark of a half, on either side of it."""
    for half in (0.5, 0.5 - 1e-16, 0.5 + 1e-15):
        off = np.array([[half, 1, 0, 0], [0, 0, 0.75 * (2 * half), 0], [0, 0, 0, 0]])
        assert _rows(heat_map(table(TRUE + off, TRUE))) == ["▒█··", "··▓·", "····"]
