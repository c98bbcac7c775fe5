"""A CSV file that a course system has written and will read again: its cells, and how it writes them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gradcheck.digits import points_text
from gradcheck.errors import UsageError
from gradcheck.submission.text import one_line

_LARGEST = 64 << 20
_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"-?\d+([.,])\d+")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Template:
    """A table, and what makes another one look like it."""

    path: Path
    header: list[str]
    rows: list[list[str]]
    delimiter: str
    line_end: str
    decimal: str
    """What stands before the decimals: a point or a comma."""
    mark: str
    """The byte order mark, where there is one."""

    def column(self, *names: str) -> int | None:
        """The first column with one of these headings, in whatever case; None where there is none."""
        headings = [heading.strip().casefold() for heading in self.header]
        return next((headings.index(name.casefold()) for name in names if name.casefold() in headings), None)

    def cell(self, row: list[str], column: int | None) -> str:
        """What stands there; empty where the row ends before, or there is no such column."""
        return row[column].strip() if column is not None and column < len(row) else ""

    def number(self, points: float) -> str:
        """Points as the file writes numbers."""
        return points_text(round(points, 2)).replace(".", self.decimal)

    def value(self, text: str) -> float | None:
        """A number as the file writes it; None for anything else."""
        try:
            return float(text.strip().replace(",", "."))
        except ValueError:
            return None

    def write(self, rows: list[list[str]], stream: TextIO) -> None:
        """Write these rows below the header."""
        stream.write(self.mark)
        table = csv.writer(stream, delimiter=self.delimiter, lineterminator=self.line_end)
        table.writerows([self.header, *rows])


def read(path: Path) -> Template:
    """The file as a table. Raises UsageError for what is no CSV file in UTF-8 with a heading."""
    text = _text(path)
    mark = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    try:
        delimiter = max(_DELIMITERS, key=lambda one: len(next(_rows(text, one), [])))
        rows = list(_rows(text, delimiter))
    except csv.Error as error:
        raise UsageError(f"{path}: is not a CSV file ({error}); use the file as it was downloaded") from None
    header, *lines = rows or [[]]
    if len(header) < 2:
        raise UsageError(f"{path}: has no heading of several columns; use the file as it was downloaded")
    decimals = [match[1] for row in lines for cell in row if (match := _NUMBER.fullmatch(cell.strip()))]
    return Template(
        path=path,
        header=header,
        rows=lines,
        delimiter=delimiter,
        line_end="\r\n" if "\r\n" in text else "\n",
        decimal="," if decimals and decimals.count(",") > decimals.count(".") else ".",
        mark=mark,
    )


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def listed(headings: list[str]) -> str:
    """Headings as a message lists them."""
    return ", ".join(one_line(heading, 60) for heading in headings)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{path}: is too large for a gradebook")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(
            f"{path}: is not UTF-8 text; use the file as it was downloaded, before a spreadsheet saves it"
        ) from None
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror or error}") from None
