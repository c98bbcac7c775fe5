"""A gradebook with its overrides and its policy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gradcheck.errors import UsageError
from gradcheck.grading.final import FinalGrades, override, remove_override
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.order import in_order
from gradcheck.grading.policy.records import FinalGrade, Policy
from gradcheck.grading.records import Origin, Person
from gradcheck.verdict.records import Status
from gradebooks import SPECS, fill, quantity, row, start


def finals(path: Path, policy: Policy | None = None) -> dict[str, FinalGrade]:
    """By submission."""
    with Gradebook.reading(path) as book:
        return {grade.submission: grade for grade in FinalGrades(book, policy or Policy())}


def test_an_override_outlives_runs(tmp_path: Path) -> None:
    """A new run grades anew, and changes nothing of it; taken back, the graded points count again."""
    path = tmp_path / "gradebook"
    fill(path, [row("ann", points=0.5, status=Status.WRONG)])
    override(path, Policy(), submission="ann", spec="one", points=1.5, reason="a typo in the spec")
    assert finals(path)["ann"].points == 1.5
    fill(path, [row("ann", points=1.0, status=Status.WRONG)])
    grade = finals(path)["ann"]
    assert (grade.points, grade.graded_points) == (1.5, 1.0)
    assert "one: 1.5 instead of 1: a typo in the spec" in grade.notes
    remove_override(path, submission="ann", spec=SPECS[0])
    assert finals(path)["ann"].points == 1.0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"submission": "anm"}, "anm: the gradebook has no such submission; did you mean ann?"),
        ({"spec": "three"}, "three: which spec of the gradebook is that? There are: specs/one.yaml"),
        ({"points": 2.5}, "specs/one.yaml has 2 points; more are for extra credit"),
        ({"points": -1.0}, "-1: points cannot be negative"),
        ({"reason": " "}, "an override needs its reason"),
    ],
)
def test_an_override_that_cannot_be(tmp_path: Path, change: dict[str, object], says: str) -> None:
    """A name that isn't there, points that can't be, or no reason."""
    path = tmp_path / "gradebook"
    fill(path, [row("ann")])
    order = {"submission": "ann", "spec": SPECS[0], "points": 1.0, "reason": "x"} | change
    with pytest.raises(UsageError) as told:
        override(path, Policy(), **order)  # type: ignore[arg-type]
    assert says in str(told.value)
    assert finals(path)["ann"].points == 2.0


def test_more_than_the_maximum_is_for_extra_credit(tmp_path: Path) -> None:
    """Where the policy says that the spec is."""
    path, policy = tmp_path / "gradebook", Policy(extra_credit=("specs/*",))
    fill(path, [row("ann")])
    override(path, policy, submission="ann", spec="one", points=3.0, reason="beautiful")
    assert finals(path, policy)["ann"].points == 3.0
    assert finals(path)["ann"].points == 2.0


def test_what_a_policy_names_in_vain(tmp_path: Path) -> None:
    """A typo in a name would cost somebody the extension: it is said."""
    path = tmp_path / "gradebook"
    fill(path, [row("ann")])
    later = datetime(2026, 10, 1, tzinfo=UTC)
    policy = Policy(extensions={"ann": later, "anm": later}, extra_credit=("one", "*two*", "three"))
    with Gradebook.reading(path) as book:
        assert FinalGrades(book, policy).remarks() == [
            "policy.yaml, extensions: anm: the gradebook has nothing of that name",
            "policy.yaml, extra_credit: three: the gradebook has nothing of that name",
        ]


def test_origins(tmp_path: Path) -> None:
    """Who handed in what, and when, is kept with the run; a run that doesn't know forgets."""
    path = tmp_path / "gradebook"
    origin = Origin(
        submission="M\udcfcller",
        system="Gradescope",
        people=(Person(name="Müller", email="m@x"), Person(number="7")),
        submitted=datetime(2026, 10, 1, tzinfo=UTC),
        late=None,
    )
    with Gradebook(path) as book:
        start(book, ["M\udcfcller"], origins=[origin])
    with Gradebook.reading(path) as book:
        assert book.origins() == {origin.submission: origin}
    with Gradebook(path) as book:
        start(book, ["M\udcfcller"])
        assert book.origins() == {}


def test_a_gradebook_without_these_tables(tmp_path: Path) -> None:
    """One that was written before there were any is read and written."""
    path = tmp_path / "gradebook"
    fill(path, [row("ann")])
    with Gradebook(path) as book:
        book._db.execute("DROP TABLE override")
        book._db.execute("DROP TABLE origin")
    assert finals(path)["ann"].points == 2.0
    override(path, Policy(), submission="ann", spec="one", points=0.0, reason="copied")
    assert finals(path)["ann"].points == 0.0


def test_points_by_case_come_from_reports(tmp_path: Path) -> None:
    """A wrong quantity has its share of the cases in which it is right; one without numbers has none."""
    path = tmp_path / "gradebook"
    wrong = quantity("dW2", "wrong", cases=4, wrong_cases=1)
    missing = quantity("db2", "error", reason="missing", cases=4, wrong_cases=0)
    fill(path, [row("ann", quantities=[wrong, quantity("dW1", "right"), missing], points=2.0)])
    with Gradebook.reading(path) as book:
        assert book.points_by_case("ann") == {SPECS[0]: 3.5}


def test_notes_come_from_reports(tmp_path: Path) -> None:
    """Such as how a gradient was computed."""
    path = tmp_path / "gradebook"
    fill(path, [row("ann", report={"notes": ["computed by differences"]}), row("ann", SPECS[1])])
    assert finals(path)["ann"].notes == ("one: computed by differences",)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["ann", "bob", "cid"]),
        ("points", ["cid", "ann", "bob"]),
        ("status", ["bob", "ann", "cid"]),
        ("two", ["ann", "cid", "bob"]),
        (SPECS[1], ["ann", "cid", "bob"]),
    ],
)
def test_orders(tmp_path: Path, sort: str, names: list[str]) -> None:
    """By name, most points, worst status, or a spec's points."""
    path = tmp_path / "gradebook"
    rows = [
        row("ann", status=Status.WRONG, points=0.0),
        row("ann", SPECS[1], points=1.5),
        row("bob", status=Status.ERROR, points=0.0),
        row("cid", points=2.0),
        row("cid", SPECS[1], points=1.0),
    ]
    fill(path, rows)
    with Gradebook.reading(path) as book:
        assert [grade.submission for grade in in_order(FinalGrades(book, Policy()), sort)] == names


def test_an_unknown_order(tmp_path: Path) -> None:
    """It lists those there are."""
    path = tmp_path / "gradebook"
    fill(path, [row("ann")])
    with (
        Gradebook.reading(path) as book,
        pytest.raises(UsageError, match="grade: --sort takes one of name, points, status, one, two"),
    ):
        in_order(FinalGrades(book, Policy()), "grade")
