"""check50's JSON: a result for each quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcheck import __version__
from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.report.document import dumps, text_or_none
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Quantity, Status, Verdict


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The document; in place of results an error where nothing could be judged at all."""
    head = {"slug": " ".join(one_line(verdict.spec) for verdict in verdicts), "version": __version__}
    if context.complaints:
        error = {"type": "gradcheck", "value": one_line(context.summaries[0]), "traceback": [], "data": {}}
        return dumps({**head, "error": error})
    return dumps({**head, "results": [_result(v, q) for v in verdicts for q in v.quantities]})


def _result(verdict: Verdict, quantity: Quantity) -> dict[str, Any]:
    unknown = quantity.status is Status.INTERNAL
    passed = None if unknown else scores.passed(quantity)
    why = {"rationale": texts.brief(quantity), "help": text_or_none(quantity.help)}
    points = {"points": quantity.points, "max_points": quantity.max_points}
    return {
        "name": f"{one_line(verdict.spec)}:{one_line(quantity.symbol)}",
        "description": f"{one_line(quantity.symbol)} is the gradient",
        "passed": passed,
        "log": [],
        "cause": None if passed else why,
        "data": points,
        "dependency": None,
    }


FORMAT = Format(about="check50's JSON", suffix=".json", render=render)
