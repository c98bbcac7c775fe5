"""What `--of` and `--wrt` ask."""

from __future__ import annotations

from gradcheck.errors import UsageError
from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Negative, Node, Sum


def question_of(of: str, wrt: str) -> tuple[str, tuple[Node, Node]]:
    """What is differentiated by what, as a report prints it, and as formulas."""
    function, by = _one(of, "--of"), _one(wrt, "--wrt")
    inner = f"({of.strip()})" if isinstance(function, Sum | Negative) else of.strip()
    return f"∂/∂{wrt.strip()} {inner}", (function, by)


def _one(text: str, option: str) -> Node:
    reading = read(text)
    if reading.unread:
        raise UsageError(f"{option}: {reading.unread[0].message}")
    if len(reading.claims) != 1 or len(reading.claims[0].sides) != 1:
        raise UsageError(f"{option}: give one expression, without =")
    return reading.claims[0].sides[0]
