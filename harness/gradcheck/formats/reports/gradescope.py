"""Gradescope's results.json: a test for each quantity, with its points and its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradcheck import __version__
from gradcheck.formats import scores, texts
from gradcheck.formats.report_format import Context, Format
from gradcheck.formats.size import shorten
from gradcheck.grading.failure import outcome
from gradcheck.report.document import dumps
from gradcheck.report.markdown import fenced
from gradcheck.submission.text import one_line
from gradcheck.verdict.records import Quantity, Verdict

OUTPUT = 100_000
"""Characters after which Gradescope cuts an output."""
_FENCE = 1_000
"""Characters for the fence around an output, which is as long as the output makes it."""


def render(verdicts: Sequence[Verdict], context: Context) -> str:
    """The document.

    Tests are visible, those of hidden specs, too, whose reports are withheld, unless the context says
    otherwise: one test that is not visible hides the total from students. What can't be judged is a test for
    no points, and the score is always there.
    """
    shown = [verdict for verdict in verdicts if context.visibility(verdict) == "visible"]
    overall = [*(texts.remarks(verdict, context) for verdict in shown), *map(one_line, context.summaries)]
    nothing = "There was nothing to judge." if not verdicts else "The results are not visible yet."
    return dumps(
        {
            "score": scores.earned(verdicts),
            "execution_time": round(context.seconds, 2),
            "output": _markdown("\n\n".join(overall) or nothing),
            "output_format": "md",
            "test_output_format": "md",
            "test_name_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": [*_tests(verdicts, context), *map(_unusable, context.summaries)],
            "extra_data": {
                "gradcheck": __version__,
                "max_score": scores.possible(verdicts),
                "statuses": [outcome(verdict) for verdict in verdicts],
                "complete": not (context.complaints or scores.lost(verdicts)),
            },
        }
    )


def _tests(verdicts: Sequence[Verdict], context: Context) -> Iterator[dict[str, Any]]:
    for row, verdict in enumerate(verdicts, 1):
        for column, quantity in enumerate(verdict.quantities, 1):
            yield {**_test(verdict, quantity, context), "number": f"{row}.{column}"}


def _test(verdict: Verdict, quantity: Quantity, context: Context) -> dict[str, Any]:
    return {
        "name": texts.label(verdict, quantity),
        "score": scores.points([quantity.points]),
        "max_score": scores.points([quantity.max_points]),
        "status": "passed" if scores.passed(quantity) else "failed",
        "output": _markdown(texts.detail(verdict, quantity, context)),
        "tags": list(filter(None, (one_line(verdict.spec), _outcome(verdict, quantity)))),
        "visibility": context.visibility(verdict),
        "extra_data": {
            "quantity": one_line(quantity.symbol),
            "status": str(quantity.status),
            "reason": quantity.reason,
        },
    }


def _outcome(verdict: Verdict, quantity: Quantity) -> str:
    """What is said of the quantity; where it has no numbers as the code has failed, how that was."""
    return outcome(verdict) if quantity.reason == "failed" else str(quantity.status)


def _unusable(complaint: str) -> dict[str, Any]:
    return {
        "name": f"gradcheck: {texts.UNUSABLE}",
        "score": 0.0,
        "max_score": 0.0,
        "status": "failed",
        "output": _markdown(one_line(complaint)),
        "visibility": "visible",
    }


def _markdown(text: str) -> str:
    """A block of code that is short enough."""
    block = fenced(shorten(text, OUTPUT - _FENCE))
    return block if len(block) <= OUTPUT else fenced(shorten(text, OUTPUT // 4))


FORMAT = Format(about="Gradescope's results.json", suffix=".json", render=render)
