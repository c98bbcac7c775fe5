"""One submission's stored reports as text."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.errors import UsageError
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.records import Row
from gradcheck.grading.sheet import render
from gradcheck.report import plain
from gradcheck.report.data import as_data
from gradcheck.text import columns, printable
from gradcheck.verdict.records import Discrepancy, Quantity, Status, Verdict
from gradebooks import SPECS, fill, fill_with_changes, quantity, row, start


def _sheet(rows: list[Row], submission: str, width: int = 80) -> str:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "gradebook", rows)
        with Gradebook.reading(Path(folder) / "gradebook") as book:
            return render(book, submission, width=width)


def test_a_report() -> None:
    """What the student reads, with all that the code printed, and then what the instructor may know."""
    wrong = quantity("δ²", remarks=["every number is twice too large"], help="is there a factor 2?")
    given_row = row(
        "ann",
        status=Status.ERROR,
        quantities=[quantity("dW3", "right"), wrong],
        hidden=True,
        final=False,
        reason="timeout",
        report={"notes": ["changes x in place"], "output": "hello\n" * 12},
        explanations=(("weights-left-out", "bias-penalised"), ("stray-constant",)),
        fault="Traceback\n  KeyError",
    )
    (student,) = [{**given_row.report, "withheld": True}]
    assert _sheet([given_row], "ann") == "\n\n".join(
        [
            plain.text(student, 80, printed=None),
            "For the instructor: seed 7, 0.01 s, timeout, hidden, graded again by the next\nrun\n"
            "Mistakes by name: weights-left-out and bias-penalised; or stray-constant",
            "For the maintainers of gradcheck:\n      Traceback\n        KeyError",
        ]
    )
    assert plain.text(student, 80, printed=None).count("hello") == 12
    assert plain.text(student, 80).count("hello") == 10


def test_every_spec_has_its_report() -> None:
    """In the order of the specs' names, with how much is right in all, and nobody else's."""
    text = _sheet([row("ann", SPECS[1]), row("ann"), row("bob")], "ann")
    assert text.startswith("ann: 2 of 2 exercises right, 4 of 4 points\n\n\n")
    assert re.findall(r"^(.*) · (\w+)", text, re.MULTILINE) == [(spec, "ann") for spec in SPECS]


def test_points_are_final(tmp_path: Path) -> None:
    """After overrides, lateness and extra credit, as on the student's page."""
    policy = fill_with_changes(tmp_path / "gradebook")
    with Gradebook.reading(tmp_path / "gradebook") as book:
        text = render(book, "ann", policy)
    assert text.startswith(
        "ann: 1 of 2 exercises right, 3.5 of 2 points\n3.5 points, 2 of them for extra credit\n"
    )
    assert "Points set by the instructor (0 as graded): a typo in <the> spec\n" in text


def test_a_spec_of_an_earlier_run(tmp_path: Path) -> None:
    """Its report is still there, says so, and counts in no total."""
    fill(tmp_path / "gradebook", [row("ann"), row("ann", SPECS[1])])
    fill(tmp_path / "gradebook", [row("ann")], SPECS[:1])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        text = render(book, "ann")
    assert text.startswith("ann: 1 of 1 exercise right, 2 of 2 points\n\n\n")
    assert text.endswith("of a spec that the last run did not have")
    assert text.count("did not have") == 1


def test_the_name_is_no_pattern() -> None:
    """A report is asked for by the submission's own name."""
    assert "· a[1].py" in _sheet([row("a[1].py"), row("a1.py")], "a[1].py")
    with pytest.raises(UsageError):
        _sheet([row("ann")], "a*")


def test_a_name_that_is_not_there() -> None:
    """Names close to it are offered."""
    with pytest.raises(UsageError, match="anne: the gradebook has no such submission; did you mean ann"):
        _sheet([row("ann"), row("bob")], "anne")


def test_examples_are_like_real_data() -> None:
    """The reports of these tests have the keys of those that the harness writes."""
    discrepancy = Discrepancy(
        label="w", index=(0,), yours=1.0, autograd=2.0, differences=2.0, error=0.0, wrong=True
    )
    checked = Quantity(name="dW2", symbol="dW2", status=Status.WRONG, discrepancies=(discrepancy,))
    (real,) = as_data([Verdict(submission="ann", spec="s", title="", quantities=(checked,))])["results"]
    example = json.loads(row().data)
    assert example.keys() == real.keys()
    assert quantity().keys() == real["quantities"][0].keys()
    real_worst, worst = (q["discrepancies"][0] for q in (real["quantities"][0], quantity()))
    assert worst.keys() == real_worst.keys()


TEXTS = st.text(max_size=60).map(printable) | st.sampled_from(["", "漢字" * 30, "x" * 200, "<b>"])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(["nan", "inf", "-inf"])
DISCREPANCIES = st.fixed_dictionaries(
    {
        "symbol": TEXTS,
        "index": st.just([0, 1]),
        "status": st.sampled_from(["wrong", "cannot tell"]),
        "yours": NUMBERS,
        "autograd": st.none() | NUMBERS,
        "differences": NUMBERS,
        "error_bar": NUMBERS,
        "off_by": NUMBERS,
    }
)
QUANTITIES = st.builds(
    quantity,
    symbol=TEXTS,
    status=st.sampled_from([str(status) for status in Status]),
    remarks=st.lists(TEXTS, max_size=2),
    help=TEXTS,
    wrong=st.integers(0, 10**9),
    undecided=st.integers(0, 10**9),
    relative_tolerance=NUMBERS,
    case=st.none() | st.integers(0, 9),
    discrepancies=st.lists(DISCREPANCIES, max_size=1),
)
FAILURES = st.fixed_dictionaries(
    {
        "category": TEXTS,
        "message": TEXTS,
        "location": st.none()
        | st.fixed_dictionaries(
            {"file": TEXTS, "line": st.none() | st.integers(1, 99), "function": st.none() | TEXTS}
        ),
        "trace": st.lists(TEXTS, max_size=3),
    }
)
REPORTS = st.fixed_dictionaries(
    {
        "quantities": st.lists(QUANTITIES, max_size=4),
        "accepted": st.lists(QUANTITIES, max_size=2),
        "failure": st.none() | FAILURES,
        "notes": st.lists(TEXTS, max_size=2),
        "output": TEXTS,
    }
)


@pytest.mark.slow
@given(REPORTS, st.integers(0, 120))
@settings(max_examples=60, deadline=None)
def test_any_report_is_shown(report: dict[str, Any], width: int) -> None:
    """Whatever is in it, lines fit, and no text is lost."""
    text = _sheet([row("ann", report=report)], "ann", width)
    assert max(map(columns, text.split("\n"))) <= max(width, 44)
    whole = "".join(text.split())
    said = [*report["notes"], report["output"]]
    for one in (*report["quantities"], *report["accepted"]):
        said += [*one["remarks"], one["help"]]
    assert all("".join(part.split()) in whole for part in said)


def test_a_submission_that_is_not_graded_yet(tmp_path: Path) -> None:
    """After an interruption: it is there, and the next run grades it."""
    with Gradebook(tmp_path / "gradebook") as book:
        start(book, ["s36"])
        with pytest.raises(UsageError) as error:
            render(book, "s36")
    assert str(error.value).startswith("s36: not graded yet; run `gradcheck grade` again")
