"""The file and the table in it that pytest takes its settings from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iniconfig import IniConfig, ParseError  # pytest's own reader, which comes with it

from gradcheck.errors import UsageError

FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
"""In each folder, in this order."""
OWN = FILES[:4]
"""Those that are pytest's alone, and count when they are empty."""
INI_OPTIONS = "[tool.pytest.ini_options]"


@dataclass(frozen=True)
class Table:
    """The table that counts."""

    file: Path
    header: str
    """As it is written: [pytest]."""
    there: bool = True
    """Whether the file has it."""
    toml: bool = False
    native: bool = False
    """Whether values have TOML's own types; else they are texts."""
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """File and line of a setting."""
        return f"{self.file}:{self.lines[key]}" if key in self.lines else str(self.file)


def nearest_table(folder: Path) -> Table | None:
    """The table that pytest reads when it is called in the folder, as its documentation says.

    A pyproject.toml without one counts where no file has one. Raises UsageError, with file and line, where
    a file can't be read.
    """
    bare = None
    for base in (folder, *folder.parents):
        for name in FILES:
            if (base / name).is_file():
                if table := _table(base / name):
                    return table
                if name == "pyproject.toml" and bare is None:
                    bare = Table(base / name, INI_OPTIONS, there=False, toml=True)
    return bare


def _table(file: Path) -> Table | None:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: can't be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8 text ({error.reason}); save it as UTF-8") from None
    return _of_toml(file, text) if file.suffix == ".toml" else _of_ini(file, text)


def _of_toml(file: Path, text: str) -> Table | None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        where = f"{file}:{place[1]}:{place[2]}" if place else str(file)
        raise UsageError(f"{where}: is not TOML: {str(error)[: place and place.start()]}") from None
    lines = _lines(text)
    if file.name in OWN:
        own = document.get("pytest")
        values = own if isinstance(own, dict) else {}
        return Table(file, "[pytest]", isinstance(own, dict), True, True, values, lines)
    tool = document.get("tool")
    settings = tool.get("pytest") if isinstance(tool, dict) else None
    if not isinstance(settings, dict):
        return None
    options = settings.get("ini_options")
    native = {key: value for key, value in settings.items() if key != "ini_options"}
    if native and options:
        raise UsageError(f"{file}: has both [tool.pytest] and {INI_OPTIONS}, which pytest refuses; keep one")
    if native:
        return Table(file, "[tool.pytest]", True, True, True, native, lines)
    if not isinstance(options, dict):
        return None
    texts = {key: value if isinstance(value, list) else str(value) for key, value in options.items()}
    return Table(file, INI_OPTIONS, True, True, False, texts, lines)


def _of_ini(file: Path, text: str) -> Table | None:
    try:
        config = IniConfig(str(file), text)
    except ParseError as error:
        raise UsageError(f"{file}:{error.lineno + 1}: {error.msg}") from None
    name = "tool:pytest" if file.name == "setup.cfg" else "pytest"
    if name in config.sections:
        values = dict(config.sections[name])
        lines = {key: config.lineof(name, key) or 1 for key in values}
        return Table(file, f"[{name}]", values=values, lines=lines)
    if file.name == "setup.cfg" and "pytest" in config.sections:
        line = config.lineof("pytest") or 1
        raise UsageError(f"{file}:{line}: in setup.cfg pytest's section is [tool:pytest]; rename it")
    return Table(file, "[pytest]", there=False) if file.name in OWN else None


def _lines(text: str) -> dict[str, int]:
    """Key -> the line at which a text of TOML gives it a value, the first of several."""
    numbered = enumerate(text.split("\n"), start=1)
    keys = ((re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line), number) for number, line in numbered)
    lines: dict[str, int] = {}
    for key, number in keys:
        if key:
            lines.setdefault(key[1], number)
    return lines
