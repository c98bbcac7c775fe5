"""Autolab: the report, and on the last line the points of each spec."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath

from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.reports import text
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Verdict

_TAKEN = ("_presentation", "stages")
"""Keys of the line that says what is right."""


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The report, a line on what is right, and the line with the scores, a problem for each spec's name."""
    points = {name: scores.earned([v]) for name, v in zip(_problems(verdicts), verdicts, strict=True)}
    stages = {
        name: {
            one_line(q.symbol): {"passed": scores.passed(q), "hint": texts.brief(q)}
            for q in verdict.quantities
        }
        for name, verdict in zip(points, verdicts, strict=True)
    }
    shown = [text.render(verdicts, context), *map(one_line, context.summaries)]
    lines = [
        {"_presentation": "semantic", "stages": [*stages], **stages},
        {"scores": points, "scoreboard": [scores.earned(verdicts)]},
    ]
    return "\n".join([*filter(None, shown), *(json.dumps(line, allow_nan=False) for line in lines)])


def _problems(verdicts: Sequence[Verdict]) -> list[str]:
    """What Autolab calls each spec: its file's name without the ending, or more where that is taken."""
    names: list[str] = []
    for number, verdict in enumerate(verdicts, 1):
        stem, path = one_line(PurePath(verdict.spec).stem), one_line(verdict.spec)
        choices = (stem, path, f"{path} ({number})")
        names.append(next(name for name in choices if name and name not in (*_TAKEN, *names)))
    return names


FORMAT = Format(about="Autolab: the report, and the points on the last line", suffix=".txt", render=render)
