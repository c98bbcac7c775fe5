"""Whether a stream takes colour, and the codes that make it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Literal

Choice = Literal["auto", "always", "never"]


def use_color(choice: Choice, stream: IO[str]) -> bool:
    """Whether to write colour to `stream`.

    "auto" asks the environment: NO_COLOR forbids it, FORCE_COLOR demands it, and else the stream must
    be a terminal that is not dumb. An empty variable counts as unset (https://no-color.org).
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class Style(StrEnum):
    """The looks that a report uses, as ANSI parameters."""

    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    LOUD_RED = "1;31"


@dataclass(frozen=True)
class Paint:
    """Puts a style around a text, or leaves it as it is."""

    on: bool

    def __call__(self, text: str, style: Style) -> str:
        """The text in that style."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.on and text else text
