"""What the pages show of a terminal is what a reader gets who does as they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_blocks import PAGES, ROOT, Block, Reader, agrees, blocks, commands

WITH_COMMANDS = [page for page in PAGES if any(block.language == "console" for block in blocks(page))]

INSTALLS = ("pip install ", "python -m venv ")


def name_of(page: Path) -> str:
    """Its path from the root."""
    return str(page.relative_to(ROOT))


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_commands_print_what_is_shown(page: Path, tmp_path: Path) -> None:
    """Every console block of a page, from its top to its bottom, where files with a title are saved."""
    reader = Reader(page, tmp_path)
    for block in blocks(page):
        reader.save(block)
        for command, shown in commands(block) if block.language == "console" else ():
            printed = reader.run(command)
            assert agrees(shown, printed), f"$ {command}\n{printed}\n--- the page has\n{shown}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_command_is_overlooked(page: Path) -> None:
    """A console block has nothing before its first command, and a block of sh, which isn't run, installs."""
    for block in blocks(page):
        if block.language == "console":
            assert block.text.startswith("$ "), block.text
        if block.language == "sh":
            assert all(line.startswith(INSTALLS) for line in block.text.splitlines())


def test_every_tutorial_has_commands() -> None:
    """The three of them are run."""
    names = {page.name for page in WITH_COMMANDS if page.parent.name == "tutorials"}
    assert names == {"student.md", "instructor.md", "engineer.md"}


def test_dots_stand_for_any_lines() -> None:
    """And nothing else does."""
    assert agrees("one\n...\nfour\n", "one\ntwo\nthree\nfour\n")
    assert agrees("one\n...\n", "one\n")
    assert not agrees("one\nthree\n", "one\ntwo\nthree\n")
    assert not agrees("one\n...\nfive\n", "one\ntwo\n")


def test_blocks_are_read_with_their_titles() -> None:
    """A command may go on in the next line; what follows it is what it prints."""
    block = Block("console", "", "$ printf '%s\\n' \\\n    a\na\n$ true\n$ echo b\nb\n")
    assert [one.command for one in commands(block)] == ["printf '%s\\n' \\\n    a", "true", "echo b"]
    assert [one.printed for one in commands(block)] == ["a\n", "", "b\n"]
