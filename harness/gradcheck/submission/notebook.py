"""Notebooks as code: their code cells, one below the other."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from gradcheck.submission.cells import MARK
from gradcheck.submission.conflict import merge_conflict
from gradcheck.submission.decode import NoCodeError
from gradcheck.submission.text import one_line

MAX_NOTEBOOK = 16 << 20
"""Bytes of a notebook's file, which holds pictures, too; of its code as much is read as of any file."""
CHOSEN = "gradcheck"
"""The tag of cells that are handed in alone, where a notebook has some."""
_PYTHON = ("python", "python3", "python2", "ipython")
_TRANSPARENT = re.compile(
    r"%%(?:(?:time|timeit|capture|prun)\b|(?:writefile|file)\b.*\.py[\"']?\s*$)", re.MULTILINE
)
"""Magics of a whole cell that run it as Python, or make a module of it, whose functions are there, too."""


def is_notebook(text: str) -> bool:
    """Whether a file is a notebook, whatever its name says."""
    return text.lstrip().startswith("{") and _content(text) is not None


def code(text: str) -> str:
    """The code of a notebook. Raises NoCodeError where it is none, or one in another language.

    Cells tagged `gradcheck` are all of it, where there are some. Tests that nbgrader put in are no code of
    the student's, and cells in other languages are left out.
    """
    content = _content(text)
    if content is None:
        raise NoCodeError(_fault(text))
    if (language := _language(content)) not in _PYTHON:
        raise NoCodeError(f"this notebook is written in {one_line(language, 40)}; hand in one in Python")
    numbered = [(n, cell) for n, cell in enumerate(_cells(content), start=1) if _is_code(cell)]
    chosen = [(n, cell) for n, cell in numbered if CHOSEN in _tags(cell)]
    taken = [(n, _source(cell)) for n, cell in chosen or numbered]
    return "\n".join(f"{MARK.format(n)}\n{_without_magic(source)}" for n, source in taken) + "\n"


def _content(text: str) -> dict[str, Any] | None:
    """What the file contains, if it is a notebook."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    parts = content.get("cells", content.get("worksheets"))
    return content if isinstance(parts, list) else None


def _cells(content: dict[str, Any]) -> list[Any]:
    """All cells; up to version 3 of the format they are in worksheets."""
    if isinstance(content.get("cells"), list):
        return list(content["cells"])
    sheets = (sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, dict))
    return [cell for cells in sheets if isinstance(cells, list) for cell in cells]


def _language(content: dict[str, Any]) -> str:
    """The language that a notebook says its code is in, in lower case; Python where it says none."""
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        found = _metadata(content).get(part)
        if isinstance(found, dict) and isinstance(found.get(key), str):
            return str(found[key]).lower()
    return _PYTHON[0]


def _fault(text: str) -> str:
    """What is wrong with a file that is called a notebook, and is none."""
    if not text.strip():
        return "this notebook is empty: save it anew"
    if (conflict := merge_conflict(text)) is not None:
        return f"this notebook contains a merge conflict (line {conflict}): resolve it, and save it anew"
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("{"):
            end = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
            return f"this notebook is {'cut off' if end else 'damaged'} (line {error.lineno}): save it anew"
    except RecursionError:
        pass
    return "this is no notebook: it is no JSON with cells; save it anew"


def _is_code(cell: Any) -> bool:
    """Whether the student's own code may stand in a cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return False
    nbgrader = _metadata(cell).get("nbgrader")
    if not isinstance(nbgrader, dict):
        return True
    return not nbgrader.get("grade") or bool(nbgrader.get("solution"))


def _metadata(cell: dict[str, Any]) -> dict[str, Any]:
    found = cell.get("metadata")
    return found if isinstance(found, dict) else {}


def _tags(cell: dict[str, Any]) -> Sequence[Any]:
    found = _metadata(cell).get("tags")
    return found if isinstance(found, list) else ()


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _without_magic(source: str) -> str:
    """A cell that begins with %%time as it stands behind that, one with %%bash as nothing."""
    first = source.lstrip()
    if not first.startswith("%%"):
        return source
    return "# " + (first if _TRANSPARENT.match(first) else first.partition("\n")[0])
