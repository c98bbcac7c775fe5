"""Cells of a table that a spreadsheet may open."""

from __future__ import annotations

import re

from gradcheck.submission.text import is_printable

_START = re.compile(r"""[ "]*[=+\-@\t\r\n＝＋－＠]""")
_LATER = re.compile(r"""([,;|"\t\r\n][ "]*)(?=[=+\-@＝＋－＠])""")
"""Where a spreadsheet would begin to run a cell, not to show it: at its start and, as some take a file apart
by other separators, behind one (owasp.org, "CSV Injection").
"""


def defused(text: str) -> str:
    """The text on one line, such that no spreadsheet takes it, or part of it, for a formula."""
    start = "'" if _START.match(text) else ""
    return start + "".join(map(_shown, _LATER.sub(r"\1'", text)))


def _shown(character: str) -> str:
    """A character that does nothing; a lone surrogate becomes an escape where it is written."""
    fine = is_printable(character) or "\ud800" <= character <= "\udfff"
    return character if fine else "\N{REPLACEMENT CHARACTER}"
