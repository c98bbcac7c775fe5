"""A downloaded file read, and written as it was."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.errors import UsageError
from gradcheck.formats.course_files.template import read

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8) | st.sampled_from(
    ["=cmd()", "a,b", 'a"b', "a\nb", "a;b", "1,5", "+1", "'x", ""]
)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=4),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_every_cell_survives(rows: list[list[str]], delimiter: str, end: str, mark: str) -> None:
    """Whatever is in it, hostile or not: a system reads back what it wrote."""
    stream = io.StringIO(newline="")
    stream.write(mark)
    header = ["Student", "ID", "x"]
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows([header, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(stream.getvalue().encode())
        template = read(path)
    again = io.StringIO(newline="")
    template.write(template.rows, again)
    assert again.getvalue() == stream.getvalue().replace("\r\n", template.line_end) or (
        list(csv.reader(io.StringIO(again.getvalue(), newline=""), delimiter=delimiter))
        == list(csv.reader(io.StringIO(stream.getvalue(), newline=""), delimiter=delimiter))
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no heading of several columns"),
        (b"one\ntwo\n", "no heading of several columns"),
        (b"\xff\xfea\x00,\x00", "is not UTF-8 text"),
        (b"PK\x03\x04\x80,\x99", "is not UTF-8 text"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, says: str) -> None:
    """An empty file, a spreadsheet's own file, another encoding: each says what it is."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=says):
        read(path)


def test_a_missing_file(tmp_path: Path) -> None:
    """It says so."""
    with pytest.raises(UsageError, match=r"x\.csv: can't be read: No such file"):
        read(tmp_path / "x.csv")
