"""Reports for the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_examples import EXAMPLES, TRACEBACK, error, table, verdict, wrong
from report_strategies import VERDICTS
from syrupy.assertion import SnapshotAssertion

from gradcheck.report.extent import SCREEN, WHOLE
from gradcheck.report.terminal import render, render_quantity
from gradcheck.submission.text import is_printable
from gradcheck.text import NARROWEST, columns
from gradcheck.verdict.records import Verdict
from snapshot import Ansi, Text

CODES = re.compile(r"\x1b\[[\d;]*m")


@pytest.mark.parametrize("name", EXAMPLES)
def test_reports(name: str, snapshot: SnapshotAssertion) -> None:
    """Each report is as it was last looked at and found good."""
    assert render(EXAMPLES[name]) == snapshot(extension_class=Text)


@pytest.mark.parametrize("width", [60, NARROWEST])
def test_narrow_reports(width: int, snapshot: SnapshotAssertion) -> None:
    """Where the lines are short, derived columns give way, and then each number has its own line."""
    assert render(EXAMPLES["wrong_matrix"], width=width) == snapshot(extension_class=Text)


def test_colour(snapshot: SnapshotAssertion) -> None:
    """The coloured report is as it was last looked at and found good."""
    assert render(EXAMPLES["undecided"], color=True) == snapshot(extension_class=Ansi)


@pytest.mark.slow
@given(VERDICTS, st.integers(NARROWEST, 120))
@settings(max_examples=50)
def test_no_line_is_too_long_and_none_controls_the_terminal(verdict: Verdict, width: int) -> None:
    """Whatever a submission is called, prints or fails with."""
    with np.errstate(all="ignore"):
        lines = render(verdict, width=width).split("\n")
    assert all(all(map(is_printable, line)) for line in lines)
    assert max(map(columns, lines)) <= width


@pytest.mark.slow
@given(VERDICTS)
@settings(max_examples=50)
def test_colour_changes_nothing_but_colour(verdict: Verdict) -> None:
    """Without its codes, the coloured text is the plain one."""
    with np.errstate(all="ignore"):
        assert CODES.sub("", render(verdict, color=True)) == render(verdict)


@given(st.integers(1, 300))
def test_nothing_is_left_out_silently(count: int) -> None:
    """The weights that are listed and those that are counted are all there are."""
    text = render(verdict([wrong("db", table(2 * np.arange(1.0, count + 1), np.arange(1.0, count + 1)))]))
    listed = len(re.findall(r"^ +W\[", text, re.MULTILINE))
    more = re.search(r"… and (\d+) more", text)
    assert listed + int(more[1] if more else 0) == count


@given(st.integers(1, 190))
def test_all_shows_every_listed_weight(count: int) -> None:
    """Without that, a report says how to see them, where there is more to see."""
    example = verdict([wrong("db", table(2 * np.arange(1.0, count + 1), np.arange(1.0, count + 1)))])
    assert len(re.findall(r"^ +W\[", render(example, extent=WHOLE), re.MULTILINE)) == count
    short = render(example, extent=replace(SCREEN, option="--all"))
    assert ("--all shows all the numbers" in short) == (count > (SCREEN.weights or 0))


def test_the_mistake_stands_above_the_numbers() -> None:
    """Where and what it is, the question, what follows; and then the statuses."""
    lines = render(EXAMPLES["diagnosed"]).split("\n")
    starts = ["specs/", "δ¹ is the first", "You have", "It should be", "Question", "dW1 follows", "dW1"]
    at = [next(n for n, line in enumerate(lines) if line.strip().startswith(start)) for start in starts[:-1]]
    assert at == sorted(at)
    assert lines[at[-1] + 2].split()[:2] == ["dW1", "WRONG"]


def test_carets_stand_below_what_is_another() -> None:
    """In the right equation here, since a factor is left out of the other."""
    lines = render(EXAMPLES["diagnosed"]).split("\n")
    (at,) = [n for n, line in enumerate(lines) if "It should be" in line]
    start, stop = lines[at + 1].index("^"), lines[at + 1].rindex("^") + 1
    assert lines[at][start:stop] == "⊙ σ′(z¹)"


@given(st.integers(1, 60))
def test_printed_lines_are_shown_or_counted(count: int) -> None:
    """At most so many lines of output are shown, and the others are counted."""
    text = render(verdict([], output="hello\n" * count))
    more = re.search(r"… and (\d+) more line", text)
    assert text.count("hello") == min(count, SCREEN.printed or 0)
    assert text.count("hello") + int(more[1] if more else 0) == count


def test_one_quantity() -> None:
    """The part on one quantity is what the whole report says of it."""
    example = EXAMPLES["wrong_row"]
    assert render_quantity(example, example.quantities[0]) in render(example)


def test_a_quantity_that_failed_shows_why() -> None:
    """The traceback is part of each quantity which it kept from numbers, and of no other."""
    failed, missing = (
        error("dW", "failed", message="the code failed"),
        error("db", "missing", message="no db"),
    )
    whole = verdict([failed, missing], failure=TRACEBACK)
    assert "asker.py:12 in backprop" in render_quantity(whole, failed)
    assert "asker.py" not in render_quantity(whole, missing)
