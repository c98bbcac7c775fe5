"""A heat map as a picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike
from report_examples import EXAMPLES, table

from gradcheck.report.heatmap import HeatMap, picture
from gradcheck.report.marks import figure, words

TRUE = np.ones((3, 4))


def shown(off: ArrayLike) -> HeatMap:
    """The picture of ones that are so far off."""
    made = picture(table(np.ones(np.shape(off)) + np.array(off), np.ones(np.shape(off))))
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (np.outer([0, 1, 0], [1, 1, 1, 1]), "all of row 2"),
        (np.outer([1, 1, 1], [0, 0, 1, 0]), "all of column 3"),
        (np.eye(3, 4), "row 1, column 1; row 2, column 2; row 3, column 3"),
        ([0, 1, 0, 2], "entry 2, 4 of 4"),
        (TRUE, "everywhere"),
        (np.eye(30, 100), "10 of 340 marks"),
    ],
)
def test_words(off: ArrayLike, said: str) -> None:
    """Whole rows and columns, else places, counted from 1; of marks that pool entries only how many."""
    assert words(shown(off)) == said


def test_a_square_grows_with_the_error() -> None:
    """Four sizes, and none for what is right: colour says nothing that shape does not."""
    drawing = figure(shown([[0, 1, 2, 3, 4]]), "dW1")
    paths = [part for part in drawing.split("<path ") if 'class="squares"' in part]
    assert len({part.partition("h")[2].partition("v")[0] for part in paths}) == 4
    assert drawing.count('class="dots"') == 1


def test_the_legend_is_true_of_what_is_shown() -> None:
    """How far the worst is off, what is not finite, what nobody can tell."""
    largest = figure(shown([[0, 1, 2, 3, 4]]), "dW1")
    assert "a square is wrong, the larger the farther off: by up to 4; a dot is right" in largest
    undecided = next(q for q in EXAMPLES["undecided"].quantities if q.name == "dW2")
    assert undecided.table is not None
    made = picture(undecided.table)
    assert made is not None
    assert "of ? nobody can tell" in figure(made, "dW2")
    infinite = figure(shown(np.diag([np.inf, 0])), "dW1")
    assert "a square is wrong: not finite" in infinite
    both = figure(shown(np.diag([np.nan, 0.5])), "dW1")
    assert "by up to 0.5, or not finite" in both
