"""Two states of a class beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.grading.compare import changes, render
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.records import Change, Grade, Row
from gradcheck.text import columns
from gradcheck.verdict.records import Status
from gradebooks import SPECS, row, start

ROWS = st.lists(
    st.builds(row, st.sampled_from("abc"), st.sampled_from(SPECS), st.sampled_from(Status)),
    unique_by=lambda r: (r.submission, r.spec),
)


@pytest.mark.slow
@given(ROWS)
def test_nothing_changes_by_itself(rows: list[Row]) -> None:
    """A state beside itself has no changes."""
    assert not list(changes(rows, rows))


@pytest.mark.slow
@given(ROWS, ROWS)
def test_changes_lead_from_one_to_the_other(before: list[Row], after: list[Row]) -> None:
    """Made to the one state, they give the other; turned around, they lead back."""
    state: dict[tuple[str, str], Grade] = {(r.submission, r.spec): r for r in before}
    for change in changes(before, after):
        pair = change.submission, change.spec
        assert state.pop(pair, None) == change.before
        if change.after:
            state[pair] = change.after
    assert state == {(r.submission, r.spec): r for r in after}
    back = {(c.submission, c.spec, c.after, c.before) for c in changes(after, before)}
    assert back == {(c.submission, c.spec, c.before, c.after) for c in changes(before, after)}


def test_two_runs_of_one_gradebook(tmp_path: Path) -> None:
    """What a regrade changed is told; what only took longer, or has another seed, is not."""
    with Gradebook(tmp_path / "gradebook") as book:
        first = start(book, ["ann", "bob", "cid"])
        book.record([row("ann", status=Status.WRONG), row("bob"), row("cid", status=Status.WRONG)])
        second = start(book, ["ann", "bob", "cid", "dan"])
        book.record([row("ann"), row("bob", seed=8, seconds=9.0), row("dan")])
        book.record([row("cid", status=Status.ERROR, max_points=3.0)])
        found = list(changes(book.grades(run=first), book.grades(run=second)))
    assert render(found) == (
        "0 ✗ → 2 ✓            ann · specs/one.yaml\n"
        "0 ✗ of 2 → 0 ! of 3  cid · specs/one.yaml\n"
        "– → 2 ✓              dan · specs/one.yaml\n"
        "\n"
        "3 changes: 2 with more points, 0 with fewer."
    )


def test_nothing_changed() -> None:
    """It is said."""
    assert render([]) == "Nothing has changed."


@pytest.mark.parametrize("name", ["x" * 10_000, "a\nb", "\u202eabc", "名" * 99])
@pytest.mark.parametrize("width", [0, 44, 100])
def test_lines_fit(name: str, width: int) -> None:
    """Names don't make lines longer, or more."""
    change = Change(submission=name, spec=name, before=row(points=1 / 3), after=None)
    lines = render([change], width=width).split("\n")
    assert len(lines) == 3
    assert max(map(columns, lines)) <= max(width, 44)
    assert change.gain == pytest.approx(-1 / 3)
