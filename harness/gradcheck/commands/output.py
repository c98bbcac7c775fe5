"""Where a report goes and how it looks: options that several commands have."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import TextIO

from gradcheck.errors import UsageError
from gradcheck.files import replacing
from gradcheck.text import muted


def add_options(parser: argparse._ActionsContainer, *more: str) -> None:
    """--format, of text, json and more formats, and --output."""
    parser.add_argument("--format", choices=("text", "json", *more), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to this file, not to the terminal")


def add_color(parser: argparse._ActionsContainer) -> None:
    """--color."""
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def show(text: object, stream: TextIO | None = None) -> None:
    """Print a text for people, by default on stdout, such that no log takes part of it for a command."""
    print(muted(str(text)), file=stream or sys.stdout)


def write(text: str, output: Path | None) -> None:
    """Print the text, or write it to a file, as a whole or not at all, and say so on stderr.

    Raises GradcheckError where that can't be.
    """
    if output is None:
        print(text)
        return
    if output.is_file() or not output.exists():
        with replacing(output) as file:
            file.write(text + "\n")
        say_written(output)
        return
    try:
        with output.open("w", encoding="utf-8", errors="replace") as file:  # a pipe, say, or a terminal
            file.write(text + "\n")
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}; choose another place for --output") from None


def say_written(path: Path, verb: str = "written") -> None:
    """Say on stderr that a file or a folder is written, since stdout may be read by a program."""
    show(f"{verb}: {path}", sys.stderr)


def append(text: str, variable: str) -> None:
    """Append the text to the file that an environment variable names, where it names one.

    UsageError where that can't be.
    """
    if not (path := os.environ.get(variable)):
        return
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text + "\n")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; {variable} names a file that can't be written") from None


def width() -> int:
    """How wide a report may be: as the terminal, within reason."""
    return max(60, min(shutil.get_terminal_size().columns, 120))
