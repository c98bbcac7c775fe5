"""Points as CSV, everything as JSON."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck import __version__
from gradcheck.errors import GradcheckError
from gradcheck.files import replacing
from gradcheck.formats.course_files.cells import defused
from gradcheck.formats.grade_format import Export
from gradcheck.formats.grades import FORMATS
from gradcheck.formats.grades.csv import AFTER
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Policy
from gradcheck.grading.records import Filters
from gradcheck.verdict.records import Status
from gradebooks import SPECS, columns, fill, row, start

if sys.platform != "win32":
    import resource

NAMES = st.text(min_size=1, max_size=12) | st.sampled_from(
    [
        "a\nb",
        "a\r\nb",
        'a,"b"',
        "=cmd()",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        " =1",
        "＝1",
        "\u202eabc",
        "x" * 10_000,
    ]
)


def _write(book: Gradebook, name: str, target: Path, filters: Filters | None = None) -> None:
    with replacing(target) as stream:
        assert FORMATS[name].write(Export(grades=FinalGrades(book, Policy(), filters)), stream) == []


def _csv(path: Path) -> list[list[str]]:
    write_csv_to = path.with_suffix(".csv")
    with Gradebook.reading(path) as book:
        _write(book, "csv", write_csv_to)
    with write_csv_to.open(newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream, strict=True))


def _json(path: Path, filters: Filters | None = None) -> dict[str, Any]:
    target = path.with_suffix(".json")
    with Gradebook.reading(path) as book:
        _write(book, "json", target, filters)
    document = json.loads(target.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert isinstance(document, dict)
    return document


@pytest.mark.slow
@given(st.lists(NAMES, min_size=1, max_size=6, unique=True))
@settings(max_examples=40, deadline=None)
def test_any_name_survives(names: list[str]) -> None:
    """Both files hold every name as it is; in CSV, no cell starts like a formula."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gradebook"
        fill(path, [row(name) for name in names])
        lines, document = _csv(path), _json(path)
    assert sorted(line[0] for line in lines[1:]) == sorted(map(defused, names))
    assert not any(cell.lstrip(" ").startswith(tuple("=+-@\t\r\n")) for line in lines for cell in line)
    assert sorted(str(r["submission"]) for r in document["results"]) == sorted(names)
    assert sorted(str(s["submission"]) for s in document["submissions"]) == sorted(names)


def test_mistakes_are_not_exported(tmp_path: Path) -> None:
    """The names of mistakes are the gradebook's own: a report tells what the learner may know."""
    path = tmp_path / "gradebook"
    fill(path, [row("ann", status=Status.WRONG, explanations=(("weights-left-out",),))])
    _csv(path), _json(path)
    for file in (path.with_suffix(".csv"), path.with_suffix(".json")):
        assert "weights-left-out" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r", "  =1", "＝1"])
def test_formulas_are_defused(text: str) -> None:
    """An apostrophe makes a text of what a spreadsheet would run."""
    assert defused(text).startswith("'")
    assert defused(text).lstrip("'\N{REPLACEMENT CHARACTER}").strip() == text.strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a,=1", "a,'=1"),
        ("a; @b", "a; '@b"),
        ('a"=1', "a\"'=1"),
        ("a\n=1", "a\N{REPLACEMENT CHARACTER}'=1"),
        ("a\x1b[2J", "a\N{REPLACEMENT CHARACTER}[2J"),
        ("a\u202eb", "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_what_follows_a_separator_is_defused(text: str, shown: str) -> None:
    """Whoever splits cells once more finds no formula either, and nothing moves a cursor."""
    assert defused(text) == shown


@pytest.mark.parametrize("text", ["", "ann", "a=1", "1-2", "'=1", "é"])
def test_other_texts_are_as_they_are(text: str) -> None:
    """Nothing is added where nothing can run."""
    assert defused(text) == text


def test_points(tmp_path: Path) -> None:
    """What is wrong, has failed or is not graded yet counts in the maximum."""
    path = tmp_path / "gradebook"
    with Gradebook(path) as book:
        start(book, ["ann", "bob", "cid", "gone"])
        book.record([row("gone")])
        start(book, ["ann", "bob", "cid"])
        book.record([row("ann", points=0.1), row("ann", SPECS[1], points=0.2)])
        book.record([row("bob", status=Status.ERROR, reason="timeout")])
        book.record([row("cid", status=Status.INTERNAL, reason="internal error", final=False)])
        _write(book, "csv", tmp_path / "points.csv")
    assert (tmp_path / "points.csv").read_bytes().decode() == (
        "submission,specs/one.yaml,specs/two.yaml,total,max,absent,"
        "specs/one.yaml: status,specs/two.yaml: status,"
        "graded total,submitted,late days,penalty,letter,notes\r\n"
        "ann,0.1,0.2,0.3,4,,right,right,0.3,,,,,\r\n"
        "bob,0,,,4,,timeout,,,,,,,\r\n"
        "cid,,,,4,,internal error,,,,,,,\r\n"
        "gone,2,,,4,yes,right,,,,,,,\r\n"
    )


def test_everything(tmp_path: Path) -> None:
    """The JSON document has the runs, and each grade with its hashes, its seed and its whole report."""
    path = tmp_path / "gradebook"
    given_row = row("ann", seed=2**65, hidden=True, report={"output": "hé\nllo"})
    fill(path, [given_row, row("bob")])
    document = _json(path)
    assert document["version"] == 2
    assert (document["runs"][0]["seed"], document["runs"][0]["options"]) == (7, {"jobs": 2})
    assert [spec["spec"] for spec in document["specs"]] == list(SPECS)
    ann = document["results"][0]
    assert (ann["seed"], ann["submission_hash"], ann["hidden"]) == (2**65, "s0", True)
    assert ann["report"] == json.loads(given_row.data)
    assert [r["submission"] for r in _json(path, Filters(submissions=("b*",)))["results"]] == ["bob"]


def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    """It is escaped, not refused: one odd file name must not cost the class its grades."""
    path = tmp_path / "gradebook"
    fill(path, [row("M\udcfcller")])
    assert _csv(path)[1][0] == "M\\udcfcller"
    assert _json(path)["results"][0]["submission"] == "M\udcfcller"


def test_an_empty_gradebook(tmp_path: Path) -> None:
    """No runs, no specs, no submissions: two files that say so."""
    path = tmp_path / "gradebook"
    Gradebook(path).close()
    assert _csv(path) == [["submission", "total", "max", "absent", *AFTER]]
    document = _json(path)
    assert document.pop("gradcheck") == __version__
    parts: dict[str, Any] = {"runs": [], "specs": [], "submissions": [], "overrides": [], "results": []}
    assert document == {"document": "gradebook", "version": 2} | parts


def test_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    """When writing fails midway, the old file stays and nothing else is left."""
    target = tmp_path / "grades.csv"
    target.write_text("old")
    with contextlib.suppress(ZeroDivisionError), replacing(target) as stream:
        stream.write("new" * 100_000)
        raise ZeroDivisionError
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("grades.csv", "old")]


@contextlib.contextmanager
def _little_room(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.skipif(os.name != "posix", reason="there are no limits on files")
@pytest.mark.parametrize("name", ["csv", "json"])
def test_no_room(tmp_path: Path, name: str) -> None:
    """Where the disk has no room the user is told, and the old file stays."""
    path, target = tmp_path / "gradebook", tmp_path / "out"
    fill(path, [row("x" * 10_000), row("y" * 10_000)])
    target.write_text("old")
    told = pytest.raises(GradcheckError, match=r"out: cannot be written .*; make room")
    with Gradebook.reading(path) as book, _little_room(8192), told:
        _write(book, name, target)
    assert target.read_text() == "old"
    assert len(list(tmp_path.glob(".out*"))) == 0


def test_a_target_that_cannot_be(tmp_path: Path) -> None:
    """A folder that is not there, or stands where the file should, is told."""
    path = tmp_path / "gradebook"
    fill(path, [row()])
    (tmp_path / "folder").mkdir()
    with Gradebook.reading(path) as book:
        for target in (tmp_path / "folder", tmp_path / "nowhere" / "out"):
            with pytest.raises(GradcheckError, match="cannot be written"):
                _write(book, "json", target)


_MUCH = """
import resource, sys, tracemalloc
from pathlib import Path
from gradebooks import SPECS, columns, row, start
from gradcheck.files import replacing
from gradcheck.formats.grade_format import Export
from gradcheck.formats.grades import FORMATS
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Policy
from gradcheck.grading.records import Row

path, count = Path(sys.argv[1]), int(sys.argv[2])
specs = [f"specs/{i}.yaml" for i in range(10)]
with Gradebook(path) as book:
    start(book, [f"student {i}" for i in range(count)], specs)
    data = row(report={"output": "x" * 200}).data
    plain = vars(row()) | {"data": data}
    for i in range(0, count, 100):
        names = [f"student {j}" for j in range(i, i + 100)]
        book.record([Row(**plain | {"submission": name, "spec": spec}) for name in names for spec in specs])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in ("csv", "json"):
        with replacing(path.with_suffix(f".{name}")) as stream:
            FORMATS[name].write(Export(grades=FinalGrades(book, Policy())), stream)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no resource module")
def test_memory_is_flat(tmp_path: Path) -> None:
    """100,000 rows, 100 MB of JSON, are written and exported within a few MB."""
    tests = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", _MUCH, str(tmp_path / "gradebook"), "10000"],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, [tests, tests.parent / "harness"]))},
    )
    assert ended.stderr == ""
    assert (tmp_path / "gradebook.json").stat().st_size > 80e6
    assert int(ended.stdout) << 10 < 30e6


def test_columns_without_points(tmp_path: Path) -> None:
    """A spec's points that no submission has a grade for are in the maximum."""
    path = tmp_path / "gradebook"
    with Gradebook(path) as book:
        book.start_run(
            seed=0,
            submissions=["ann"],
            columns=columns("a", "b", max_points=1.25),
            options={},
            protection="",
            versions={},
        )
    assert _csv(path)[1][:8] == ["ann", "", "", "", "2.5", "", "", ""]
