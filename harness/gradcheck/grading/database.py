"""The file of a gradebook: opened, checked and locked, with complaints that one can act on."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from gradcheck.errors import GradcheckError

VERSION = 4
"""Of the tables below, and of the reports that they hold (gradcheck.report.document.VERSION 2)."""

_APPLICATION = 0x67726164
"""In the file's header; tells a gradebook from other SQLite files."""

_TABLES = """
CREATE TABLE run (
    number INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    seed TEXT NOT NULL,
    options TEXT NOT NULL CHECK (json_valid(options)),
    protection TEXT NOT NULL,
    versions TEXT NOT NULL CHECK (json_valid(versions))
);
CREATE TABLE submission (name TEXT PRIMARY KEY, last_run INTEGER NOT NULL);
CREATE TABLE spec (
    name TEXT PRIMARY KEY,
    last_run INTEGER NOT NULL,
    place INTEGER NOT NULL,
    title TEXT NOT NULL,
    max_points REAL NOT NULL,
    hidden INTEGER NOT NULL,
    has_reference INTEGER NOT NULL
);
CREATE TABLE grade (
    id INTEGER PRIMARY KEY,
    submission TEXT NOT NULL,
    spec TEXT NOT NULL,
    run INTEGER NOT NULL,
    submission_hash TEXT NOT NULL,
    spec_hash TEXT NOT NULL,
    gradcheck_hash TEXT NOT NULL,
    seed TEXT NOT NULL,
    status TEXT NOT NULL,
    points REAL NOT NULL,
    max_points REAL NOT NULL,
    seconds REAL NOT NULL,
    hidden INTEGER NOT NULL,
    reason TEXT NOT NULL,
    final INTEGER NOT NULL,
    UNIQUE (submission, spec, run)
);
CREATE TABLE report (
    grade INTEGER PRIMARY KEY,
    explanations TEXT NOT NULL CHECK (json_valid(explanations)),
    data TEXT NOT NULL CHECK (json_valid(data)),
    fault TEXT NOT NULL,
    run_line INTEGER,
    run_message TEXT NOT NULL
);
"""
_ADDED = """
CREATE TABLE IF NOT EXISTS override (
    submission TEXT NOT NULL,
    spec TEXT NOT NULL,
    points REAL NOT NULL,
    reason TEXT NOT NULL,
    given TEXT NOT NULL,
    PRIMARY KEY (submission, spec)
);
CREATE TABLE IF NOT EXISTS origin (
    submission TEXT PRIMARY KEY,
    system TEXT NOT NULL,
    people TEXT NOT NULL CHECK (json_valid(people)),
    submitted TEXT,
    late INTEGER
);
"""
"""Tables that a gradebook of this version may lack: a writer adds them, a reader takes them for empty."""
# An older grade of a pair stays, so that runs can be compared; its report goes. Seeds are texts because
# SQLite's integers end at 2**63. The reports lie apart, so that listings need not read past them.

_ADVICE = {
    sqlite3.SQLITE_NOTADB: "is not a gradebook; move it away, or choose another folder",
    sqlite3.SQLITE_CORRUPT: "is damaged; move it away and grade anew, or restore a copy",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full; make room and start again: grades are kept",
    sqlite3.SQLITE_READONLY: "cannot be written; make the file and its folder writable, or choose another",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; the folder must exist and be readable and writable",
    sqlite3.SQLITE_PERM: "cannot be opened; make the file and its folder readable and writable",
    sqlite3.SQLITE_BUSY: "is being written by another run; wait for its end, or stop it",
    sqlite3.SQLITE_IOERR: "cannot be read or written; look after the disk, its free space and its quota",
}


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raises GradcheckError for what SQLite or the file system complains of."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is a refinement of it
        advice = _ADVICE.get(code, "cannot be used; see what follows")
        raise GradcheckError(f"{path}: the gradebook {advice} (SQLite: {error})") from None
    except OSError as error:
        raise GradcheckError(f"{path}: the gradebook cannot be opened ({error.strerror or error})") from None


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection to the gradebook, which is made where there is none. Raises GradcheckError."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, isolation_level=None)
    with closed_on_error(db), explained(path):
        _check(db, path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        with transaction(db):
            if not _has_tables(db):
                _make(db)
            _execute(db, _ADDED)
    return db


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises GradcheckError, too where there is no gradebook."""
    with explained(path):
        if not path.is_file():
            raise GradcheckError(f"{path}: there is no gradebook; `gradcheck grade` makes one")
        db = _connected(path)
    with closed_on_error(db), explained(path):
        _check(db, path)
        if not _has_tables(db):
            raise GradcheckError(f"{path}: the gradebook is empty; `gradcheck grade` fills it")
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'origin'").fetchone() is None:
            _execute(db, _ADDED.replace("CREATE TABLE", "CREATE TEMP TABLE"))
    return db


def lock(path: Path) -> sqlite3.Connection:
    """What keeps other writers out until it is closed, or its process ends in whatever way.

    It is a lock on an empty file beside the gradebook, because readers must get at the gradebook itself.
    """
    with explained(path):
        db = sqlite3.connect(path.with_name(path.name + ".lock"), timeout=0, isolation_level=None)
    with closed_on_error(db), explained(path):
        db.execute("BEGIN EXCLUSIVE")
    return db


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of what is done inside, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextlib.contextmanager
def closed_on_error(db: sqlite3.Connection) -> Iterator[None]:
    """Closes the connection if what is done inside fails."""
    try:
        yield
    except BaseException:
        db.close()
        raise


def _connected(path: Path) -> sqlite3.Connection:
    """A folder that can't be written is fine where the last writer has ended in peace."""
    uri = path.absolute().as_uri() + "?mode=ro"
    db = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        db.execute("PRAGMA user_version")
    except sqlite3.OperationalError:
        db.close()
        if _has_content(path.with_name(path.name + "-wal")):
            raise
        return sqlite3.connect(uri + "&immutable=1", uri=True, isolation_level=None)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _has_content(path: Path) -> bool:
    """Whether a file holds anything; a reader leaves an empty one behind."""
    return path.exists() and path.stat().st_size > 0


def _check(db: sqlite3.Connection, path: Path) -> None:
    """Raises GradcheckError for a file of another program, or of another version of this one."""
    application, version = _pragma(db, "application_id"), _pragma(db, "user_version")
    if _has_tables(db) and application != _APPLICATION:
        raise GradcheckError(f"{path}: a database of another program; move it away, or choose another folder")
    if version > VERSION:
        raise GradcheckError(
            f"{path}: the gradebook has version {version}, and this gradcheck knows {VERSION} at most; "
            "update gradcheck"
        )
    if 0 < version < VERSION:
        raise GradcheckError(
            f"{path}: the gradebook is of an older gradcheck, whose reports this one does not read "
            "(docs/json.md says what moved); move it away and grade anew, or use the older one"
        )


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _has_tables(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master").fetchone() is not None


def _make(db: sqlite3.Connection) -> None:
    _execute(db, _TABLES)
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    db.execute(f"PRAGMA user_version = {VERSION}")


def _execute(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";")[:-1]:
        db.execute(statement)
