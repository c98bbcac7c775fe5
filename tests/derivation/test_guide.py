"""The guide to formulas shows what `gradcheck formula` answers as somebody types."""

from __future__ import annotations

import re
from pathlib import Path

from gradcheck.paper.conversation import Conversation
from gradcheck.report.derivation import render_claims

GUIDE = Path(__file__).parents[2] / "docs" / "formulas.md"
TALK = re.compile(r"^> (.*)\n((?:  .*\n)*)", re.MULTILINE)


def test_lines_are_answered_as_they_are_typed() -> None:
    """As the guide shows it."""
    section = GUIDE.read_text(encoding="utf-8").partition("## As you type")[2].partition("\n## ")[0]
    lines = TALK.findall(section)
    assert len(lines) == 3
    talk = Conversation()
    for line, printed in lines:
        assert render_claims(talk.answered(line, "")).rstrip() == printed.rstrip()
