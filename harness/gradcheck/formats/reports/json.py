"""Everything, for programs: docs/json.md describes it."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.formats.report_format import Context, Format
from gradcheck.report.data import dumps
from gradcheck.verdict.records import Verdict


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """One document."""
    return dumps(verdicts)


FORMAT = Format(about="everything, for programs", suffix=".json", render=render)
