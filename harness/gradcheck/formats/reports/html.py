"""A page for people, one file that needs no other."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.formats.report_format import Context, Format
from gradcheck.report import page
from gradcheck.report.data import result
from gradcheck.text import muted
from gradcheck.verdict.records import Verdict


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """One page, with what kept specs from having a verdict."""
    return muted(page.render([result(verdict) for verdict in verdicts], complaints=context.summaries))


FORMAT = Format(about="a page for people, in a single file", suffix=".html", render=render)
