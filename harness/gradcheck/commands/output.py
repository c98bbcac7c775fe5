"""Where a report goes and how it looks: options that several commands have."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_options(parser: argparse._ActionsContainer) -> None:
    """--format and --output."""
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there, not to the terminal")


def add_color(parser: argparse._ActionsContainer) -> None:
    """--color."""
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
