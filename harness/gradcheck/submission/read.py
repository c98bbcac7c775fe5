"""A student's file, read: wherever it leads, whatever it is, as text."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gradcheck.errors import MissingError, SubmissionError
from gradcheck.submission import notebook
from gradcheck.submission.decode import NoCodeError, decode
from gradcheck.submission.definers import is_code
from gradcheck.submission.kinds import NOTEBOOK, PYTHON, kind
from gradcheck.submission.paths import is_inside
from gradcheck.submission.text import size

MAX_SOURCE = 1 << 20
"""Bytes of a file of code."""


def code_at(path: Path, within: Path, shown: str) -> str:
    """The code of a Python file or of a notebook, whichever the content says that it is."""
    text = text_at(path, within, shown, notebook.MAX_NOTEBOOK if kind(path.name) != PYTHON else MAX_SOURCE)
    if notebook.is_notebook(text) or (kind(path.name) == NOTEBOOK and not is_code(text)):
        try:
            text = notebook.code(text)
        except NoCodeError as error:
            raise SubmissionError(f"{shown}: {error}") from None
    if len(text) > MAX_SOURCE:
        raise SubmissionError(_too_large(shown, MAX_SOURCE))
    return text


def code_or_nothing(path: Path) -> str:
    """The code of a file; empty where it can't be read."""
    try:
        return code_at(path, path.parent.resolve(), path.name)
    except SubmissionError:
        return ""


def shown_path(path: Path) -> str:
    """The path as seen from the current folder, if it lies there."""
    # As texts: Path.resolve() would follow links, and a class has ten thousand of these.
    absolute, here = os.path.abspath(path), os.path.join(os.getcwd(), "")  # noqa: PTH100, PTH109, PTH118
    inner = absolute.removeprefix(here)
    return inner.replace(os.sep, "/") if inner != absolute else path.as_posix()


def text_at(path: Path, within: Path, shown: str, most: int = MAX_SOURCE) -> str:
    """The text of a file that lies, links followed, in the folder `within`."""
    try:
        real = os.path.realpath(path, strict=True)
        if not is_inside(real, str(within)):
            raise SubmissionError(f"{shown}: lies outside {shown_path(within)}; copy the file itself into it")
        return decode(_read_regular_file(path, shown, most))
    except NoCodeError as error:
        place = shown if error.line is None else f"{shown}:{error.line}"
        raise SubmissionError(f"{place}: {error.reason}") from None
    except FileNotFoundError:
        raise MissingError(f"{shown}: there is no such file; the spec asks for it") from None
    except OSError as error:
        raise SubmissionError(f"{shown}: can't be read: {error.strerror or error}") from None


def _read_regular_file(path: Path, shown: str, most: int) -> bytes:
    # Opening a FIFO would wait for its other end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{shown}: is not a regular file")
        data = file.read(most + 1)
    if len(data) > most:
        raise SubmissionError(_too_large(shown, most))
    return data


def _too_large(shown: str, most: int) -> str:
    return f"{shown}: is larger than {size(most)}; hand in the code alone"
