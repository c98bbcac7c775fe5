"""What formats of other systems show of a verdict, in the words of the terminal's report."""

from __future__ import annotations

import re
from textwrap import dedent

from gradcheck.formats.report_format import Context
from gradcheck.formats.size import NAME
from gradcheck.report.terminal import render_quantity
from gradcheck.report.words import parts, standing, summary
from gradcheck.submission.text import one_line
from gradcheck.text import amount, muted, printable
from gradcheck.verdict.records import Diagnosis, Quantity, Verdict

_LINE = 500
"""Characters of a printed line."""
WITHHELD = "The report on this quantity is withheld."
UNUSABLE = "could not be judged"
"""What stands beside a complaint in the place of a quantity."""


def label(verdict: Verdict, quantity: Quantity) -> str:
    """What a test is called: Backpropagation by hand: dW2."""
    return f"{heading(verdict)}: {one_line(quantity.symbol, NAME)}"


def heading(verdict: Verdict) -> str:
    """What a spec is called: its title, or else its path, or a function's name."""
    return one_line(verdict.title or verdict.spec or verdict.submission, NAME)


def brief(quantity: Quantity) -> str:
    """One line: dW2 wrong: 6 of 6 weights, w²₁₁ -0.0412 instead of 0.0137."""
    return muted(summary(quantity))


def score_line(verdict: Verdict) -> str:
    """One line on a spec: Backpropagation by hand: 1 of 3 right, 4 of 8 points."""
    return f"{heading(verdict)}: {standing(verdict)}"


def detail(verdict: Verdict, quantity: Quantity, context: Context) -> str:
    """All that is said of a quantity, as plain text."""
    if quantity.withheld:
        return f"{printable(quantity.symbol)} {quantity.status}. {WITHHELD}"
    shown = render_quantity(verdict, quantity, width=context.width, extent=context.extent)
    return muted(dedent(shown))


def remarks(verdict: Verdict, context: Context) -> str:
    """How much is right, what was noticed, and the first lines of what the code printed, as plain text."""
    lines = [score_line(verdict)]
    lines += [f"note: {printable(note)}" for note in verdict.notes]
    if printed := printable(verdict.output).rstrip().splitlines():
        shown = printed[: context.extent.printed]
        lines += ["", "The code printed:", *(one_line(line, _LINE) for line in shown)]
        lines += [f"… and {amount(len(printed) - len(shown), 'more line')}"] * (len(shown) < len(printed))
    return muted("\n".join(lines))


def explained(diagnosis: Diagnosis) -> str:
    """Where the mistake is, what it is, and what follows."""
    lines = [" ".join(filter(None, (part.label, part.text))) for part in parts(diagnosis)]
    return muted(printable("\n".join(filter(None, (diagnosis.location, *lines, diagnosis.consequences)))))


def code_span(text: str) -> str:
    """One line as code in Markdown, also within a table."""
    line = one_line(text, NAME).replace("|", "\N{BROKEN BAR}")
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"`{line or ' '}`"
