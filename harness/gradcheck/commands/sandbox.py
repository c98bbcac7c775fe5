"""Code that runs in the sandbox: options of the commands that grade it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_hidden(parser: argparse._ActionsContainer) -> None:
    """--hidden."""
    parser.add_argument(
        "--hidden",
        action="append",
        default=[],
        type=Path,
        metavar="DIR",
        help="specs whose reports are withheld",
    )


def add_visibility(parser: argparse._ActionsContainer) -> None:
    """--hidden-visibility."""
    parser.add_argument(
        "--hidden-visibility",
        choices=("visible", "hidden", "after_due_date", "after_published"),
        default="visible",
        metavar="WHEN",
        help="when students see tests of hidden specs on Gradescope, and then also their total: visible (at "
        "once, the default), after_due_date, after_published, hidden (never)",
    )


def add_unsafe(parser: argparse._ActionsContainer) -> None:
    """--unsafe."""
    parser.add_argument("--unsafe", action="store_true", help="continue if the sandbox is not available")
