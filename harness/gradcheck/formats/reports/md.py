"""GitHub's Markdown, for people."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.formats.report_format import Context, Format
from gradcheck.report import markdown
from gradcheck.report.data import result
from gradcheck.text import muted
from gradcheck.verdict.records import Verdict


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """One document, with what kept specs from having a verdict."""
    return muted(markdown.render([result(verdict) for verdict in verdicts], complaints=context.summaries))


FORMAT = Format(about="GitHub's Markdown, for people", suffix=".md", render=render)
