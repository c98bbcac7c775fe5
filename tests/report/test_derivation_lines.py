"""Places that editors jump to, and annotations."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gradcheck.cli import main
from gradcheck.paper.check import check
from gradcheck.report.derivation_lines import github, lines

TEXT = "We set $y = w x$.\n\n$$\n\\frac{dy}{dw} = 2 x\n$$\nand $\\frac{dy}{dx} = w$, $\\frac{dy}{dv} = ($"


def test_what_is_wrong_and_what_is_unread_has_a_line() -> None:
    """With the line and the column of what breaks; what is right has none."""
    shown = lines(check(TEXT, "notes.md")).splitlines()
    places = [re.match(r"notes\.md:(\d+):(\d+): (\w+): ", line) for line in shown]
    assert [place and (int(place[1]), place[3]) for place in places] == [(4, "error"), (6, "warning")]
    assert places[0]
    assert TEXT.splitlines()[3][int(places[0][2]) - 1 :] == "2 x"
    assert "It is 2 times what stands before it, everywhere." in shown[0]


def test_a_cell_of_a_notebook_has_a_place() -> None:
    """Its number, and the line in it."""
    notebook = {"cells": [{"cell_type": "code"}, {"cell_type": "markdown", "source": "one\n" + TEXT}]}
    shown = lines(check(json.dumps(notebook), "lecture.ipynb")).splitlines()
    assert shown[0].startswith("lecture.ipynb:cell 2:5:17: error: ")


def test_annotations_hold_nothing_that_ends_them() -> None:
    """Line ends, percent signs, and in the file's name colons and commas are written otherwise."""
    shown = github(check(TEXT, "a:b,c%d\n.md")).splitlines()
    assert shown[0].startswith("::error file=a%3Ab%2Cc%25d%0A.md,line=4,col=17::")
    assert len(shown) == 2


@pytest.mark.parametrize("name", ["lines", "github"])
def test_the_command_writes_them(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And its exit status is what it is otherwise."""
    file = tmp_path / "notes.md"
    file.write_text(TEXT, encoding="utf-8")
    assert main(["formula", str(file), "--format", name]) == 1
    assert capsys.readouterr().out.count("\n") == 2
