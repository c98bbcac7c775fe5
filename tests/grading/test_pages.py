"""A page for each student."""

from __future__ import annotations

import concurrent.futures
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise import DOUBLED, RIGHT, exercise, hand_in, instead
from gradcheck.cli import main
from gradcheck.errors import GradcheckError
from gradcheck.grading import pages, processes
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.intake.records import visible
from gradcheck.grading.pages import PageFormat, file_names, write_pages
from gradcheck.grading.policy.reasons import EXTRA_CREDIT
from gradcheck.grading.policy.records import Policy
from gradcheck.grading.records import Column, Filters, Origin, Person, Row
from gradcheck.verdict.records import Status
from gradebooks import SPECS, fill_with_changes, quantity, row

NAMES = st.lists(
    st.text(max_size=80)
    | st.sampled_from(["Anna", "anna", "a b", "a_b", "..", "", "CON", "nul.txt", "é", "e\u0301"]),
    max_size=8,
    unique=True,
)


def gradebook(path: Path, *rows: Row, absent: str = "") -> Gradebook:
    """These rows, of one run; who is absent was there in an earlier one alone."""
    book = Gradebook(path / "gradebook.sqlite")
    columns = [Column(spec=spec, title="An exercise", max_points=2.0) for spec in SPECS]
    names = list(dict.fromkeys(one.submission for one in rows))
    for present in [names, [name for name in names if name != absent]] if absent else [names]:
        book.start_run(
            seed=7, submissions=present, columns=columns, options={}, protection="none", versions={}
        )
        for name in present:
            book.record([one for one in rows if one.submission == name])
        book.end_run()
    return book


@pytest.mark.parametrize(("kind", "end"), [("html", ".html"), ("md", ".md"), ("text", ".txt")])
def test_every_student_has_a_page(tmp_path: Path, kind: PageFormat, end: str) -> None:
    """With all specs by name, in the order of the run, and nothing that is the machine's."""
    rows = [row("anna", spec, quantities=[quantity()]) for spec in reversed(SPECS)]
    with gradebook(tmp_path, *rows, row("ben")) as book:
        assert write_pages(FinalGrades(book, Policy()), tmp_path / "pages", kind) == []
    assert {file.name for file in visible(tmp_path / "pages")} == {f"anna{end}", f"ben{end}"}
    text = (tmp_path / "pages" / f"anna{end}").read_text(encoding="utf-8")
    places = [text.rindex(PurePath(spec).name) for spec in SPECS]
    assert not any(spec in text for spec in SPECS)
    assert places == sorted(places)
    for word in ("seed", "seconds", "0.5 s", "tolerance 0)"):
        assert word not in text


def test_who_is_absent_has_none(tmp_path: Path) -> None:
    """Nor does a submission that the filters leave out."""
    with gradebook(tmp_path, row("anna"), row("ben"), row("carl"), absent="ben") as book:
        grades = FinalGrades(book, Policy(), Filters(submissions=("anna", "ben")))
        assert write_pages(grades, tmp_path / "pages") == []
    assert [file.name for file in visible(tmp_path / "pages")] == ["anna.html"]


def test_a_choice_of_mistakes_is_one_of_students(tmp_path: Path) -> None:
    """Whoever has a wrong answer gets a whole page, with what is right, too."""
    rows = [row("anna", SPECS[0], quantities=[quantity()]), row("anna", SPECS[1]), row("ben")]
    with gradebook(tmp_path, *rows) as book:
        write_pages(FinalGrades(book, Policy(), Filters(statuses=("wrong",))), tmp_path / "pages", "text")
    (file,) = visible(tmp_path / "pages")
    assert file.read_text(encoding="utf-8").startswith("anna: 1 of 2 exercises right, 2 of 4 points")


def test_what_is_not_graded_says_so(tmp_path: Path) -> None:
    """A row that was lost to an internal error has no points yet."""
    lost = row("anna", SPECS[0], Status.INTERNAL, report={"quantities": [], "summary": None})
    with gradebook(tmp_path, lost, row("anna", SPECS[1])) as book:
        write_pages(FinalGrades(book, Policy()), tmp_path / "pages", "text")
    text = (tmp_path / "pages" / "anna.txt").read_text(encoding="utf-8")
    assert "anna: 1 of 2 exercises right, 1 not graded yet" in text
    assert "internal error: not graded yet" in text


def test_a_page_that_fails_costs_itself_alone(tmp_path: Path) -> None:
    """It is named, with a reference, and the page of before stays."""
    broken = replace(row("ben"), data=json.dumps({"submission": "ben"}))
    with gradebook(tmp_path, row("anna"), broken, row("carl")) as book:
        (tmp_path / "pages").mkdir()
        (tmp_path / "pages" / "ben.html").write_text("before", encoding="utf-8")
        (complaint,) = write_pages(FinalGrades(book, Policy()), tmp_path / "pages")
    assert complaint.startswith("ben: no page: internal error of gradcheck (stage report: KeyError at ")
    assert (tmp_path / "pages" / "ben.html").read_text(encoding="utf-8") == "before"
    assert {file.name for file in visible(tmp_path / "pages")} == {"anna.html", "ben.html", "carl.html"}


def test_a_page_that_cannot_be_written_costs_itself_alone(tmp_path: Path) -> None:
    """As where a folder lies in its place."""
    with gradebook(tmp_path, row("anna"), row("ben")) as book:
        (tmp_path / "pages" / "ben.html").mkdir(parents=True)
        (complaint,) = write_pages(FinalGrades(book, Policy()), tmp_path / "pages")
    assert complaint.startswith("ben: no page: ")
    assert "cannot be written" in complaint
    assert (tmp_path / "pages" / "anna.html").is_file()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """It is refused with what to do."""
    (tmp_path / "pages").write_text("", encoding="utf-8")
    with gradebook(tmp_path, row("anna")) as book, pytest.raises(GradcheckError, match="choose another"):
        write_pages(FinalGrades(book, Policy()), tmp_path / "pages")


def test_what_is_hidden_says_so(tmp_path: Path) -> None:
    """The row knows, whatever wrote its report."""
    hidden = replace(row("anna", status=Status.WRONG), hidden=True)
    with gradebook(tmp_path, hidden) as book:
        write_pages(FinalGrades(book, Policy()), tmp_path / "pages")
    assert "hidden" in (tmp_path / "pages" / "anna.html").read_text(encoding="utf-8")


@given(NAMES)
def test_names_are_safe(names: list[str]) -> None:
    """On any system: no two alike but for their case, none that leads elsewhere or is a device's."""
    files = file_names(names)
    assert len({name.casefold() for name in files.values()}) == len(names)
    for name in files.values():
        assert name
        assert name == name.strip(". ")
        assert not set(name) & set('/\\:*?"<>|\0\n')
        assert name.casefold() not in ("con", "nul", "nul.txt")
        assert len(os.fsencode(name.encode(errors="surrogatepass").decode(errors="replace"))) <= 240


def test_a_plain_name_stays() -> None:
    """One that imitates a name that is made here does not."""
    (made,) = file_names(["a b"]).values()
    files = file_names(["anna", "müller-2", "a b", made])
    assert files["anna"] == "anna"
    assert files["müller-2"] == "müller-2"
    assert files[made] != made == files["a b"]


@pytest.mark.slow
def test_many_pages_are_written_by_several_processes(tmp_path: Path) -> None:
    """All of them, and complaints come back."""
    rows = [row(f"student{n:03}", quantities=[quantity()]) for n in range(150)]
    rows[140] = replace(rows[140], data="{}")
    with gradebook(tmp_path, *rows) as book:
        (complaint,) = write_pages(FinalGrades(book, Policy()), tmp_path / "pages", jobs=2)
    assert complaint.startswith("student140: no page")
    assert len(visible(tmp_path / "pages")) == 149


def _lose_a_process() -> Any:
    raise BrokenProcessPool


def _start_no_process() -> Any:
    raise BlockingIOError


def _lose_a_thread() -> Any:
    def end() -> None:
        raise RuntimeError("can't start new thread")

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()
    return concurrent.futures.Future[list[str]]()


@pytest.mark.parametrize("submit", [_lose_a_process, _start_no_process, _lose_a_thread])
def test_what_is_lost_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, submit: Callable[[], Any]
) -> None:
    """What it was given is written all the same."""

    class Lost(concurrent.futures.ThreadPoolExecutor):
        def submit(self, *arguments: Any, **named: Any) -> Any:
            return submit()

    monkeypatch.setattr(processes, "pool", lambda *_: Lost(1))
    monkeypatch.setattr(pages, "_FEW", 1)
    with gradebook(tmp_path, row("anna"), row("ben"), row("carl")) as book:
        assert write_pages(FinalGrades(book, Policy()), tmp_path / "pages", jobs=2) == []
    assert len(visible(tmp_path / "pages")) == 3


@pytest.mark.slow
def test_a_class_gets_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the run, with all rows, those of earlier runs, too; again from the gradebook alone."""
    monkeypatch.chdir(tmp_path)
    exercise(tmp_path, anna=RIGHT, ben=DOUBLED)
    grade = ["grade", "submissions", "--spec", "specs", "--out", "out", "--jobs", "1"]
    assert main(grade) == 0
    hand_in(tmp_path, carl=instead("raise ValueError('no idea')"))
    assert main([*grade, "--feedback-dir", "pages"]) == 0
    texts = {file.stem: file.read_text(encoding="utf-8") for file in visible(tmp_path / "pages")}
    assert texts.keys() == {"anna", "ben", "carl"}
    assert "Where it goes wrong" in texts["ben"]
    assert "no idea" in texts["carl"]
    capsys.readouterr()
    again = ["gradebook", "out", "--feedback-dir", "again", "--feedback-format", "md", "--submission", "ben"]
    assert main(again) == 0
    assert capsys.readouterr().err == "written: again\n"
    assert [file.name for file in visible(tmp_path / "again")] == ["ben.md"]


@pytest.mark.slow
def test_a_bad_folder_is_refused_before_a_class_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is graded, and nothing has to be graded again."""
    monkeypatch.chdir(tmp_path)
    exercise(tmp_path, anna=RIGHT)
    (tmp_path / "file").write_text("", encoding="utf-8")
    grade = ["grade", "submissions", "--spec", "specs", "--out", "out", "--feedback-dir", "file"]
    assert main(grade) == 2
    assert "file: is no folder for pages" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def changed_pages(folder: Path, kind: PageFormat) -> dict[str, str]:
    """The pages of a class whose points become others: submission -> text."""
    policy = fill_with_changes(folder / "gradebook.sqlite")
    with Gradebook.reading(folder / "gradebook.sqlite") as book:
        assert write_pages(FinalGrades(book, policy), folder / "pages", kind) == []
    return {file.stem: file.read_text(encoding="utf-8") for file in visible(folder / "pages")}


def test_points_are_final(tmp_path: Path) -> None:
    """After overrides, lateness and extra credit, and the page says why."""
    texts = changed_pages(tmp_path, "text")
    assert texts["ann"].startswith(
        "ann: 1 of 2 exercises right, 3.5 of 2 points\n3.5 points, 2 of them for extra credit\n"
    )
    for part in (
        "WRONG: 0 of 1 right, 1.5 of 2 points\n",
        "\nPoints set by the instructor (0 as graded): a typo in <the> spec\n",
        f"\n{EXTRA_CREDIT}\n",
    ):
        assert part in texts["ann"]
    assert texts["bob"].startswith(
        "bob: 2 of 2 exercises right, 3.5 of 2 points\n"
        "4 points, 2 of them for extra credit, less 0.5 for being 1 day late\n"
    )
    assert texts["cid"].startswith("cid: 1 of 2 exercises right, 2 of 2 points\n\n")
    assert texts["dan"].startswith("dan: 0 of 2 exercises right, 1 of 2 points\n\n")
    assert "Points set by the instructor (not graded): judged by hand" in texts["dan"]


@pytest.mark.parametrize("kind", ["html", "md"])
def test_every_format_says_why_points_are_others(tmp_path: Path, kind: PageFormat) -> None:
    """And the instructor's reason is only read."""
    texts = changed_pages(tmp_path, kind)
    reason = "a typo in &lt;the&gt; spec" if kind == "html" else r"a typo in \<the\> spec"
    for part in (reason, "1.5 of 2 points", "3.5 of 2 points", "2 of them for extra credit", EXTRA_CREDIT):
        assert part in texts["ann"]
    assert "less 0.5 for being 1 day late" in texts["bob"]


@pytest.mark.parametrize("kind", ["html", "md", "text"])
def test_a_policy_that_changes_nothing(tmp_path: Path, kind: PageFormat) -> None:
    """Pages are the same as without one."""
    with gradebook(tmp_path, row("ann", quantities=[quantity()]), row("ann", SPECS[1]), row("bob")) as book:
        write_pages(FinalGrades(book, Policy()), tmp_path / "before", kind)
        write_pages(FinalGrades(book, Policy(round_to=0.5, late_days=2)), tmp_path / "after", kind)
    before, after = (
        {file.name: file.read_bytes() for file in visible(tmp_path / name)} for name in ("before", "after")
    )
    assert before == after


def test_an_override_of_what_has_no_result(tmp_path: Path) -> None:
    """Its points count, and the head of the page says so."""
    with gradebook(tmp_path, row("ann")) as book:
        book.override("ann", SPECS[1], 1.0, "shown in class")
        write_pages(FinalGrades(book, Policy()), tmp_path / "pages", "text")
    text = (tmp_path / "pages" / "ann.txt").read_text(encoding="utf-8")
    assert text.startswith(
        "ann: 1 of 1 exercise right, 3 of 4 points\n"
        "two: Points set by the instructor (not graded): shown in class\n"
    )


JOHN, EVE = Person(name="John"), Person(name="", email="eve@example.edu")


def test_a_group_has_a_page_for_each_of_its_people(tmp_path: Path) -> None:
    """With the same content, whatever else there is of that name."""
    with gradebook(tmp_path, row("John + Eve"), row("John")) as book:
        book.start_run(
            seed=7,
            submissions=["John + Eve", "John"],
            columns=[Column(spec=spec, title="", max_points=2.0) for spec in SPECS],
            options={},
            protection="none",
            versions={},
            origins=[Origin(submission="John + Eve", system="Gradescope", people=(JOHN, EVE))],
        )
        book.end_run()
        write_pages(FinalGrades(book, Policy()), tmp_path / "pages")
    texts = {file.stem: file.read_text(encoding="utf-8") for file in visible(tmp_path / "pages")}
    alone, (john, eve) = texts.pop("John"), sorted(texts)
    assert (john.split("-")[0], eve.split("-")[0]) == ("John_John_Eve", "eve_example.edu")
    assert texts[eve] == texts[john] != alone
