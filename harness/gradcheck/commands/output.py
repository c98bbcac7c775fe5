"""Where a report goes and how it looks: options that several commands have."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TextIO

from gradcheck.text import muted


def add_options(parser: argparse._ActionsContainer) -> None:
    """--format and --output."""
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there, not to the terminal")


def add_color(parser: argparse._ActionsContainer) -> None:
    """--color."""
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def show(text: object, stream: TextIO | None = None) -> None:
    """Print a text for people, by default on stdout, such that no log takes part of it for a command."""
    print(muted(str(text)), file=stream or sys.stdout)
