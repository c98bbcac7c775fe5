"""The class on one screen."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.overview import render, worst
from gradcheck.grading.policy.records import Policy
from gradcheck.grading.records import Filters, Row
from gradcheck.submission.text import is_printable
from gradcheck.text import columns as wide
from gradcheck.verdict.records import Status
from gradebooks import SPECS, columns, fill, quantity, row, start

NAMES = st.text(min_size=1, max_size=60) | st.sampled_from(["a\nb", "\x1b[31mred", "\u202eabc", "名" * 90])


def _shown(rows: list[Row], specs: Iterable[str] = SPECS, **options: int | bool | None) -> str:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "gradebook", rows, specs)
        with Gradebook.reading(Path(folder) / "gradebook") as book:
            return render(FinalGrades(book, Policy()), folder="out", **options)  # type: ignore[arg-type]


def test_a_class(tmp_path: Path) -> None:
    """One line a submission, one column a spec, totals, a legend of what occurs, and the stumbles."""
    with Gradebook(tmp_path / "gradebook") as book:
        start(book, ["gone"])
        book.record([row("gone")])
        start(book, ["ann", "bob", "cid"])
        book.record([row("ann"), row("ann", SPECS[1])])
        book.record([row("bob", status=Status.ERROR), row("bob", SPECS[1], Status.WRONG)])
        book.record([row("cid", points=0.5, status=Status.WRONG)])
        text = render(FinalGrades(book, Policy()), folder="out")
    assert text == (
        "submission    one   two  total\n"
        "             of 2  of 2   of 4\n"
        "ann           2 ✓   2 ✓      4\n"
        "bob           0 !   0 ✗      0\n"
        "cid         0.5 ✗     –      –\n"
        "gone †        2 ✓     –      –\n"
        "\n"
        "✓ right · ✗ wrong · ! error · – not graded yet · † not in the last run\n"
        "\n"
        "3 submissions (and 1 absent), 1 not yet graded in full; of the other 2: 1 all\n"
        "right, 2 of 4 points on average.\n"
        "\n"
        "Wrong most often:\n"
        "  dW2 of one: wrong without a named mistake in 1, no numbers in 1 of 3\n"
        "  dW2 of two: wrong without a named mistake in 1 of 2"
    )


@given(st.lists(st.sampled_from([*Status, None]), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_counts_are_of_what_is_graded(statuses: list[Status | None]) -> None:
    """Nobody who waits for a grade, or whose grading has failed, lowers an average or has a total of 0."""
    names = [f"student {i}" for i in range(len(statuses))]
    with tempfile.TemporaryDirectory() as folder, Gradebook(Path(folder) / "gradebook") as book:
        start(book, names, SPECS[:1])
        for name, status in zip(names, statuses, strict=True):
            if status:
                book.record([row(name, status=status)])
        text = render(FinalGrades(book, Policy()), folder="out")
    graded = [status for status in statuses if status not in (None, Status.INTERNAL)]
    right = graded.count(Status.RIGHT)
    sentence = " ".join(text.split())
    if graded:
        assert f": {right} all right, {2 * right / len(graded):.4g} of 2 points on average." in sentence
    else:
        assert "none yet graded in full." in sentence
    left = len(statuses) - len(graded)
    assert (f", {left} not yet graded in full; of the other {len(graded)}:" in sentence) == bool(
        left and graded
    )
    totals = [line.split()[-1] for line in text.splitlines()[2:] if line.startswith("student ")]
    assert totals.count("–") == left


@pytest.mark.slow
@given(
    st.lists(NAMES, min_size=1, max_size=5, unique=True),
    st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=14, unique=True),
    st.integers(0, 120),
)
@settings(max_examples=40, deadline=None)
def test_no_line_is_too_long(names: list[str], specs: list[str], width: int) -> None:
    """Whatever submissions and specs are called, and however many specs there are."""
    text = _shown([row(name, spec, Status.WRONG) for name in names for spec in specs], specs, width=width)
    assert max(map(wide, text.split("\n"))) <= max(width, 44)
    assert all(is_printable(c) or c == "\n" for c in text)


@pytest.mark.slow
@given(st.lists(st.sampled_from(Status), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_colour_adds_nothing_else(statuses: list[Status]) -> None:
    """Without its codes, the coloured table is the plain one."""
    rows = [row(f"student {i}", status=status) for i, status in enumerate(statuses)]
    painted = _shown(rows, color=True)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == _shown(rows)


def test_every_column_is_shown() -> None:
    """Where specs don't fit beside each other they are numbered, named below, and none is left out."""
    specs = [f"specs/exercise_number_{i}.yaml" for i in range(25)]
    text = _shown([row("ann", spec) for spec in specs], specs, width=60)
    assert text.count("2 ✓") == 25
    assert all(f"{i + 1:>2}  {spec}\n" in text for i, spec in enumerate(specs))
    assert text.count("total") == 1


def test_mistakes_come_by_name() -> None:
    """How many of how many make a mistake, by its name."""
    text = _shown([row("ann", explanations=(("weights-left-out",),)), row("bob")], SPECS)
    assert text.endswith("Wrong most often:\n  weights-left-out in one: 1 of 2")


def test_specs_of_the_same_name_are_told_apart() -> None:
    """Columns whose short names would be equal are numbered."""
    specs = ["a/net.yaml", "b/net.yaml"]
    text = _shown([row("ann", spec, Status.WRONG) for spec in specs], specs)
    assert "1  a/net.yaml\n2  b/net.yaml\n" in text
    assert "dW2 of b/net.yaml: wrong without a named mistake in 1 of 1" in text


@pytest.mark.slow
def test_a_long_class_is_cut(tmp_path: Path) -> None:
    """The first 30 are shown, and where the others are; all of them when asked for."""
    fill(tmp_path / "gradebook", [row(f"student {i:04}") for i in range(1000)], SPECS[:1])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        grades = FinalGrades(book, Policy())
        text, full = render(grades, folder="out"), render(grades, folder="out", shown=None)
    assert "… and 970 more: gradcheck gradebook out lists them" in text
    assert len(re.findall(r"^student", text, re.MULTILINE)) == 30
    assert "1,000 submissions: 1,000 all right" in text
    assert len(re.findall(r"^student", full, re.MULTILINE)) == 1000
    assert "more:" not in full


@pytest.mark.parametrize(("name", "cut"), [("x" * 16, False), ("x" * 60, True), ("x" * 10_000, True)])
def test_a_name_is_never_cut_silently(name: str, cut: bool) -> None:
    """The legend says what the ellipsis stands for."""
    text = _shown([row(name)], width=48)
    assert ("… cut short; the exports have all of it" in " ".join(text.split())) is cut


def test_filters_choose_lines(tmp_path: Path) -> None:
    """The table and the sentence are of those chosen."""
    fill(tmp_path / "gradebook", [row("ann"), row("bob", status=Status.ERROR)], SPECS[:1])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        text = render(FinalGrades(book, Policy(), Filters(statuses=(Status.RIGHT,))), folder="out")
    assert "ann" in text
    assert "bob" not in text
    assert "1 submission: 1 all right, 2 of 2 points on average." in text


def test_filters_choose_columns(tmp_path: Path) -> None:
    """Points, maximum and stumbles are of the specs chosen."""
    fill(tmp_path / "gradebook", [row("ann", SPECS[0], Status.WRONG), row("ann", SPECS[1])])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        two, one = (
            render(FinalGrades(book, Policy(), Filters(specs=(spec,))), folder="out")
            for spec in ("*two*", "*one*")
        )
    assert two.startswith("submission   two  total\n            of 2   of 2\nann          2 ✓      2\n")
    assert "Wrong most often" not in two
    assert "Wrong most often among these:\n  dW2 of one: wrong without a named mistake in 1 of 1" in one


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (Filters(), "Wrong most often:\n  sign in one: 2 of 4"),
        (Filters(mistakes=("sign",)), "Wrong most often among these:\n  sign in one: 2 of 2"),
        (Filters(submissions=("b*", "d*")), "Wrong most often among these:\n  sign in one: 1 of 2"),
        (Filters(statuses=("right",)), "1 submission: 1 all right"),
    ],
)
def test_what_is_wrong_is_of_what_is_shown(tmp_path: Path, filters: Filters, said: str) -> None:
    """Whatever chooses the lines of the table chooses those who are counted, and who is not final."""
    rows = [row(name, status=Status.WRONG, explanations=(("sign",),)) for name in ("ann", "bob")]
    rows += [row("cid"), row("dan", status=Status.WRONG, final=False)]
    fill(tmp_path / "gradebook", rows, SPECS[:1])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        text = render(FinalGrades(book, Policy(), filters), folder="out")
    assert said in text
    assert ("1 grade not final" in text) is bool(filters in (Filters(), Filters(submissions=("b*", "d*"))))
    if filters.statuses:
        assert "Wrong most often" not in text


def test_names_stand_as_people_sort_them(tmp_path: Path) -> None:
    """student2 before student10, whatever their case and accents, in every list by name."""
    names = ["student10", "Student2", "student1", "Émil", "emma", "Zoe", "ada", "a\udcfc", "x" + "9" * 5000]
    fill(tmp_path / "gradebook", [row(name) for name in names], SPECS[:1])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        shown = [name for name, _ in book.submissions()]
        assert [grade.submission for grade in FinalGrades(book, Policy())] == shown
    assert shown == ["ada", "a\udcfc", "Émil", "emma", "student1", "Student2", "student10", names[-1], "Zoe"]


def test_nothing_graded() -> None:
    """An empty class is a sentence."""
    assert _shown([]) == "No submissions."


def test_the_worst_are_a_few(tmp_path: Path) -> None:
    """Ten stumbles, and how many more there are; all when asked for."""
    wrong = [quantity(f"dW{i}", "wrong") for i in range(12)]
    fill(tmp_path / "gradebook", [row("ann", quantities=wrong)])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        stumbles = book.stumbles()
    lines = worst(stumbles, columns(*SPECS))
    assert (len(lines), lines[-1]) == (12, "  … and 2 more")
    assert len(worst(stumbles, columns(*SPECS), most=None)) == 13


def test_notes_are_shown_or_announced(tmp_path: Path) -> None:
    """Beside the points where there is room, and else counted; what is cut says so."""
    note = "a gradient was computed by differences, as it seems"
    rows = [row("ann", report={"notes": [note]}), row("bob"), row("cid", report={"notes": [note]})]
    fill(tmp_path / "gradebook", rows, SPECS[:1])
    with Gradebook.reading(tmp_path / "gradebook") as book:
        wide, less, narrow = (
            render(FinalGrades(book, Policy()), folder="out", width=width) for width in (120, 60, 44)
        )
    assert wide.count(f"one: {note}") == 2
    assert "…" not in wide
    assert "one: a gradient was computed by di…" in less
    assert "… cut short; the exports have all of it" in less
    counted = "2 submissions with notes, which need a wider terminal; the exports have them"
    assert counted in " ".join(narrow.split())
    assert "with notes" not in wide + less
