"""Verdicts as HTML."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from report_examples import EXAMPLES, right, verdict
from report_strategies import TEXTS, VERDICTS
from syrupy.assertion import SnapshotAssertion

from gradcheck.report.html import render
from gradcheck.report.style import STYLE
from gradcheck.text import printable
from gradcheck.verdict.records import Verdict
from page_reader import Reader
from snapshot import Html

OURS = {
    *("div", "style", "header", "section", "h2", "h3", "p", "span", "strong", "code", "pre", "mark"),
    *("details", "summary", "figure", "figcaption", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("sup", "sub", "svg", "path", "g", "rect", "text", "tspan"),
}
ATTRIBUTES = {
    *("class", "scope", "role", "aria-label", "aria-hidden", "tabindex", "open", "hidden", "style"),
    *("width", "height", "viewbox", "d", "x", "y", "dy", "rx"),
}


@pytest.mark.parametrize("name", ["wrong_matrix", "wrong_row", "undecided", "crash", "hostile"])
def test_fragments(name: str, snapshot: SnapshotAssertion) -> None:
    """Each fragment is as it was last looked at in a browser and found good."""
    fragment = render(EXAMPLES[name]).replace(f"<style>{STYLE}</style>", "")
    assert fragment.replace("><", ">\n<") == snapshot(extension_class=Html)


@pytest.mark.slow
@given(VERDICTS)
@settings(max_examples=50)
def test_no_text_becomes_an_element(verdict: Verdict) -> None:
    """Whatever a submission says, the elements and their attributes are ours, and they nest."""
    with np.errstate(all="ignore"):
        elements = Reader(render(verdict)).elements
    assert {tag for tag, _ in elements} <= OURS
    assert {name for _, attributes in elements for name in attributes} <= ATTRIBUTES


@pytest.mark.slow
@given(TEXTS)
def test_all_text_arrives(text: str) -> None:
    """A browser shows what was said, but for control characters."""
    assert f"note: {printable(text)}" in Reader(render(verdict([right("dW1")], notes=(text,)))).texts


def test_tables_can_be_read_aloud() -> None:
    """The table and the picture have a caption, and each header says what it is the header of."""
    elements = Reader(render(EXAMPLES["wrong_row"])).elements
    tags = [tag for tag, _ in elements]
    assert tags.count("caption") == tags.count("figcaption") == tags.count("svg") == 1
    assert {attributes.get("scope") for tag, attributes in elements if tag == "th"} == {"col", "row"}


def test_the_status_is_told_in_words() -> None:
    """Colour alone tells nothing."""
    texts = Reader(render(EXAMPLES["undecided"])).texts
    assert {"right", "WRONG", "cannot tell"} <= set(texts)


def test_the_picture_is_there_in_words() -> None:
    """Where the wrong entries are, for those who don't see it."""
    texts = Reader(render(EXAMPLES["wrong_row"])).texts
    assert "Where dW1 is wrong: all of row 2; row 3, column 3." in texts


def test_every_wrong_gradient_has_a_picture() -> None:
    """With a pattern or without; what is right, or undecided, has none."""
    for name, count in (("wrong_matrix", 1), ("undecided", 1), ("crash", 0), ("all_right", 0)):
        assert render(EXAMPLES[name]).count("<svg") == count


def test_shapes_in_brackets_are_no_tolerance() -> None:
    """What is set apart is the tolerance alone."""
    assert "the shape is (2, 3), not (3, 2)</p>" in render(EXAMPLES["wrong_shape"])
    assert '<span class="aside">(float32, tolerance 1e-5)</span>' in render(EXAMPLES["single"])


def test_all_that_is_kept_is_there() -> None:
    """The weights beyond the first few can be unfolded, and those beyond the kept ones are counted."""
    text = render(EXAMPLES["large"])
    assert text.count('<th scope="row">') == 200
    assert "… and 194 more" in text
    assert "11,610 weights less far off, not listed" in text
