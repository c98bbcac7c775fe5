"""What a dashboard says of a gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dashboards import FLOAT32, LOST, example, lost, unexplained

from gradcheck.formats.dashboard.records import Dashboard, Note
from gradcheck.formats.dashboard.survey import survey
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Policy
from gradcheck.grading.records import Row
from gradcheck.verdict.records import Status
from gradebooks import SPECS, columns, fill_with_changes, row, start
from gradebooks import fill as fill_one

ONE, TWO = SPECS


@pytest.fixture
def dashboard(tmp_path: Path) -> Dashboard:
    return example(tmp_path)


def of(folder: Path, *rows: Row) -> Dashboard:
    """The dashboard of one run."""
    fill_one(folder / "gradebook.sqlite", rows)
    with Gradebook.reading(folder / "gradebook.sqlite") as book:
        return survey(book)


def test_the_class(dashboard: Dashboard) -> None:
    """Every submission has a line, those who are absent too, and grades in the order of the specs."""
    grades = [line.grade for line in dashboard.lines]
    assert [one.submission for one in grades] == ["ann", "bob", "cid", "dan", "eve", "fay", "old"]
    assert [one.absent for one in grades] == [False] * 6 + [True]
    assert list(dashboard.lines[0].grade.specs) == [ONE, TWO]
    assert [column.hidden for column in dashboard.specs] == [False, True]
    assert dashboard.max_points == 4


def test_totals_are_of_those_whose_grades_are_known(dashboard: Dashboard) -> None:
    """Not of dan, who has lost one, nor of eve, who lacks one, nor of old, who is absent."""
    assert dashboard.totals == [2, 2, 4, 0.5]


def test_stumbles_are_the_gradebook_s(tmp_path: Path, dashboard: Dashboard) -> None:
    """The same in the same order, with who they are."""
    with Gradebook.reading(tmp_path / "gradebook.sqlite") as book:
        assert list(dashboard.stumbles) == book.stumbles()
    assert dashboard.stumbles[0].submissions == ("ann", "bob")


def test_a_note_stands_once_a_line(dashboard: Dashboard) -> None:
    """With the specs that have it."""
    notes = {line.grade.submission: line.notes for line in dashboard.lines}
    assert notes["cid"] == (Note(text=FLOAT32, specs=(ONE, TWO)),)
    assert notes["dan"] == ()


@pytest.mark.parametrize("text", ['"notes": []', 'x\\"notes": []', '{"notes": []}'])
def test_a_note_like_a_report_without_notes(tmp_path: Path, text: str) -> None:
    """A text that looks like the end of a report hides no note."""
    found = of(tmp_path, row("ann", ONE, report={"notes": [text], "output": text}))
    assert found.lines[0].notes == (Note(text=text, specs=(ONE,)),)


def test_who_agrees(dashboard: Dashboard) -> None:
    (agreement,) = dashboard.agreements
    assert agreement.submissions == ("ann", "bob")
    assert [answer.spec for answer in agreement.answers] == [TWO]


def test_who_is_absent_agrees_with_nobody(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        start(book, ["ann", "bob"])
        book.record([unexplained("ann", ONE), unexplained("bob", ONE)])
        start(book, ["ann"])
        assert survey(book).agreements == ()


def test_who_holds_the_same_files(tmp_path: Path) -> None:
    """Not those who have handed in nothing, nor those whose files were never read."""
    nothing: dict[str, Any] = {"reason": "no file", "submission_hash": "empty", "status": Status.ERROR}
    found = of(
        tmp_path,
        *(row(name, spec, submission_hash="same") for name in ("ann", "bob") for spec in SPECS),
        *(row(name, ONE, **nothing) for name in ("cid", "dan")),
        *(lost(name, ONE, submission_hash="") for name in ("eve", "fay")),
        row("guy", ONE, submission_hash="own"),
    )
    assert found.copies == (("ann", "bob"),)


def test_changes(dashboard: Dashboard) -> None:
    """Of those who had a grade; the others are new."""
    assert dashboard.changes
    assert [(c.submission, c.spec, c.gain) for c in dashboard.changes.grades] == [("cid", ONE, 2.0)]
    assert dashboard.changes.submissions == ("dan", "eve", "fay")
    assert dashboard.changes.specs == ()
    assert dashboard.changes.gone == ("old",)


def test_gone_is_who_was_there_before(tmp_path: Path) -> None:
    """Who was absent before that run already is no news."""
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        for names in (["ann", "bob", "s10", "s9"], ["ann", "s10", "s9"], ["ann"]):
            start(book, names, [ONE])
            book.record([row(name, ONE) for name in names])
        changes = survey(book).changes
    assert changes
    assert changes.gone == ("s9", "s10")


@pytest.mark.parametrize(
    ("options", "policy", "specs", "title"),
    [
        ({"submissions": "course/week 3"}, Policy(), SPECS, "week 3"),
        ({"submissions": "."}, Policy(), SPECS, "grades"),
        ({"submissions": "submitted", "assignment": "ps1"}, Policy(), SPECS, "ps1"),
        ({"submissions": "submitted"}, Policy(), SPECS[:1], "An exercise"),
        (
            {"submissions": "submitted", "assignment": "ps1"},
            Policy(title="Deep <Learning>"),
            SPECS,
            "Deep <Learning>",
        ),
    ],
)
def test_the_title(
    tmp_path: Path, options: dict[str, str], policy: Policy, specs: tuple[str, ...], title: str
) -> None:
    """The course's, or the assignment's, or that of a single spec, or else a folder's name."""
    (tmp_path / "grades").mkdir()
    with Gradebook(tmp_path / "grades" / "gradebook.sqlite") as book:
        book.start_run(
            seed=0, submissions=["ann"], columns=columns(*specs), options=options, protection="", versions={}
        )
        assert survey(book, policy).title == title


def test_a_new_spec_changes_no_grade(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        start(book, ["ann"], [ONE])
        book.record([row("ann", ONE)])
        start(book, ["ann"], SPECS)
        book.record([row("ann", TWO)])
        changes = survey(book).changes
    assert changes
    assert (changes.grades, changes.specs, changes.submissions) == ((), (TWO,), ())


def test_a_first_run_has_no_changes(tmp_path: Path) -> None:
    assert of(tmp_path, row("ann", ONE)).changes is None


def test_what_is_not_final(dashboard: Dashboard) -> None:
    (one,) = dashboard.unfinished
    assert (one.grade.submission, one.grade.spec, one.cause) == ("dan", TWO, LOST)


def test_a_fault_that_leaves_the_verdict_standing(tmp_path: Path) -> None:
    """Its text is the last note; the others are notes, and it is none."""
    notes = [FLOAT32, "no diagnosis: internal error of gradcheck; the verdict stands"]
    found = of(tmp_path, row("ann", ONE, Status.WRONG, final=False, fault="T", report={"notes": notes}))
    assert found.lines[0].notes == (Note(text=FLOAT32, specs=(ONE,)),)
    assert [one.cause for one in found.unfinished] == [notes[-1]]


def test_a_process_that_was_ended_from_outside(tmp_path: Path) -> None:
    """That is no fault of gradcheck's, and notes are notes. A hidden spec withholds how it ended."""
    killed: dict[str, Any] = {"reason": "crash", "final": False}
    failure = dict[str, Any](category="machine", message="killed from outside", location=None, trace=[])
    found = of(
        tmp_path,
        row("ann", ONE, Status.ERROR, **killed, report={"notes": [FLOAT32], "failure": failure}),
        row("ann", TWO, Status.ERROR, **killed, hidden=True),
    )
    causes = [one.cause for one in found.unfinished]
    assert causes == ["killed from outside", "the machine stood in the way, not the submission"]
    assert [note.text for note in found.lines[0].notes] == [FLOAT32]


def test_a_hidden_spec_withholds_the_fault(tmp_path: Path) -> None:
    found = of(tmp_path, lost("ann", ONE, report={"notes": [], "quantities": []}, hidden=True))
    assert [one.cause for one in found.unfinished] == ["internal error of gradcheck"]


def test_an_empty_gradebook(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        found = survey(book)
    assert (found.run, found.lines, found.stumbles) == (None, (), ())


def test_points_are_final(tmp_path: Path) -> None:
    """After overrides, lateness and extra credit, each with its reason; the graded ones are there, too."""
    policy = fill_with_changes(tmp_path / "gradebook.sqlite")
    with Gradebook.reading(tmp_path / "gradebook.sqlite") as book:
        found = survey(book, policy)
    assert (found.max_points, found.totals) == (2, [3.5, 3.5, 2, 1])
    assert [line.grade.graded_points for line in found.lines] == [2, 4, 2, 0]
    assert [[(note.text, note.specs) for note in line.notes] for line in found.lines] == [
        [
            ("3.5 points, 2 of them for extra credit", ()),
            ("Points set by the instructor (0 as graded): a typo in <the> spec", (ONE,)),
        ],
        [("4 points, 2 of them for extra credit, less 0.5 for being 1 day late", ())],
        [],
        [("Points set by the instructor (not graded): judged by hand", (ONE,))],
    ]
