"""A fault of gradcheck, at whatever stage it is met, costs one submission's row and never the class."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest

from exercise import DOUBLED, RIGHT, exercise, hand_in
from gradcheck.boundary import ENDING, InternalError, Stage, attempt
from gradcheck.checker import Checker
from gradcheck.cli import main
from gradcheck.errors import GradcheckError, SpecError, UnprotectedError
from gradcheck.grading.engine import local
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.grader import Grader
from gradcheck.grading.records import Row
from gradcheck.grading.run import GRADEBOOK
from gradcheck.grading.task import Task
from gradcheck.grading.terms import Terms
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.find import find
from gradcheck.verdict import judge
from gradcheck.verdict.finding import examine
from gradcheck.verdict.records import Status

GRADE = ["grade", "submissions", "--spec", "specs", "--out", "out", "--jobs", "1", "--seed", "1"]
VICTIM = "ben"
"""Whose work brings the fault about; it is wrong, so that it comes to every stage."""

STAGES: dict[Stage, str] = {
    "find": "gradcheck.submission.find:_at_path",
    "fingerprint": "gradcheck.grading.task:fingerprint",
    "draw": "gradcheck.fresh:with_fresh_case",
    "decode": "gradcheck.inquiry:source",
    "run": "gradcheck.submission.process:Process.run_all",
    "judge": "gradcheck.verdict.judge:examine",
    "settle": "gradcheck.fresh:settled",
    "diagnose": "gradcheck.diagnosis.verdict:diagnosed",
    "credit": "gradcheck.verdict.judge:earning",
    "report": "gradcheck.grading.grader:record",
    "grade": "gradcheck.checker:Checker.check_all",
}
"""What does the work of each stage."""


class Here:
    """Grades in this process, which a test can break."""

    graded = ""
    """Whose work is graded at the moment."""

    def __init__(self, terms: Terms, jobs: int) -> None:
        self._grader = Grader(terms)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *error: object) -> None:
        self._grader._checker.__exit__(None, None, None)

    def prepare(self, due: int) -> str:
        return str(self._grader.insist())

    def grade(self, tasks: Iterable[Task]) -> Iterator[list[Row]]:
        for task in tasks:
            Here.graded = task.submission.name
            yield self._grader.grade(task)
            Here.graded = ""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of three."""
    exercise(tmp_path, anna=RIGHT, ben=DOUBLED, carl=RIGHT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(local, "LocalEngine", Here)
    return tmp_path


def breaks(monkeypatch: pytest.MonkeyPatch, at: str, error: BaseException) -> None:
    """Raise the error in place of a function's work, wherever it is the victim's that is dealt with."""
    module, _, path = at.partition(":")
    *kind, name = path.split(".")
    holder = getattr(import_module(module), kind[0]) if kind else import_module(module)
    works = getattr(holder, name)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if Here.graded == VICTIM or (not Here.graded and f"{VICTIM}.py" in str(args[0])):
            raise error
        return works(*args, **kwargs)

    monkeypatch.setattr(holder, name, broken)


def grades(project: Path) -> dict[str, Row]:
    with Gradebook.reading(project / "out" / GRADEBOOK) as book:
        return {row.submission: row for row in book.rows()}


def test_every_stage_is_tried() -> None:
    """The stages that there are."""
    assert set(STAGES) == set(get_args(Stage))


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_fault_costs_one_row(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stage: Stage
) -> None:
    """The others have their grades, the row says what it is, and the next run grades it again."""
    work = FORGETFUL if stage == "settle" else DOUBLED
    hand_in(project, **{VICTIM: work})
    with monkeypatch.context() as patch:
        breaks(patch, STAGES[stage], KeyError("da1/dz1"))
        assert main(GRADE) == 0
    rows = grades(project)
    assert {name: (row.points, row.final) for name, row in rows.items() if not name.startswith(VICTIM)} == {
        "anna": (2, True),
        "carl": (2, True),
    }
    (lost,) = [row for name, row in rows.items() if name.startswith(VICTIM)]
    assert not lost.final
    said = "judge" if stage == "credit" else stage  # points are a part of every verdict
    assert f"stage {said}: KeyError at " in lost.data
    assert "KeyError: 'da1/dz1'" in lost.fault
    assert (lost.status, lost.points) == ((Status.WRONG, 1) if stage == "diagnose" else (Status.INTERNAL, 0))
    assert "1 grade not final: gradcheck itself has failed" in " ".join(capsys.readouterr().out.split())
    assert main(["gradebook", "out", "--show", lost.submission]) == 0
    assert "KeyError" in capsys.readouterr().out
    assert main(GRADE) == 0
    assert grades(project)[VICTIM].final
    assert grades(project)[VICTIM].points == (0 if stage == "settle" else 1)


FORGETFUL = """\
import numpy as np
calls = 0

def gradients(x, y, W1, b1):
    global calls
    calls += 1
    a = 1 / (1 + np.exp(-(x @ W1 + b1)))
    delta = (a - y) * a * (1 - a) / len(x) * (1 + (calls == 4))
    return x.T @ delta, delta.sum(axis=0)
"""
"""Right for the spec's own cases, of which the first is asked twice, and wrong for the fresh one."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RecursionError("maximum recursion depth exceeded"),
        OSError(28, "No space left on device"),
        BrokenPipeError(32, "Broken pipe"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("stage", ["fingerprint", "run", "judge", "report"])
def test_any_exception_counts(
    project: Path, monkeypatch: pytest.MonkeyPatch, stage: Stage, error: Exception
) -> None:
    """Want of memory, of a disk, of a listener: the others have their grades."""
    breaks(monkeypatch, STAGES[stage], error)
    assert main(GRADE) == 0
    rows = grades(project)
    assert {name: row.points for name, row in rows.items()} == {"anna": 2, "ben": 0, "carl": 2}
    assert f"{type(error).__name__} at " in rows[VICTIM].data


@pytest.mark.slow
def test_an_interrupt_is_no_fault(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the run."""
    breaks(monkeypatch, STAGES["judge"], KeyboardInterrupt())
    assert main(GRADE) == 2
    assert VICTIM not in grades(project)


@pytest.mark.parametrize("error", [UnprotectedError("no jail"), SpecError([])])
def test_what_is_said_of_a_whole_run_passes(error: Exception) -> None:
    """Want of protection, or of a spec, is nobody's row."""

    def fails() -> None:
        raise error

    with pytest.raises(type(error)):
        attempt("run", fails, ENDING)


def test_what_is_raised_on_purpose_passes_a_stage_but_not_a_submission() -> None:
    """A process that does not start is told as such to who checks own work; in a class it is a row."""

    def fails() -> None:
        raise GradcheckError("the process for submissions does not start: no memory")

    with pytest.raises(GradcheckError, match="no memory"):
        attempt("run", fails)
    fault = attempt("grade", fails, ENDING)
    assert isinstance(fault, InternalError)
    assert "does not start: no memory" in fault.reference


@pytest.mark.slow
def test_the_table_and_the_exports_say_so(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No points, and no zero either; the traceback is for maintainers and in no export."""
    breaks(monkeypatch, STAGES["judge"], KeyError("a hidden number"))
    assert main(GRADE) == 0
    shown = capsys.readouterr().out
    assert "E internal error" in shown
    table = list(csv.DictReader(io.StringIO((project / "out" / "grades.csv").read_text(encoding="utf-8"))))
    assert table[1]["specs/layer.yaml"] == ""
    assert table[1]["specs/layer.yaml: status"] == "internal error"
    exported = (project / "out" / "grades.json").read_text(encoding="utf-8")
    assert "a hidden number" not in exported
    (result,) = [r for r in json.loads(exported)["results"] if r["submission"] == VICTIM]
    assert (result["status"], result["final"]) == ("internal error", False)


def test_a_quantity_that_is_right_stays_right(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in judging one quantity costs the others nothing."""

    def broken(key: AnswerKey, name: str, *args: Any) -> Any:
        if name == "dW1":
            raise ZeroDivisionError
        return examine(key, name, *args)

    monkeypatch.setattr(judge, "examine", broken)
    with Checker() as checker:
        verdict = checker.check(find(project / "submissions", "anna"), project / "specs" / "layer.yaml")
    assert [(q.name, q.status, q.points) for q in verdict.quantities] == [
        ("dW1", Status.INTERNAL, 0.0),
        ("db1", Status.RIGHT, 1.0),
    ]


def test_a_trace_is_bounded() -> None:
    """A recursion without end leaves a traceback that one can read."""

    def endless() -> None:
        endless()

    fault = attempt("judge", endless)
    assert isinstance(fault, InternalError)
    assert len(fault.trace.splitlines()) < 100
