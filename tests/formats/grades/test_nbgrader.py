"""nbgrader run for real: its folders in; its database, its exporter and its feedback out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from exporting import exported

from exercise import DOUBLED, RIGHT, exercise
from gradcheck.cli import main
from gradcheck.errors import UsageError
from gradcheck.formats.grade_format import Export
from gradcheck.formats.grades.nbgrader import COLUMNS
from gradcheck.formats.grades.nbgrader_db import update
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Penalty, Policy
from gradcheck.grading.records import Origin, Person
from gradcheck.grading.run import GRADEBOOK
from gradebooks import SPECS, row, start

pytestmark = pytest.mark.filterwarnings("ignore:Object of type")  # nbgrader's own, by SQLAlchemy
needs_nbgrader = pytest.mark.skipif(
    find_spec("nbgrader") is None, reason="needs nbgrader: it is not installed"
)


def notebook(source: str) -> str:
    """A notebook with one cell, which nbgrader grades and comments on."""
    grading = {
        "grade": True,
        "solution": True,
        "locked": False,
        "task": False,
        "grade_id": "layer",
        "points": 2,
        "schema_version": 3,
        "cell_type": "code",
        "checksum": "0",
    }
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a1",
        "execution_count": None,
        "metadata": {"nbgrader": grading},
        "outputs": [],
        "source": source,
    }
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader calls a program of its environment where it makes a database."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose two students have handed in, a day and a half apart; nbgrader knows the assignment."""
    exercise(tmp_path)
    api = import_module("nbgrader.api")
    with api.Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.add_assignment("ps1", duedate="2026-10-01 12:00 UTC")
        book.add_notebook("layer", "ps1")
        book.add_grade_cell("layer", "layer", "ps1", max_score=2, cell_type="code")
        book.add_solution_cell("layer", "layer", "ps1")
        book.add_student("jane", first_name="Jane", last_name="Doe", email="jane@example.edu")
    works = (("jane", RIGHT, "2026-10-01 11:00:00 UTC"), ("eve", DOUBLED, "2026-10-02 23:00:00 UTC"))
    for name, source, time in works:
        for stage in ("submitted", "autograded"):
            folder = tmp_path / stage / name / "ps1"
            folder.mkdir(parents=True)
            (folder / "layer.ipynb").write_text(notebook(source), encoding="utf-8")
            (folder / "timestamp.txt").write_text(time, encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "policy.yaml").write_text(
        "deadline: 2026-10-01 14:00 +02:00\npenalty_per_day: 25%\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert main(["grade", "submitted", "--spec", "specs", "--out", "out", "--jobs", "1"]) == 0
    return tmp_path


UPDATE = ["gradebook", "out", "--format", "nbgrader-db", "--assignment", "ps1", "--output", "gradebook.db"]


def grades(book: Any) -> dict[str, tuple[float, float, str]]:
    """Student -> score, penalty, and comment."""
    return {
        one.student.id: (
            one.score,
            one.late_submission_penalty,
            book.find_comment("layer", "layer", "ps1", one.student.id).comment,
        )
        for one in book.assignment_submissions("ps1")
    }


@pytest.mark.slow
@needs_nbgrader
def test_a_course(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its folders are read; its database has points, penalties and comments, once however often it's done."""
    for _ in range(2):
        assert main(UPDATE) == 0
    api = import_module("nbgrader.api")
    with api.Gradebook("sqlite:///gradebook.db") as book:
        assert grades(book) == {
            "jane": (2.0, 0.0, "2 of 2 points (right)"),
            "eve": (1.0, 0.5, "1 of 2 points (wrong)"),
        }
        assert str(book.find_submission("ps1", "eve").timestamp) == "2026-10-02 23:00:00"
        import_module("nbgrader.plugins.export").CsvExportPlugin(to="theirs.csv").export(book)
        book.find_grade("layer", "layer", "ps1", "eve").manual_score = 1.5
        book.db.commit()
    assert main(UPDATE) == 0
    with api.Gradebook("sqlite:///gradebook.db") as book:
        assert book.find_submission("ps1", "eve").score == 1.5
    export = ["--format", "nbgrader", "--assignment", "ps1", "--output", "ours.csv"]
    assert main(["gradebook", "out", *export]) == 0
    theirs, ours = (Path(f"{whose}.csv").read_text("utf-8").splitlines() for whose in ("theirs", "ours"))
    assert theirs[0] == ours[0] == ",".join(COLUMNS)
    people = slice(4, 7)  # whose names the folders don't have
    lines = [sorted(line.split(",") for line in whose) for whose in (theirs, ours)]
    for line in (*lines[0], *lines[1]):
        del line[people]
    assert lines[0] == lines[1]


@pytest.mark.slow
@needs_nbgrader
def test_its_feedback(course: Path) -> None:
    """nbgrader's own page for a student has the points and the comment."""
    assert main(UPDATE) == 0
    run = [sys.executable, "-m", "nbgrader", "generate_feedback", "ps1", f"--course-dir={course}"]
    done = subprocess.run(
        run,
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(course), "JUPYTER_RUNTIME_DIR": str(course)},
    )
    assert done.returncode == 0, done.stderr
    page = (course / "feedback" / "eve" / "ps1" / "layer.html").read_text(encoding="utf-8")
    assert "1 of 2 points (wrong)" in page


@pytest.mark.slow
@needs_nbgrader
def test_a_spec_without_a_cell_and_a_stranger(tmp_path: Path) -> None:
    """The one has a cell of its own, the other is left out, and named."""
    api = import_module("nbgrader.api")
    with api.Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.add_student("jane")
    updated(tmp_path)
    with api.Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        assert book.find_submission("ps1", "jane").score == 1.5
        assert [student.id for student in book.students] == ["jane"]


def updated(folder: Path) -> None:
    """nbgrader's database with the points of two, one of whom it knows."""
    exported(folder, "csv", {"jane": 1.5, "bob": 1.0})
    with Gradebook.reading(folder / "gradebook") as book:
        export = Export(grades=FinalGrades(book, Policy()), assignment="ps1")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            remarks = update(export, folder / "gradebook.db")
    assert remarks == ["left out, as nbgrader's database has no such student: bob"]


@pytest.mark.slow
@needs_nbgrader
def test_a_spec_without_a_cell_of_somebody_who_has_handed_in(tmp_path: Path) -> None:
    """The notebook that is added to what nbgrader has already, its points and its comment are stored."""
    api = import_module("nbgrader.api")
    with api.Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.add_assignment("ps1")
        book.add_student("jane")
        book.add_submission("ps1", "jane")
    updated(tmp_path)
    with api.Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        assert book.find_submission("ps1", "jane").score == 1.5
        assert book.find_comment("one", "gradcheck", "ps1", "jane").comment == "1.5 of 2 points (wrong)"


def test_no_cell_is_quoted(tmp_path: Path) -> None:
    """Whose name would break its line is left out, and named; no line has another number of cells."""
    policy = Policy(penalty_per_day=Penalty(0.1, is_part=True))
    names = {"ann": 1.5, 'a,"b"': 1.0, "x\ny": 1.0, "=cmd()": 1.0, "bob": 2.0}
    text, remarks = exported(tmp_path, "nbgrader", names, assignment="ps,1", policy=policy)
    lines = text.splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert {len(line.split(",")) for line in lines} == {len(COLUMNS)}
    assert [line.split(",")[3] for line in lines[1:]] == ["ann", "bob"]
    assert lines[1].endswith(",1.5,0.0,1.5,2.0")
    assert '=cmd(); a,"b"; x y' in remarks[0]


def test_the_assignment_is_named(tmp_path: Path) -> None:
    """nbgrader's files are of one assignment."""
    with pytest.raises(UsageError, match="--assignment NAME"):
        exported(tmp_path, "nbgrader", {"ann": 1.0})


def test_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is nbgrader that makes it."""
    monkeypatch.chdir(tmp_path)
    exported(tmp_path, "csv", {"ann": 1.0})
    (tmp_path / "gradebook").rename(tmp_path / "gradebook.sqlite")
    command = ["gradebook", ".", "--format", "nbgrader-db", "--assignment", "ps1"]
    assert main(command) == 2
    assert "needs the database that it goes into: --output FILE" in capsys.readouterr().err
    assert main([*command, "--output", "gradebook.db"]) == 2
    assert "gradebook.db: there is no such database" in capsys.readouterr().err


PAGES = ["gradebook", "out", "--feedback-dir", "feedback", "--feedback-format", "nbgrader"]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of nbgrader's, as its folders are, and its gradebook."""
    monkeypatch.chdir(tmp_path)
    for name, files in (
        ("ann", ["one.ipynb", "two.ipynb", "timestamp.txt", "submission_secret.txt"]),
        ("bob", ["layer.py", "timestamp.txt"]),
        ("cid", ["one.ipynb", "timestamp.txt", "submission_secret.txt"]),
    ):
        (tmp_path / "submitted" / name / "ps1").mkdir(parents=True)
        for file in files:
            (tmp_path / "submitted" / name / "ps1" / file).write_text(f"{file} of {name}", encoding="utf-8")
    (tmp_path / "submitted" / "eve").mkdir()
    names = ("ann", "bob", "cid", "eve", "fay")
    origins = [
        Origin(submission=name, system="nbgrader", people=(Person(login=name),)) for name in names[:-1]
    ]
    (tmp_path / "out").mkdir()
    with Gradebook(tmp_path / "out" / GRADEBOOK) as book:
        start(book, names, SPECS[:1], origins=origins)
        book.record([row(name) for name in names])
        book.end_run()
    return tmp_path


def test_pages_where_nbgrader_looks(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One for each notebook, with nbgrader's own files; who has handed in nothing there is named."""
    secret = folders / "submitted" / "cid" / "ps1" / "submission_secret.txt"
    secret.unlink()
    secret.symlink_to(folders / "out" / GRADEBOOK)
    assert main(PAGES) == 0
    there = {str(path.relative_to("feedback")) for path in Path("feedback").rglob("*") if path.is_file()}
    assert there == {
        *(f"ann/ps1/{name}" for name in ("one.html", "two.html", "timestamp.txt", "submission_secret.txt")),
        *("bob/ps1/gradcheck.html", "bob/ps1/timestamp.txt", "cid/ps1/one.html", "cid/ps1/timestamp.txt"),
    }
    assert Path("feedback/ann/ps1/submission_secret.txt").read_text() == "submission_secret.txt of ann"
    one, two = (Path(f"feedback/ann/ps1/{name}.html").read_text(encoding="utf-8") for name in ("one", "two"))
    assert one == two
    assert "ann" in one
    said = capsys.readouterr().err
    assert "no page, as they have handed in nothing in submitted/STUDENT/ps1: eve; fay" in said
    assert "no submission_secret.txt, without which `nbgrader release_feedback` stops: bob; cid" in said


@pytest.mark.slow
@needs_nbgrader
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves files open
def test_it_releases_the_pages(folders: Path) -> None:
    """nbgrader's own step finds them, and puts each where the student's notebook asks for it."""
    assert main([*PAGES, "--submission", "ann"]) == 0
    exchange = folders / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    directory = import_module("nbgrader.coursedir").CourseDirectory(
        root=str(folders), course_id="c101", assignment_id="ps1"
    )
    release = import_module("nbgrader.exchange.default").ExchangeReleaseFeedback(
        coursedir=directory, authenticator=import_module("nbgrader.auth").Authenticator(), root=str(exchange)
    )
    release.start()
    name_of = import_module("nbgrader.utils").notebook_hash
    for notebook in ("one", "two"):
        name = name_of(secret="submission_secret.txt of ann", notebook_id=notebook)
        released = exchange / "c101" / "feedback" / f"{name}.html"
        assert released.read_bytes() == Path(f"feedback/ann/ps1/{notebook}.html").read_bytes()


def test_which_assignment(
    folders: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of the last run, or one is to be named; a folder that is no course's is refused at once."""
    (folders / "submitted" / "ann" / "ps2").mkdir()
    assert main(PAGES) == 2
    assert "choose an assignment with --assignment NAME: ps1, ps2" in capsys.readouterr().err
    assert main([*PAGES, "--assignment", "ps2"]) == 0
    assert Path("feedback/ann/ps2/gradcheck.html").is_file()
    with Gradebook.reading(folders / "out" / GRADEBOOK) as book:
        runs = [replace(run, options={"assignment": "ps1"}) for run in book.runs()]
    monkeypatch.setattr(Gradebook, "runs", lambda book: runs)
    assert main(PAGES) == 0
    assert Path("feedback/ann/ps1/one.html").is_file()
    assert main(["gradebook", "out", "--feedback-dir", "out/pages", "--feedback-format", "nbgrader"]) == 2
    assert "there is no folder `submitted` beside it" in capsys.readouterr().err
    assert not Path("out/pages").exists()


def test_a_page_that_cannot_be_written_costs_itself(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a file stands in the place of a student's folder, that student alone has no page."""
    (folders / "feedback").mkdir()
    (folders / "feedback" / "ann").write_text("", encoding="utf-8")
    assert main(PAGES) == 0
    assert "ann: no page: feedback/ann/ps1" in capsys.readouterr().err
    assert Path("feedback/cid/ps1/one.html").is_file()
