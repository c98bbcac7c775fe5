"""The gradebook."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.errors import GradcheckError
from gradcheck.grading.database import VERSION
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.records import Filters, Grade, Row
from gradcheck.verdict.records import Status
from gradebooks import SPECS, columns, fill, row, start

NAMES = st.text(st.characters(), min_size=1, max_size=20) | st.sampled_from(
    ["a\nb", 'a,"b"', "=cmd()", "\u202eabc", "x" * 10_000, "M\udcfcller", "*", "[a]", "\x1b[31m", "''"]
)
ROWS = st.builds(
    row,
    submission=NAMES,
    spec=st.sampled_from(SPECS),
    status=st.sampled_from(Status),
    points=st.floats(0, 1e9),
    seed=st.integers(-(2**70), 2**70),
    hidden=st.booleans(),
    seconds=st.floats(0, 1e6),
    explanations=st.lists(
        st.lists(st.sampled_from("abc"), min_size=1, max_size=2).map(tuple), max_size=3
    ).map(tuple),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out" / "gradebook.sqlite"


@pytest.mark.slow
@given(st.lists(ROWS, max_size=8, unique_by=lambda r: (r.submission, r.spec)))
@settings(max_examples=40, deadline=None)
def test_what_is_recorded_is_read_back(rows: list[Row]) -> None:
    """Rows come back as they went in, whatever names they have, by submission and then by spec."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gradebook"
        fill(file, rows)
        with Gradebook.reading(file) as book:
            found = list(book.rows())
            own = [field.name for field in fields(Grade)]
            grades = [Grade(**{name: getattr(r, name) for name in own}) for r in found]
            assert list(book.grades()) == grades
            for name in {r.submission for r in rows}:
                assert name in {r.submission for r in book.rows(Filters(submissions=(name,)))}
    assert sorted(map(repr, found)) == sorted(map(repr, rows))
    pairs = [(r.submission.encode(errors="surrogatepass"), r.spec) for r in found if r.submission.isascii()]
    assert pairs == sorted(pairs)


def test_a_new_grade_replaces_the_old(path: Path) -> None:
    """There is one row for each pair: the newest, in the same run and in a later one."""
    with Gradebook(path) as book:
        start(book, ["ann"])
        book.record([row("ann", status=Status.WRONG), row("ann", SPECS[1])])
        book.record([row("ann", status=Status.ERROR)])
        assert [r.status for r in book.rows()] == [Status.ERROR, Status.RIGHT]
        start(book, ["ann"])
        book.record([row("ann", seed=8)])
        assert [(r.status, r.seed) for r in book.rows()] == [(Status.RIGHT, 8), (Status.RIGHT, 7)]


def test_an_earlier_state_is_kept(path: Path) -> None:
    """After any number of runs, the grades are still known as they stood after an earlier one."""
    with Gradebook(path) as book:
        first = start(book, ["ann"])
        book.record([row("ann", status=Status.WRONG), row("ann", SPECS[1], Status.WRONG)])
        second = start(book, ["ann"])
        book.record([row("ann")])
        assert [g.status for g in book.grades(run=first)] == [Status.WRONG, Status.WRONG]
        assert [g.status for g in book.grades(run=second)] == [Status.RIGHT, Status.WRONG]
        assert not list(book.grades(run=0))


def test_all_or_nothing(path: Path) -> None:
    """Of rows one of which can't be kept, none is."""
    with Gradebook(path) as book:
        start(book, ["ann"])
        with pytest.raises(GradcheckError, match="json_valid"):
            book.record([row("ann"), replace(row("ann", SPECS[1]), data='{"points": NaN}')])
        assert not list(book.grades())
        book.record([row("ann")])
        assert len(list(book.grades())) == 1


def test_what_is_graded(path: Path) -> None:
    """A pair is known with the hashes of its newest grade, unless that came from another harness or seed."""
    with Gradebook(path) as book:
        start(book, ["ann", "bob"])
        book.record(
            [row("ann", submission_hash="s1", spec_hash="c1"), row("ann", SPECS[1], gradcheck_hash="h1")]
        )
        book.record([row("bob", seed=8)])
        assert book.graded(gradcheck_hash="h0") == {
            ("ann", SPECS[0]): ("s1", "c1"),
            ("bob", SPECS[0]): ("s0", "c0"),
        }
        assert set(book.graded(gradcheck_hash="h0", seed=8)) == {("bob", SPECS[0])}
        assert book.graded(gradcheck_hash="h2") == {}
        start(book, ["ann"])
        book.record([row("ann", gradcheck_hash="h2")])
        assert ("ann", SPECS[0]) not in book.graded(gradcheck_hash="h0")


def test_runs(path: Path) -> None:
    """A run's seed, options and protection are kept; one that was not ended shows it."""
    with Gradebook(path) as book:
        book.start_run(
            seed=2**64,
            submissions=[],
            columns=[],
            options={"hidden": ["a"], "jobs": 2},
            protection="isolation: seccomp",
            versions={"numpy": "2"},
        )
        book.end_run()
        start(book, [])
        first, second = book.runs()
    assert (first.number, first.seed, first.options["hidden"]) == (1, 2**64, ["a"])
    assert (first.protection, first.versions) == ("isolation: seccomp", {"numpy": "2"})
    assert first.ended is not None
    assert second.ended is None


def test_a_grade_belongs_to_a_run(path: Path) -> None:
    """Before a run starts and after it ends, nothing is recorded."""
    with Gradebook(path) as book:
        with pytest.raises(RuntimeError, match="start_run"):
            book.record([row()])
        start(book, [])
        book.end_run()
        with pytest.raises(RuntimeError, match="start_run"):
            book.record([row()])


def test_a_vanished_submission_is_absent(path: Path) -> None:
    """It keeps its grades, and is back when a run finds it again; a vanished spec has no column."""
    fill(path, [row("ann"), row("ann", SPECS[1]), row("bob")])
    with Gradebook(path) as book:
        start(book, ["bob", "cid"], SPECS[1:])
        ann, bob, cid = book.standings()
        assert [c.spec for c in book.columns()] == [SPECS[1]]
        assert (ann.absent, bob.absent, cid.absent) == (True, False, False)
        assert (ann.points, bob.points, cid.points) == (2, 0, 0)
        start(book, ["ann"])
        assert [s.absent for s in book.standings()] == [False, True, True]
        assert [c.spec for c in book.columns()] == list(SPECS)


def test_filters(path: Path) -> None:
    """They choose by name or pattern and by status; a name with brackets is found by itself."""
    fill(path, [row("ann"), row("ann", SPECS[1], Status.WRONG), row("bob"), row("b[1].py")])

    def chosen(**filters: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(g.submission, g.spec[6:9]) for g in book.grades(Filters(**filters))]

    with Gradebook.reading(path) as book:
        assert chosen(submissions=("b*",)) == [("b[1].py", "one"), ("bob", "one")]
        assert chosen(submissions=("b[1].py",)) == [("b[1].py", "one")]
        assert chosen(submissions=("ann", "bob"), specs=("*one*",)) == [("ann", "one"), ("bob", "one")]
        assert chosen(statuses=(Status.WRONG,)) == [("ann", "two")]
        assert [s.submission for s in book.standings(Filters(statuses=(Status.WRONG,)))] == ["ann"]
        assert [r.status for r in book.rows(Filters(statuses=(Status.WRONG,)))] == [Status.WRONG]


def test_who_makes_a_mistake(path: Path) -> None:
    """Grades and submissions can be chosen by a mistake, alone or among its equals, of the newest grade."""
    rows = [
        row("ann", SPECS[1], Status.WRONG, explanations=(("a",), ("b",))),
        row("bob", explanations=(("b", "c"),)),
    ]
    with Gradebook(path) as book:
        start(book, ["ann", "bob"])
        book.record([*rows, row("ann")])

        def chosen(*mistakes: str, **others: tuple[Status, ...]) -> list[str]:
            filters = Filters(mistakes=mistakes, **others)
            found = [r.submission for r in book.rows(filters)]
            assert found == [g.submission for g in book.grades(filters)]
            assert found == [s.submission for s in book.standings(filters)]
            return found

        assert chosen("a") == ["ann"]
        assert chosen("b") == chosen("a", "c") == ["ann", "bob"]
        assert chosen("d") == []
        assert chosen("b", statuses=(Status.WRONG,)) == ["ann"]
        start(book, ["ann"])
        book.record([row("ann", SPECS[1])])
        assert chosen("b") == ["bob"]


@pytest.mark.parametrize("version", [1, VERSION - 1])
def test_an_older_gradebook(path: Path, version: int) -> None:
    """Its reports are in a format that nothing here reads: one line says so, and what to do."""
    fill(path, [row("ann")])
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    for opened in (Gradebook, Gradebook.reading):
        with pytest.raises(
            GradcheckError, match=r"older gradcheck, whose reports .* move it away and grade anew"
        ):
            opened(path)


def test_one_writer_many_readers(path: Path) -> None:
    """While one writes, others read what is committed, and a second writer is told so."""
    with Gradebook(path) as book:
        start(book, ["ann"])
        book.record([row("ann")])
        with Gradebook.reading(path) as reader:
            assert len(list(reader.rows())) == 1
            book.record([row("ann", SPECS[1])])
            assert len(list(reader.rows())) == 2
        with pytest.raises(GradcheckError, match="written by another run"):
            Gradebook(path)
    Gradebook(path).close()


def test_no_gradebook(path: Path) -> None:
    """Reading makes no file, and says what would."""
    with pytest.raises(GradcheckError, match="there is no gradebook; `gradcheck grade` makes one"):
        Gradebook.reading(path)
    assert not path.parent.exists()


@pytest.mark.parametrize("content", [b"submission,points\n" * 100, b"x" * 5000])
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    """It is left as it is, and the user is told what to do."""
    path.parent.mkdir()
    path.write_bytes(content)
    for open_it in (Gradebook, Gradebook.reading):
        with pytest.raises(GradcheckError, match="is not a gradebook; move it away"):
            open_it(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program(path: Path) -> None:
    """Its tables are not touched."""
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE grade (x)")
    db.close()
    with pytest.raises(GradcheckError, match="of another program"):
        Gradebook(path)


def test_a_newer_version(path: Path) -> None:
    """A gradebook of a later gradcheck is refused, for reading as well."""
    fill(path, [row()])
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    for open_it in (Gradebook, Gradebook.reading):
        with pytest.raises(GradcheckError, match=rf"has version {VERSION + 1}, .* update gradcheck"):
            open_it(path)


def test_an_empty_file_becomes_a_gradebook(path: Path) -> None:
    """A run that was killed before its first write leaves one; reading it says so."""
    path.parent.mkdir()
    path.touch()
    with pytest.raises(GradcheckError, match="is empty"):
        Gradebook.reading(path)
    fill(path, [row()])
    with Gradebook.reading(path) as book:
        assert len(list(book.rows())) == 1


def test_a_damaged_file(path: Path) -> None:
    """Nothing wrong is read from it."""
    fill(path, [row(f"student {i}", report={"output": "x" * 5000}) for i in range(20)])
    content = bytearray(path.read_bytes())
    content[4096 * 8 :] = b"\xff" * (len(content) - 4096 * 8)
    path.write_bytes(content)
    with pytest.raises(GradcheckError, match="damaged; move it away"), Gradebook.reading(path) as book:
        list(book.rows())


def test_a_full_disk(path: Path) -> None:
    """The submission that didn't fit is not there at all; all before it are, and writing can go on."""
    fat = {"output": "x" * 100_000}
    with Gradebook(path) as book:
        start(book, ["ann", "bob"])
        book.record([row("ann")])
        pages = book._db.execute("PRAGMA page_count").fetchone()[0]
        book._db.execute(f"PRAGMA max_page_count = {pages + 5}")
        with pytest.raises(GradcheckError, match="the disk is full; make room"):
            book.record([row("bob"), row("bob", SPECS[1], report=fat)])
        assert [g.submission for g in book.grades()] == ["ann"]
        book._db.execute("PRAGMA max_page_count = 100000")
        book.record([row("bob", report=fat)])
        assert [g.submission for g in book.grades()] == ["ann", "bob"]


@contextmanager
def _locked_away() -> Iterator[Path]:
    """A folder that this process, for the time being no administrator, can't write once it is told so."""
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _as_a_guest(folder: Path) -> Iterator[None]:
    folder.chmod(0o555)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(65534)
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="read-only folders are a matter of permissions")
def test_a_folder_that_cannot_be_written() -> None:
    """A run is refused with what to do; a gradebook that lies there can be read all the same."""
    with _locked_away() as folder:
        with _as_a_guest(folder), pytest.raises(GradcheckError, match="cannot be opened"):
            Gradebook(folder / "gradebook")
        with _as_a_guest(folder), pytest.raises(GradcheckError, match="cannot be opened"):
            Gradebook(folder / "new" / "gradebook")
        fill(folder / "gradebook", [row()])
        with _as_a_guest(folder):
            with Gradebook.reading(folder / "gradebook") as book:
                assert len(list(book.rows())) == 1
            with pytest.raises(GradcheckError, match=r"cannot be (written|opened)"):
                Gradebook(folder / "gradebook")


def test_columns_keep_the_order_and_points_of_the_run(path: Path) -> None:
    """A later run's points hold."""
    with Gradebook(path) as book:
        for points in (2.0, 3.5):
            book.start_run(
                seed=0,
                submissions=[],
                columns=columns("z", "a", max_points=points),
                options={},
                protection="",
                versions={},
            )
        assert [(c.spec, c.max_points) for c in book.columns()] == [("z", 3.5), ("a", 3.5)]


def test_what_is_not_final_is_due_again(path: Path) -> None:
    """A grade that an internal error or a machine has brought about does not count as graded."""
    fill(path, [row("ann"), row("bob", final=False)])
    with Gradebook.reading(path) as book:
        assert [name for name, _ in book.graded(gradcheck_hash="h0", seed=7)] == ["ann"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([9, 9, 9], [(9, 3)]),
        ([9, 9, 8], [(9, 2)]),
        ([9, None, 9], [(9, 2)]),
        ([9, 9, None, None], []),
        ([9, 8, 8], []),
        ([9], []),
    ],
)
def test_run_failures(path: Path, lines: list[int | None], found: list[tuple[int, int]]) -> None:
    """A line of a spec is suspect where most fail and nobody gets past it, whatever the others break off at.

    No file is no failure, and a single submission shows nothing.
    """
    rows = [
        row(f"student{n}", status=Status.ERROR, reason="crash", run_line=line) for n, line in enumerate(lines)
    ]
    fill(path, [*rows, row("zoe", status=Status.ERROR, reason="no file")])
    with Gradebook.reading(path) as book:
        assert [(one.line, one.failed) for one in book.run_failures()] == found
    fill(path, [*rows, row("who gets to the end")])
    with Gradebook.reading(path) as book:
        assert book.run_failures() == []
