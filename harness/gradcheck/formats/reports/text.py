"""Reports for people, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.formats.report_format import Context, Format
from gradcheck.report import terminal
from gradcheck.text import muted
from gradcheck.verdict.records import Verdict


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """One report after the other."""
    shown = (
        terminal.render(verdict, color=context.color, width=context.width, extent=context.extent)
        for verdict in verdicts
    )
    return muted("\n\n".join(shown))


FORMAT = Format(about="reports for people", suffix=".txt", render=render)
