"""A network drawn, with what is known of every quantity."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from report_examples import EXAMPLES, right, table, verdict, wrong

from gradcheck.report.data import result
from gradcheck.report.drawing import drawing
from gradcheck.report.plan import HIGH, Plan
from gradcheck.specification.read import read
from gradcheck.verdict.records import Diagnosis

ROOT = Path(__file__).parents[2]
SPECS = sorted([*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/*/examples/specs/*.yaml")])
TWO_LAYER = read(ROOT / "specs" / "two_layer.yaml").graph


def drawn(**fields: Any) -> str:
    """The drawing of a verdict on two layers whose δ² is the first wrong quantity."""
    quantities = [
        wrong("delta2", table([1.0, 2.0], [2.0, 3.0]), name="dz1"),
        right("dW3", name="dW2"),
        wrong("dW2", table([1.0, 2.0], [2.0, 3.0]), name="dW1", follows="δ²"),
    ]
    diagnosis = Diagnosis(quantity="dz1", symbol="δ²", location="δ² is the first wrong quantity.")
    picture = drawing(result(verdict(quantities, graph=TWO_LAYER, **{"diagnosis": diagnosis} | fields)))
    assert picture is not None
    return picture


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_no_box_lies_on_another(path: Path) -> None:
    """Whatever the network, all of it is within the picture, and every way ends at a box's edge."""
    plan = Plan([asdict(node) for node in read(path).graph], frozenset())
    wide, high = plan.size
    for box in plan.boxes.values():
        assert 0 <= box.left < box.right <= wide
        assert 0 <= box.y - HIGH / 2 < box.y + HIGH / 2 <= high
    for one, other in itertools.combinations(plan.boxes.values(), 2):
        beside = one.right <= other.left or other.right <= one.left
        assert beside or abs(one.y - other.y) >= HIGH
    edges = {(round(x), round(box.y)) for box in plan.boxes.values() for x in (box.left, box.right)}
    ends = {(round(box.x), round(box.y + side * HIGH / 2)) for box in plan.boxes.values() for side in (1, -1)}
    for way in plan.ways:
        ys = (way.y, way.y - 7, way.y + 7)
        assert {(round(way.x), round(y)) for y in ys} & (edges | ends)


def test_every_state_has_a_mark_and_a_frame_of_its_own() -> None:
    """The first wrong quantity, one that follows from it, a right one, and one that nothing is known of."""
    picture = drawn()
    for name, text in (("first", "✗ δ²"), ("follows", "✗ dW2"), ("right", "✓ dW3"), ("plain", "da²")):
        (group,) = [part for part in picture.split("<g ") if f">{text}</tspan></text>" in part]
        assert group.startswith(f'class="{name}"')


def test_what_was_not_handed_in_is_no_more_than_supposed() -> None:
    """The first wrong quantity may be one that nobody has seen."""
    seen = result(verdict([wrong("dW2", table([1.0, 2.0], [2.0, 3.0]), name="dW1")], graph=TWO_LAYER))
    location = {"quantity": "dz1", "symbol": "δ²", "message": "", "first": "", "consequences": None}
    picture = drawing(seen | {"diagnosis": {"location": location}})
    assert picture is not None
    assert "✗? δ²" in picture
    assert "seems to be the first wrong quantity" in picture
    assert "</span> the first wrong quantity" not in picture


def test_the_legend_explains_what_occurs() -> None:
    """And nothing else."""
    picture = drawn()
    assert "the first wrong quantity" in picture
    assert "wrong because of another" in picture
    assert "cannot tell" not in picture


def test_the_picture_is_there_in_words() -> None:
    """For those who don't see it: the way forward, and every status by its quantity."""
    picture = drawn()
    words, _, figure = picture.partition("</p>")
    assert "z² follows from W², b² and x" in words
    assert "δ²: the first wrong quantity" in words
    assert "dW3: right" in words
    assert figure.startswith('<figure hidden="hidden" aria-hidden="true">')


def test_what_many_have_is_drawn_once() -> None:
    """The same states give the same object."""
    assert drawn() is drawn()
    assert drawn() != drawn(diagnosis=None)


def test_without_a_network_there_is_no_drawing() -> None:
    """Of a function, and of a record that an older gradcheck wrote."""
    record = result(EXAMPLES["wrong_matrix"])
    assert drawing(record) is None
    del record["network"]
    assert drawing(record) is None
