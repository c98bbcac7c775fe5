"""One submission's stored reports as text."""

from __future__ import annotations

import json
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
from gradcheck.report.data import as_data
from gradcheck.text import columns, printable
from gradcheck.verdict.records import Discrepancy, Quantity, Status, Verdict
from gradebooks import SPECS, fill, quantity, row


def _sheet(rows: list[Row], submission: str, width: int = 80) -> str:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "gradebook", rows)
        with Gradebook.reading(Path(folder) / "gradebook") as book:
            return render(book, submission, width=width)


def test_a_report() -> None:
    """All that is known of each quantity, with the worst weight's numbers."""
    wrong = quantity(
        "δ²", message="every number is twice too large", help="is there a factor 2?", undecided=1
    )
    shape = quantity("db2", "error", reason="shape", message="shape (3,) instead of (3, 1)")
    given_row = row(
        "ann",
        status=Status.ERROR,
        quantities=[quantity("dW3", "right"), wrong, shape],
        hidden=True,
        report={
            "notes": ["changes x in place"],
            "output": "hello\n\nworld\n",
            "accepted": [quantity("z2", "right")],
        },
    )
    assert _sheet([given_row], "ann") == (
        "specs/one.yaml · ann\n"
        "ERROR, 0 of 2 points, seed 7, 0.01 s, hidden\n"
        "\n"
        "  dW3  right  2 of 2 points, 6 to 8 weights in each of 3 cases (float64,\n"
        "              tolerance 1e-9)\n"
        "  δ²   WRONG  0 of 2 points, 4 of 6 weights wrong, 1 of 6 weights undecided, in\n"
        "              1 of 3 cases (float64, tolerance 1e-9)\n"
        "      every number is twice too large\n"
        "      is there a factor 2?\n"
        "      worst: w²₁₂ in case 3: yours 0.5, autograd 0.25, differences 0.2500001 ±\n"
        "      1e-6, off by 0.25\n"
        "  db2  ERROR  0 of 2 points, shape (float64, tolerance 1e-9)\n"
        "      shape (3,) instead of (3, 1)\n"
        "\n"
        "  Offered too, for no points:\n"
        "  z2  right  2 of 2 points, 6 to 8 weights in each of 3 cases (float64,\n"
        "             tolerance 1e-9)\n"
        "  note: changes x in place\n"
        "\n"
        "  The code printed:\n"
        "      hello\n"
        "      \n"
        "      world"
    )


def test_a_failure() -> None:
    """What went wrong, where, and the student's own traceback."""
    failure = {
        "category": "exception",
        "message": "ZeroDivisionError: division by zero",
        "location": {"file": "ann/net.py", "line": 3, "function": None},
        "trace": ["ann/net.py:3, in backprop", "    return 1 / 0"],
    }
    text = _sheet([row("ann", status=Status.ERROR, report={"failure": failure})], "ann")
    assert "  ERROR  ZeroDivisionError: division by zero (exception, at ann/net.py:3)\n" in text
    assert "      ann/net.py:3, in backprop\n          return 1 / 0\n" in text


def test_every_spec_has_its_report() -> None:
    """In the order of the specs' names, and nobody else's."""
    text = _sheet([row("ann", SPECS[1]), row("ann"), row("bob")], "ann")
    assert [line for line in text.split("\n") if "·" in line] == [f"{spec} · ann" for spec in SPECS]


def test_the_name_is_no_pattern() -> None:
    """A report is asked for by the submission's own name."""
    assert "· a[1].py" in _sheet([row("a[1].py"), row("a1.py")], "a[1].py")
    with pytest.raises(UsageError):
        _sheet([row("ann")], "a*")


def test_a_name_that_is_not_there() -> None:
    """Names close to it are offered."""
    with pytest.raises(UsageError, match="anne: the gradebook has no grades of it; did you mean ann"):
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
    message=TEXTS,
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


def test_the_diagnosis() -> None:
    """What the learner is told, and the mistakes by name whatever that is."""
    told: dict[str, Any] = {
        "location": {"quantity": "dz2", "symbol": "δ²", "message": "δ² is the first wrong quantity."},
        "category": None,
        "mistake": None,
        "question": None,
        "explanations": [],
    }
    explanations = (("weights-left-out", "bias-penalised"), ("stray-constant",))
    text = _sheet([row("ann", report={"diagnosis": told}, explanations=explanations)], "ann")
    assert "\n  where  δ² is the first wrong quantity.\n" in text
    assert text.endswith("\n  named  weights-left-out and bias-penalised; or stray-constant")


@pytest.mark.slow
@given(REPORTS, st.integers(0, 120))
@settings(max_examples=60, deadline=None)
def test_any_report_is_shown(report: dict[str, Any], width: int) -> None:
    """Whatever is in it, lines fit, and no text is lost."""
    text = _sheet([row("ann", report=report)], "ann", width)
    assert max(map(columns, text.split("\n"))) <= max(width, 44)
    whole = "".join(text.split())
    said = [*report["notes"], report["output"]]
    said += [part for q in (*report["quantities"], *report["accepted"]) for part in (q["message"], q["help"])]
    assert all("".join(part.split()) in whole for part in said)
