"""The fenced blocks of a page, and a folder in which its commands are run as a reader would run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
TUTORIALS = ROOT / "docs" / "tutorials"
EXAMPLES = ("specs", "submissions", "benchmarks/networks")
"""What a page that is no tutorial finds in its folder; a tutorial begins with an empty one."""

_FENCE = re.compile(r"^( *)```(\w+)([^\n`]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')
_DURATION = re.compile(r"\b\d+\.\d+ ?s\b")
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n?", re.MULTILINE)


class Block(NamedTuple):
    """What stands between two fences."""

    language: str
    title: str
    """The file that a reader saves it as; empty where it is no file."""
    text: str


class Command(NamedTuple):
    """A command of a console block, with what the page shows below it."""

    command: str
    printed: str


def blocks(page: Path) -> Iterator[Block]:
    """Those of a page, from its top to its bottom."""
    for indent, language, more, text in _FENCE.findall(page.read_text(encoding="utf-8")):
        title = _TITLE.search(more)
        lines = (line.removeprefix(indent) for line in text.splitlines(keepends=True))
        yield Block(language, title[1] if title else "", "".join(lines))


def commands(block: Block) -> Iterator[Command]:
    """Those of a console block, each behind a dollar sign."""
    _, *parts = _COMMAND.split(block.text)
    for command, printed in zip(parts[::2], parts[1::2], strict=True):
        yield Command(command, printed)


def agrees(shown: str, printed: str) -> bool:
    """Whether a command prints what is shown, in any time; a line of three dots stands for any lines."""
    lines = (r"(?:.*\n)*?" if line == "..." else re.escape(line) + r" *\n" for line in _lines(shown))
    return re.fullmatch("".join(lines), "".join(f"{line}\n" for line in _lines(printed))) is not None


def _lines(text: str) -> list[str]:
    return [_DURATION.sub("…", line.rstrip()) for line in text.strip("\n").splitlines()]


class Reader:
    """Somebody who reads a page and does what it says, in a folder of their own."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        if TUTORIALS not in page.parents:
            for name in EXAMPLES:
                shutil.copytree(ROOT / name, self.folder / name)
        self._clipboard = folder / "clipboard"
        programs = folder / "programs"
        programs.mkdir()
        _write_program(programs / "pbpaste", f"printf %s \"$(cat '{self._clipboard}')\"")
        _write_program(programs / "pytest", f"exec '{sys.executable}' -m pytest \"$@\"")
        path = (str(programs), str(Path(sys.executable).parent), os.environ["PATH"])
        self._environment = {**os.environ, "COLUMNS": "80", "PATH": os.pathsep.join(path)}
        for name in ("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "CI", "GITHUB_ACTIONS"):
            self._environment.pop(name, None)

    def save(self, block: Block) -> None:
        """Save a block as the file that its title names, and copy what is to be pasted."""
        if block.title:
            file = self.folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.language == "markdown":
            self._clipboard.write_text(block.text, encoding="utf-8")

    def run(self, command: str) -> str:
        """What a command prints, with its complaints."""
        shell = ["bash", "-c", command]
        done = subprocess.run(
            shell,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        return done.stdout


def _write_program(file: Path, line: str) -> None:
    file.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    file.chmod(0o755)
