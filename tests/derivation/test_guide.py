"""What the documents show of `gradcheck formula` is what it prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from gradcheck.cli import main

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "docs" / "formulas.md")
SHOWN = re.compile(r"```console\n\$ gradcheck (formula [^\n]*)\n((?:(?!```)[^\n]*\n)*)```")
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


def test_each_document_has_examples() -> None:
    """No example is overlooked: the guide has one in every section that shows something, the README two."""
    assert len(EXAMPLES) == 14
