"""Verdicts as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from report_examples import EXAMPLES, verdict
from report_strategies import TEXTS, VERDICTS
from syrupy.assertion import SnapshotAssertion

from gradcheck.report.html import render
from gradcheck.text import printable
from gradcheck.verdict.records import Verdict
from snapshot import Html

OURS = {
    *("div", "style", "header", "section", "p", "span", "strong", "code", "pre", "details", "summary"),
    *(
        "figure",
        "figcaption",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "mark",
    ),
}


class _Reader(HTMLParser):
    """Collects what a browser would see, and fails on what does not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("name", ["wrong_matrix", "wrong_row", "undecided", "crash", "hostile"])
def test_fragments(name: str, snapshot: SnapshotAssertion) -> None:
    """Each fragment is as it was last looked at in a browser and found good."""
    assert render(EXAMPLES[name]).replace("><", ">\n<") == snapshot(extension_class=Html)


@pytest.mark.slow
@given(VERDICTS)
@settings(max_examples=50)
def test_no_text_becomes_an_element(verdict: Verdict) -> None:
    """Whatever a submission says, the elements and their attributes are ours, and they nest."""
    with np.errstate(all="ignore"):
        elements = _Reader(render(verdict)).elements
    assert {tag for tag, _ in elements} <= OURS
    assert {name for _, attributes in elements for name in attributes} <= {"class", "title", "scope"}


@pytest.mark.slow
@given(TEXTS)
def test_all_text_arrives(text: str) -> None:
    """A browser shows what was said, but for control characters."""
    assert printable(f"note: {text}") in _Reader(render(verdict([], notes=(text,)))).texts


def test_tables_can_be_read_aloud() -> None:
    """The table and the picture have a caption, and each header says what it is the header of."""
    elements = _Reader(render(EXAMPLES["wrong_row"])).elements
    tags = [tag for tag, _ in elements]
    assert tags.count("caption") == tags.count("figcaption") == 1
    assert {attributes.get("scope") for tag, attributes in elements if tag == "th"} == {"col", "row"}


def test_the_status_is_told_in_words() -> None:
    """Colour alone tells nothing."""
    texts = _Reader(render(EXAMPLES["undecided"])).texts
    assert {"right", "WRONG", "cannot tell"} <= set(texts)


def test_every_mark_explains_itself() -> None:
    """Each cell of the picture says its place and its error."""
    cells = [attributes for tag, attributes in _Reader(render(EXAMPLES["wrong_row"])).elements if tag == "td"]
    titles = [attributes["title"] for attributes in cells if "title" in attributes]
    assert len(titles) == 20
    assert "[2, 2] wrong, off by 0.3" in titles


def test_all_that_is_kept_is_there() -> None:
    """The weights beyond the first few can be unfolded, and those beyond the kept ones are counted."""
    text = render(EXAMPLES["large"])
    assert text.count('<th scope="row">') == 200
    assert "… and 194 more" in text
    assert "11,610 weights less far off, not listed" in text
