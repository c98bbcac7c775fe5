"""Bars over points."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.formats.dashboard.histogram import SINGLE, Bar, bars, drawing

MOST = st.integers(0, 200).map(float) | st.floats(0, 1e6)


@given(MOST.flatmap(lambda most: st.tuples(st.just(most), st.lists(st.floats(0, 1).map(lambda x: x * most)))))
def test_everybody_is_in_one_bar(drawn: tuple[float, list[float]]) -> None:
    """Bars follow on each other from 0 to all points, few enough to be read."""
    most, points = drawn
    found = bars(points, most)
    assert sum(bar.count for bar in found) == len(points)
    assert len(found) <= SINGLE + 1
    assert [bar.high for bar in found[:-1]] == [bar.low for bar in found[1:]]
    assert found[-1].high is None
    for bar in found:
        inside = [one for one in points if bar.low + 1e-6 < one < (bar.high or float("inf")) - 1e-6]
        assert len(inside) <= bar.count


def test_whole_points_have_a_bar_each() -> None:
    """The last one is of those who have all."""
    found = bars([0, 1, 1, 3], 3)
    assert [(bar.label, bar.count) for bar in found] == [("0", 1), ("1", 2), ("2", 0), ("3", 1)]
    assert str(found[1]) == "1 point: 2 submissions"


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (26, ["0–4", "5–9", "10–14", "15–19", "20–24", "25", "26"]),
        (100, ["0–19", "20–39", "40–59", "60–79", "80–99", "100"]),
        (0, ["0"]),
        (80_000, ["0+", "10000+", "20000+", "30000+", "40000+", "50000+", "60000+", "70000+", "80000"]),
        (10 / 3, ["0+", "0.5+", "1+", "1.5+", "2+", "2.5+", "3+", "3.333"]),
    ],
)
def test_many_points_share_bars(most: float, labels: list[str]) -> None:
    assert [bar.label for bar in bars([], most)] == labels


def test_parts_of_a_point() -> None:
    """What adding up has left of 0.3 are all the points."""
    found = bars([0.1 + 0.2, 0.05], 0.3)
    assert [bar.label for bar in found] == ["0+", "0.05+", "0.1+", "0.15+", "0.2+", "0.25+", "0.3"]
    assert [bar.count for bar in found] == [0, 1, 0, 0, 0, 0, 1]
    assert str(found[1]) == "0.05 to under 0.1 points: 1 submission"


def test_the_image_has_every_count_in_words() -> None:
    image = drawing([Bar(0, 1, 2, True), Bar(1, None, 0, True)], title='"<b>"')
    assert 'role="img"' in image
    assert 'aria-label="&quot;&lt;b&gt;&quot;: 0 points: 2 submissions; 1 point: 0 submissions"' in image


def test_nothing_is_drawn_beyond_the_image() -> None:
    """No bar is higher than there is room, and no count is above the edge."""
    image = drawing(bars([0.0] * 1000 + [7.0], 8), title="t")
    assert all(float(y) > 0 for y in re.findall(r' y="([-\d.]+)"', image))


def test_extra_credit_is_in_the_last_bar() -> None:
    """Which then is one of all points or more."""
    *others, last = bars([1, 2, 3], 2)
    assert (last.label, last.count, str(last)) == ("2+", 2, "2 or more points: 2 submissions")
    assert others == bars([1, 2, 2], 2)[:-1]
