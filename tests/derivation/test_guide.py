"""What the documents show of `gradcheck formula` is what it prints."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest

from gradcheck.cli import main
from gradcheck.paper.conversation import Conversation
from gradcheck.report.derivation import render_claims

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "docs" / "formulas.md")
SHOWN = re.compile(r"```console\n\$ gradcheck (formula [^\n]*)\n((?:(?!```)[^\n]*\n)*)```")
PASTED = re.compile(
    r"```markdown\n(.*?)```\n\n```console\n\$ pbpaste \| gradcheck formula -\n(.*?)```", re.DOTALL
)
QUESTIONS = [pair for page in PAGES for pair in PASTED.findall(page.read_text(encoding="utf-8"))]
TALK = re.compile(r"^> (.*)\n((?:  .*\n)*)", re.MULTILINE)
EXAMPLES = [pair for page in PAGES for pair in SHOWN.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "printed"), EXAMPLES)
def test_examples_are_real(
    command: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command that is shown prints, on a terminal of 80 columns, what stands below it."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    main(shlex.split(command))
    assert capsys.readouterr().out.rstrip() == printed.rstrip()


@pytest.mark.parametrize(("question", "printed"), QUESTIONS)
def test_a_question_is_answered_as_it_stands(
    question: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Piped in as a page has it."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdin", io.StringIO(question))
    assert main(["formula", "-"]) == 1
    assert capsys.readouterr().out.rstrip() == printed.rstrip()


def test_lines_are_answered_as_they_are_typed() -> None:
    """As the guide shows it."""
    section = PAGES[1].read_text(encoding="utf-8").partition("## As you type")[2].partition("\n## ")[0]
    lines = TALK.findall(section)
    assert len(lines) == 3
    talk = Conversation()
    for line, printed in lines:
        assert render_claims(talk.answered(line, "")).rstrip() == printed.rstrip()


def test_each_document_has_examples() -> None:
    """No example is overlooked: the guide has one in every section that shows something, the README one."""
    assert len(EXAMPLES) == 13
    assert len(QUESTIONS) == 2
