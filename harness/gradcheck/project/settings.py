"""Where a project has its specs and submissions: pytest's configuration, read without pytest.

The command and pytest go by the same lines of the same file. What pytest does at length, in
`_pytest.config.findpaths`, is repeated here as far as it concerns two settings: to import pytest takes longer
than all the rest of a warm run.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.project.configuration import Table, nearest_table
from gradcheck.spelling import nearest

SPECS, SUBMISSIONS = "gradcheck_specs", "gradcheck_submissions"
NO_FILE = "pytest.ini"
"""The file to write where there is none."""


@dataclass(frozen=True)
class Settings:
    """What a project says of itself; all paths are absolute."""

    root: Path
    place: str
    """File and line of what is said about specs."""
    specs: tuple[Path, ...]
    """Folders whose .yaml files are specs; empty where nothing is said of them."""
    submissions: Path


def settings(folder: Path) -> Settings | None:
    """Of the project in which `folder` lies; None where no file configures pytest.

    Raises UsageError, with file and line, where a file can't be read or says what makes no sense.
    """
    table = nearest_table(folder.absolute())
    if table is None:
        return None
    specs = _paths(table)
    if not specs:
        _refuse_misspelt(table)
    root = table.file.parent
    submissions = root / _text(table, SUBMISSIONS, "submissions")
    return Settings(root, table.place(SPECS), tuple(root / spec for spec in specs), submissions)


def missing(folder: Path, specs: Sequence[str] = ("specs",)) -> str:
    """What to write, and where, so that pytest and the command know the specs of the project at `folder`."""
    table = nearest_table(folder.absolute())
    if table is None:
        return f"write a file {folder / NO_FILE}:\n\n    [pytest]\n    {SPECS} = {_words(specs)}"
    if SPECS in table.values:
        where = f"write in {table.place(SPECS)}"
    else:
        where = f"add to {table.file}, under {table.header}"
    return f"{where}{'' if table.there else ' (which does not exist yet)'}:\n\n    {line(table, specs)}"


def line(table: Table, specs: Sequence[str]) -> str:
    """The setting as it is written in such a table."""
    if table.native:
        return f"{SPECS} = [{', '.join(map(_quoted, specs))}]"
    return f"{SPECS} = {_quoted(_words(specs)) if table.toml else _words(specs)}"


def relative(path: Path, root: Path) -> str:
    """The path as seen from the folder `root`, with slashes."""
    return Path(os.path.relpath(path, root)).as_posix()


def _words(paths: Sequence[str]) -> str:
    return " ".join(map(shlex.quote, paths))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _paths(table: Table) -> list[str]:
    """The folders of specs, as they are written."""
    value = table.values.get(SPECS, [])
    if isinstance(value, str) and not table.native:
        try:
            return shlex.split(value)
        except ValueError as error:
            raise UsageError(f"{table.place(SPECS)}: {SPECS} can't be read: {error}") from None
    if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
        example = line(table, ["specs"])
        raise UsageError(f"{table.place(SPECS)}: {SPECS} is {value!r}; write folders, for example {example}")
    return value


def _text(table: Table, key: str, default: str) -> str:
    value: Any = table.values.get(key, default)
    if not isinstance(value, str):
        raise UsageError(f"{table.place(key)}: {key} is {value!r}; write one folder, as text")
    return value


def _refuse_misspelt(table: Table) -> None:
    for key in _unknown(table):
        if meant := nearest(key, (SPECS, SUBMISSIONS)):
            raise UsageError(f"{table.place(key)}: there is no setting {key}; did you mean {meant}?")


def _unknown(table: Table) -> Iterator[str]:
    return (key for key in table.values if key.startswith("gradcheck") and key not in (SPECS, SUBMISSIONS))
