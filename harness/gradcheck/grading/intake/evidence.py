"""What the code of a folder says about whose it is: imports of each other, and functions of the same name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from gradcheck.grading.intake.names import is_alike, is_code, stem

_IMPORT = re.compile(
    r'^[ \t]*"?[ \t]*'
    r"(?:from[ \t]+\.*(\w+)[\w.]*[ \t]+import|from[ \t]+\.+[ \t]+import[ \t]+(\w+)|import[ \t]+(\w+))",
    re.MULTILINE,
)
_FUNCTION = re.compile(r'^(?:[ \t]*")?def[ \t]+([a-z]\w*)', re.MULTILINE | re.IGNORECASE)
_LARGEST = 1 << 20
"""Bytes of a file that are read."""
_MOST = 100
"""Files that are read."""


def is_asked(path: Path, files: Iterable[str]) -> bool:
    """Whether a file of code has the name of one that specs ask for."""
    return is_code(path.name) and any(is_alike(path.name, file) for file in files) and path.is_file()


def import_each_other(paths: Sequence[Path], importing: Collection[Path] | None = None) -> bool:
    """Whether one of the files, of `importing` if that is given, imports another, or a folder of them."""
    known = {stem(path.name) if path.is_file() else path.name: path for path in paths}
    return any(
        known.get(name, path) != path
        for path in _code(paths if importing is None else importing)
        for match in _IMPORT.finditer(_text(path))
        for name in match.groups()
        if name
    )


def define_the_same(paths: Sequence[Path]) -> bool:
    """Whether two of the files define a function of the same name, as two people's do."""
    counts = Counter(name for path in _code(paths) for name in set(_FUNCTION.findall(_text(path))) - {"main"})
    return any(times > 1 for times in counts.values())


def _code(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if is_code(path.name) and path.is_file()][:_MOST]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode(errors="replace")
    except OSError:
        return ""
