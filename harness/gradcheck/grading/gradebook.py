"""The gradebook: every grade of a class in one file that outlives whatever happens to a run."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from gradcheck.grading.database import (
    closed_on_error,
    explained,
    lock,
    open_for_reading,
    open_for_writing,
    transaction,
)
from gradcheck.grading.failure import NO_FILE, REFUSED
from gradcheck.grading.names import natural_key
from gradcheck.grading.records import (
    Column,
    Filters,
    Grade,
    Origin,
    Override,
    Person,
    Row,
    Run,
    RunFailure,
    Standing,
    Stumble,
)
from gradcheck.grading.stumbles import Stumbles
from gradcheck.verdict.records import Status

_NAMES = [field.name for field in fields(Grade)]
_FIELDS = ", ".join(_NAMES)
_REPORT = "data, explanations, fault, run_line, run_message"
_STATUSES = {str(status): status for status in Status}

_LATEST = f"SELECT {_FIELDS}, max(run) FROM grade WHERE run <= ?"
"""Grouped by submission and spec, it gives the newest grade of each pair: SQLite takes the other columns
from the row that has the maximum (sqlite.org/lang_select.html, "Bare columns in an aggregate query").
"""

_LAST_RUN = "(SELECT max(number) FROM run)"
_NEVER = 2**62
"""After all runs."""

_MAKES = """(submission, spec) IN (
    SELECT made.submission, made.spec FROM grade AS made
    CROSS JOIN report ON report.grade = made.id
    CROSS JOIN json_tree(report.explanations) AS slug
    WHERE slug.atom IN ({}))"""

_CLASS = f"""
    FROM report
    CROSS JOIN grade ON grade.id = report.grade
    CROSS JOIN spec ON spec.name = grade.spec AND spec.last_run = {_LAST_RUN}
    CROSS JOIN submission ON submission.name = grade.submission AND submission.last_run = {_LAST_RUN}"""

_RUN_FAILURES = f"""
    WITH class AS (
        SELECT spec.name, spec.place, spec.has_reference, report.run_line, report.run_message, grade.reason,
               max(report.run_line) OVER (PARTITION BY spec.place) AS line
        {_CLASS} AND grade.reason NOT IN ('{NO_FILE}', '{REFUSED}', '{Status.INTERNAL}'))
    SELECT name, line, min(run_message) FILTER (WHERE run_line = line),
           sum(run_line = line) AS failed, count(*) AS tried, has_reference
    FROM class
    GROUP BY place
    HAVING failed > 1 AND 2 * failed > tried AND sum(run_line IS NULL AND reason = '') = 0
    ORDER BY place"""


NO_NOTES = '"notes": []'
"""Stands in the text of a report without notes, and in no string of any other: there a quote is escaped."""

_BY_CASE = f"""
    SELECT grade.spec, sum(max(
        json_extract(quantity.value, '$.points'),
        CASE WHEN json_extract(quantity.value, '$.status') = '{Status.WRONG}'
                  AND json_extract(quantity.value, '$.reason') = 'values'
                  AND json_extract(quantity.value, '$.cases') > 0
        THEN 1.0 * json_extract(quantity.value, '$.max_points')
             * (json_extract(quantity.value, '$.cases') - json_extract(quantity.value, '$.wrong_cases'))
             / json_extract(quantity.value, '$.cases')
        ELSE 0 END))
    FROM grade CROSS JOIN report ON report.grade = grade.id
    CROSS JOIN json_each(report.data, '$.quantities') AS quantity
    WHERE grade.submission = ? AND json_extract(report.data, '$.failure') IS NULL
    GROUP BY grade.spec"""


class Gradebook:
    """The grades in one SQLite file, a submission's at a time; one process writes, any number reads.

    A context manager. Every method raises GradcheckError where the file can't be used, with what to do.
    """

    def __init__(self, path: Path) -> None:
        """Open the gradebook for writing; where there is none, make it, and its folder."""
        self.path = path
        self._db = open_for_writing(path)
        self._db.create_function("natural_key", 1, _natural_key, deterministic=True)
        with closed_on_error(self._db):
            self._lock: sqlite3.Connection | None = lock(path)
        self._run = 0

    @classmethod
    def reading(cls, path: Path) -> Self:
        """The gradebook, to read only; a run that writes it is not disturbed."""
        book = cls.__new__(cls)
        book.path, book._db, book._lock, book._run = path, open_for_reading(path), None, 0
        book._db.create_function("natural_key", 1, _natural_key, deterministic=True)
        return book

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._lock:
            self._lock.close()

    def start_run(
        self,
        *,
        seed: int,
        submissions: Sequence[str],
        columns: Sequence[Column],
        options: Mapping[str, Any],
        protection: str,
        versions: Mapping[str, str],
        origins: Iterable[Origin] = (),
    ) -> int:
        """The number of a new run, of these submissions and these specs; what follows is recorded in it.

        Submissions and specs that it doesn't name keep their grades and count as absent. A submission without
        an origin has none any more.
        """
        run = (_now(), str(seed), _json(options), protection, _json(versions))
        with self._writing():
            added = self._db.execute(
                "INSERT INTO run (started, seed, options, protection, versions) VALUES (?, ?, ?, ?, ?)", run
            )
            self._run = int(added.lastrowid or 0)
            self._db.executemany(
                "INSERT OR REPLACE INTO submission VALUES (?, ?)",
                ((_stored(name), self._run) for name in submissions),
            )
            self._db.executemany(
                "DELETE FROM origin WHERE submission = ?", ((_stored(name),) for name in submissions)
            )
            self._db.executemany("INSERT INTO origin VALUES (?, ?, ?, ?, ?)", map(_origin, origins))
            self._db.executemany(
                "INSERT OR REPLACE INTO spec VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (_stored(c.spec), self._run, n, _stored(c.title), c.max_points, c.hidden, c.has_reference)
                    for n, c in enumerate(columns)
                ),
            )
        return self._run

    def end_run(self) -> None:
        """Note that the run has come to its end."""
        with self._writing():
            self._db.execute("UPDATE run SET ended = ? WHERE number = ?", (_now(), self._run))
        self._run = 0

    def record(self, rows: Sequence[Row]) -> None:
        """Keep these rows, all or none of them; each replaces the older report of its pair.

        A submission's rows belong into one call: so the file holds all of them, or none, at any moment.
        """
        if not self._run:
            raise RuntimeError("a grade is recorded in a run: call start_run first")
        with self._writing():
            for row in rows:
                self._record(row)

    def _record(self, row: Row) -> None:
        pair = _stored(row.submission), _stored(row.spec)
        self._db.execute(
            "DELETE FROM report WHERE grade IN (SELECT id FROM grade WHERE submission = ? AND spec = ?)", pair
        )
        followed = row.submission_hash, row.spec_hash, row.gradcheck_hash, str(row.seed)
        earned = str(row.status), row.points, row.max_points, row.seconds, row.hidden, row.reason, row.final
        added = self._db.execute(
            f"INSERT OR REPLACE INTO grade ({_FIELDS}, run) VALUES ({'?, ' * len(_NAMES)}?)",
            (*pair, *followed, *earned, self._run),
        )
        report = row.data, json.dumps(row.explanations), _printable(row.fault)
        self._db.execute(
            f"INSERT INTO report (grade, {_REPORT}) VALUES (?, ?, ?, ?, ?, ?)",
            (added.lastrowid, *report, row.run_line, _printable(row.run_message)),
        )

    def override(self, submission: str, spec: str, points: float, reason: str) -> None:
        """Have these points stand in the place of the graded ones, in every run, until that is taken back."""
        with self._writing():
            self._db.execute(
                "INSERT OR REPLACE INTO override VALUES (?, ?, ?, ?, ?)",
                (_stored(submission), _stored(spec), points, _printable(reason), _now()),
            )

    def remove_override(self, submission: str, spec: str) -> bool:
        """Let the graded points count again; False where nothing stood in their place."""
        pair = _stored(submission), _stored(spec)
        with self._writing():
            removed = self._db.execute("DELETE FROM override WHERE submission = ? AND spec = ?", pair)
        return removed.rowcount > 0

    def overrides(self) -> list[Override]:
        """All overrides, ordered by submission and spec."""
        rows = self._read(
            "SELECT submission, spec, points, reason, given FROM override ORDER BY submission, spec"
        )
        return [
            Override(submission=_text(name), spec=_text(spec), points=points, reason=reason, given=given)
            for name, spec, points, reason, given in rows
        ]

    def origins(self) -> dict[str, Origin]:
        """Submission -> where it comes from; of those that a course system's file names say."""
        rows = self._read("SELECT submission, system, people, submitted, late FROM origin")
        return {
            _text(name): Origin(
                submission=_text(name),
                system=system,
                people=tuple(Person(**person) for person in json.loads(people)),
                submitted=datetime.fromisoformat(submitted) if submitted else None,
                late=None if late is None else bool(late),
            )
            for name, system, people, submitted, late in rows
        }

    def notes(self) -> dict[str, dict[str, list[str]]]:
        """Submission -> spec -> what its report notes, where it notes anything."""
        rows = self._read(
            "SELECT submission, spec, json_extract(data, '$.notes') "
            "FROM report CROSS JOIN grade ON grade.id = report.grade "
            "WHERE instr(data, ?) = 0 AND json_array_length(data, '$.notes') > 0",
            (NO_NOTES,),
        )
        notes: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        for name, spec, texts in rows:
            notes[_text(name)][_text(spec)] = json.loads(texts)
        return dict(notes)

    def points_by_case(self, submission: str) -> dict[str, float]:
        """Spec -> its points where a wrong quantity earns its share of those cases in which it is right."""
        rows = self._read(_BY_CASE, (_stored(submission),))
        return {_text(spec): points for spec, points in rows}

    def graded(
        self, *, gradcheck_hash: str, seed: int | None = None
    ) -> dict[tuple[str, str], tuple[str, str]]:
        """What each pair's newest grade followed from: (submission, spec) -> (hash of the one, of the other).

        Grades by another gradcheck or, with a `seed`, of another seed are left out: they are out of date. So
        are those that are not final.
        """
        return {
            (grade.submission, grade.spec): (grade.submission_hash, grade.spec_hash)
            for grade in self.grades()
            if grade.final and grade.gradcheck_hash == gradcheck_hash and seed in (None, grade.seed)
        }

    def grades(self, filters: Filters | None = None, *, run: int | None = None) -> Iterator[Grade]:
        """The newest grade of each pair, as the gradebook stood after that run, or as it stands."""
        where, values = _where(filters or Filters())
        newest = f"{_LATEST} GROUP BY submission, spec"
        for record in self._read(
            f"SELECT {_FIELDS} FROM ({newest}) WHERE {where} ORDER BY submission, spec",
            (_NEVER if run is None else run, *values),
        ):
            yield Grade(**_grade(record))

    def rows(self, filters: Filters | None = None) -> Iterator[Row]:
        """The newest grade of each pair with its report, one at a time, ordered by submission and spec."""
        where, values = _where(filters or Filters())
        for *record, data, explanations, fault, line, message in self._read(
            f"SELECT {_FIELDS}, {_REPORT} FROM grade CROSS JOIN report ON report.grade = grade.id "
            f"WHERE {where} ORDER BY submission, spec",
            values,
        ):
            yield Row(
                **_grade(record),
                data=data,
                explanations=tuple(map(tuple, json.loads(explanations))),
                fault=fault,
                run_line=line,
                run_message=message,
            )

    def columns(self, specs: Sequence[str] = ()) -> list[Column]:
        """The specs of the last run, in its order; with `specs`, paths or patterns, those that one fits."""
        where, values = _any_of("name", specs)
        rows = self._read(
            "SELECT name, title, max_points, hidden, has_reference FROM spec "
            f"WHERE last_run = {_LAST_RUN} AND {where} ORDER BY place",
            values,
        )
        return [
            Column(
                spec=_text(name),
                title=_text(title),
                max_points=points,
                hidden=bool(hidden),
                has_reference=bool(has_reference),
            )
            for name, title, points, hidden, has_reference in rows
        ]

    def submissions(self, names: Sequence[str] = ()) -> Iterator[tuple[str, bool]]:
        """Every submission that any run has seen, and whether the last run missed it.

        In the order of `natural_key`. With `names`, which may be patterns, only those that one of them fits.
        """
        where, values = _any_of("name", names)
        for name, seen in self._read(
            f"SELECT name, last_run = {_LAST_RUN} FROM submission WHERE {where} "
            "ORDER BY natural_key(name), name",
            values,
        ):
            yield _text(name), not seen

    def last_seen(self, run: int) -> list[str]:
        """The submissions that this run has seen, and none after it."""
        rows = self._read("SELECT name FROM submission WHERE last_run = ? ORDER BY natural_key(name)", (run,))
        return [_text(name) for (name,) in rows]

    def standings(self, filters: Filters | None = None) -> Iterator[Standing]:
        """Submissions, each with its grades for the specs of the last run, as far as the filters fit them.

        With statuses or mistakes in the `filters`, only submissions that have such a grade.
        """
        filters = filters or Filters()
        chosen = filters.statuses or filters.mistakes
        fitting = {(grade.submission, grade.spec) for grade in self.grades(filters)} if chosen else set()
        specs = [column.spec for column in self.columns(filters.specs)]
        for name, absent in self.submissions(filters.submissions):
            lines = self._read(f"{_LATEST} AND submission = ? GROUP BY spec", (_NEVER, _stored(name)))
            grades = {grade.spec: grade for grade in (Grade(**_grade(line[:-1])) for line in lines)}
            chosen_grades = {spec: grades[spec] for spec in specs if spec in grades}
            if not chosen or any((name, spec) in fitting for spec in chosen_grades):
                yield Standing(submission=name, absent=absent, grades=chosen_grades)

    def _present(self, filters: Filters) -> set[str]:
        """The submissions of the last run that the filters fit."""
        if filters.statuses or filters.mistakes:
            return {one.submission for one in self.standings(filters) if not one.absent}
        return {name for name, is_absent in self.submissions(filters.submissions) if not is_absent}

    def runs(self) -> list[Run]:
        """All runs, the oldest first."""
        rows = self._read(
            "SELECT number, started, ended, seed, options, protection, versions FROM run ORDER BY number"
        )
        return [
            Run(
                number=number,
                started=started,
                ended=ended,
                seed=int(seed),
                options=json.loads(options),
                protection=protection,
                versions=json.loads(versions),
            )
            for number, started, ended, seed, options, protection, versions in rows
        ]

    def stumbles(self, filters: Filters | None = None) -> list[Stumble]:
        """What goes wrong in the class of the last run, and who does it, the most frequent first.

        Mistakes by name; by quantity what is wrong and explained by none, and what gave no numbers. With
        `filters` those submissions and specs alone that `standings` has.
        """
        filters = filters or Filters()
        stumbles = Stumbles([column.spec for column in self.columns(filters.specs)])
        present = self._present(filters)
        for row in self.rows(Filters(submissions=filters.submissions, specs=filters.specs)):
            if row.submission in present:
                stumbles.count(row)
        return stumbles.ranked()

    def run_failures(self) -> list[RunFailure]:
        """Lines of specs that nobody in the last run's class has got past, where most have failed.

        They are two submissions at least; others have failed before that line, by their own code.
        """
        return [
            RunFailure(
                spec=_text(spec),
                line=line,
                message=message,
                failed=failed,
                tried=tried,
                has_reference=bool(has_reference),
            )
            for spec, line, message, failed, tried, has_reference in self._read(_RUN_FAILURES)
        ]

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self.path), transaction(self._db):
            yield

    def _read(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with explained(self.path):
            yield from self._db.execute(query, values)


def _origin(origin: Origin) -> tuple[object, ...]:
    """An origin as its row in the table."""
    people = json.dumps([asdict(person) for person in origin.people])
    submitted = origin.submitted.isoformat() if origin.submitted else None
    return _stored(origin.submission), origin.system, people, submitted, origin.late


def _grade(values: Sequence[Any]) -> dict[str, Any]:
    """The fields of a Grade from what its row in the table holds."""
    grade = dict(zip(_NAMES, values, strict=True))
    return grade | {
        "submission": _text(grade["submission"]),
        "spec": _text(grade["spec"]),
        "seed": int(grade["seed"]),
        "status": _STATUSES[grade["status"]],
        "hidden": bool(grade["hidden"]),
        "final": bool(grade["final"]),
    }


def _where(filters: Filters) -> tuple[str, list[Any]]:
    """A condition on the table of grades, and its values."""
    submissions, names = _any_of("submission", filters.submissions)
    specs, paths = _any_of("spec", filters.specs)
    statuses = list(map(str, filters.statuses))
    marks = ", ".join("?" * len(statuses))
    status = f"(status IN ({marks}) OR reason IN ({marks}))" if statuses else "TRUE"
    makers = _MAKES.format(", ".join("?" * len(filters.mistakes))) if filters.mistakes else "TRUE"
    return f"{submissions} AND {specs} AND {status} AND {makers}", [
        *names,
        *paths,
        *statuses,
        *statuses,
        *filters.mistakes,
    ]


def _any_of(column: str, patterns: Sequence[str]) -> tuple[str, list[Any]]:
    """A condition that one of the patterns fits, or is the value itself, as a name may hold brackets."""
    if not patterns:
        return "TRUE", []
    condition = " OR ".join(f"{column} = ? OR {column} GLOB ?" for _ in patterns)
    return f"({condition})", [value for pattern in patterns for value in [_stored(pattern)] * 2]


def _stored(text: str) -> str | bytes:
    """A text as SQLite takes it: a file's name that is no Unicode (a lone surrogate) goes as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")
    return text


def _natural_key(stored: str | bytes) -> bytes:
    """`natural_key` for SQLite, which compares bytes as Python compares characters."""
    return natural_key(_text(stored)).encode(errors="surrogatepass")


def _printable(text: str) -> str:
    """A text that is stored for people: what is no Unicode as an escape."""
    return text.encode(errors="backslashreplace").decode()


def _text(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode(errors="surrogatepass")


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(dict(data), allow_nan=False)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
