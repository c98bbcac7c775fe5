"""How much of a diagnosis a report shows: an option that several commands have."""

from __future__ import annotations

import argparse

LEVELS = ("where", "hint", "full")


def add_option(parser: argparse.ArgumentParser) -> None:
    """--feedback LEVEL."""
    parser.add_argument(
        "--feedback",
        choices=LEVELS,
        help="how much is said of a mistake (default: what the spec says)",
    )
