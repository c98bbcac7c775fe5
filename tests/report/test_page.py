"""Results as a page."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from report_examples import EXAMPLES
from report_strategies import VERDICTS

from exercise import DOUBLED, exercise
from gradcheck.report import markdown, page, plain
from gradcheck.report.data import result
from gradcheck.verdict.hidden import withheld
from gradcheck.verdict.records import Verdict
from page_reader import Reader

NEW = {"summary", "withheld", "network"}
NEW_OF_QUANTITIES = {"summary", "remarks"}


def read(*names: str) -> Reader:
    return Reader(page.render([result(EXAMPLES[name]) for name in names]).partition("\n")[2])


def older(record: dict[str, Any]) -> dict[str, Any]:
    """The record as it was written before it had the words of a report."""
    quantities = [
        {key: value for key, value in quantity.items() if key not in NEW_OF_QUANTITIES}
        for quantity in record["quantities"]
    ]
    for quantity in quantities:
        if quantity["heat_map"]:
            quantity["heat_map"] = {key: quantity["heat_map"][key] for key in ("shape", "block", "levels")}
    diagnosis = record["diagnosis"]
    if diagnosis:
        location = {key: diagnosis["location"][key] for key in ("quantity", "symbol", "message")}
        rest = {key: value for key, value in diagnosis.items() if key != "lines"}
        diagnosis = rest | {"location": location}
    rest = {key: value for key, value in record.items() if key not in NEW}
    return rest | {"quantities": quantities, "diagnosis": diagnosis}


@pytest.mark.parametrize("names", [("wrong_matrix",), ("wrong_row", "crash", "diagnosed")])
def test_headings_go_down_in_order(names: tuple[str, ...]) -> None:
    """One h1, and no level left out; there are landmarks, a language and a title."""
    reader = read(*names)
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    tags = [tag for tag, _ in reader.elements]
    assert tags.count("main") == tags.count("title") == 1
    assert ("html", {"lang": "en"}) in reader.elements


def test_several_results_have_an_index() -> None:
    """Each entry leads to its result; of one alone there is none."""
    reader = read("wrong_row", "crash", "diagnosed")
    targets = [attributes["href"] for tag, attributes in reader.elements if tag == "a"]
    places = [attributes["id"] for tag, attributes in reader.elements if tag == "article"]
    assert targets == [f"#{place}" for place in places]
    assert len(set(places)) == 3
    assert not [tag for tag, _ in read("crash").elements if tag == "nav"]


def test_a_page_needs_no_other_file() -> None:
    """It loads nothing and runs nothing, and forbids a browser to."""
    text = page.render([result(EXAMPLES["hostile"])])
    assert "<script" not in text
    assert not re.search(r"\b(src|href)=\"(?!#)", text)
    assert "url(" not in text
    assert "default-src 'none'" in text


def test_every_picture_has_words() -> None:
    """A paragraph in front of each picture says what it shows; tables that scroll have names."""
    reader = read("wrong_row", "large")
    pairs = pairwise(reader.elements)
    around = [(before["class"], one["aria-hidden"]) for (_, before), (tag, one) in pairs if tag == "figure"]
    assert len(around) == sum(tag == "svg" for tag, _ in reader.elements) > 0
    assert set(around) == {("unseen", "true")}
    scrolling = [a for _, a in reader.elements if a.get("class") == "scroll"]
    assert all(one["tabindex"] == "0" and one["aria-label"] for one in scrolling)
    assert len(scrolling) == sum(tag == "table" for tag, _ in reader.elements)


@pytest.mark.slow
@given(VERDICTS)
@settings(max_examples=30)
def test_records_of_older_versions_have_pages(verdict: Verdict) -> None:
    """What a gradebook holds from before this version is shown in every format, and so is what is new."""
    record = result(verdict)
    for one in (record, older(record)):
        for write in (page.render, markdown.render, plain.render):
            assert write([one, one])


def test_what_is_withheld_is_said_to_be() -> None:
    """A hidden exercise has no numbers, and its page says why."""
    record = result(withheld(EXAMPLES["diagnosed"]))
    for write in (page.render, markdown.render, plain.render):
        text = write([record])
        assert "hidden" in text
        for secret in ("δ¹", "W[1, 2]", "14.5", "follows from"):
            assert secret not in text


@pytest.mark.slow
def test_the_command_writes_them(tmp_path: Path) -> None:
    """`gradcheck NAME --spec SPEC --format html --output report.html`, and md on stdout."""
    exercise(tmp_path, ben=DOUBLED)
    command = [sys.executable, "-m", "gradcheck", "ben", "--spec", "specs", "--format"]
    html = subprocess.run([*command, "html", "--output", "report.html"], cwd=tmp_path, check=False)
    assert html.returncode == 1
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "The network" in text
    done = subprocess.run([*command, "md"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("# ")
