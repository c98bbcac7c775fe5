"""Notebooks as code: their code cells, one below the other."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from gradcheck.errors import SubmissionError
from gradcheck.submission.cells import MARK

MAX_NOTEBOOK = 16 << 20
"""Bytes of a notebook's file, which holds pictures, too; of its code as much is read as of any file."""
CHOSEN = "gradcheck"
"""The tag of cells that are handed in alone, where a notebook has some."""
_TRANSPARENT = re.compile(r"%%(?:time|timeit|capture|prun)\b")
"""Magics of a whole cell that run it as Python."""


def code(text: str, shown: str) -> str:
    """The code of a notebook. Raises SubmissionError where it is none.

    Cells tagged `gradcheck` are all of it, where there are some. Tests that nbgrader put in are no code of
    the student's, and cells in other languages are left out.
    """
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        cells = None
    if not isinstance(cells, list):
        raise SubmissionError(f"{shown}: this is no notebook: it is no JSON with cells; save it anew")
    numbered = [(n, cell) for n, cell in enumerate(cells, start=1) if _is_code(cell)]
    chosen = [(n, cell) for n, cell in numbered if CHOSEN in _tags(cell)]
    taken = [(n, _source(cell)) for n, cell in chosen or numbered]
    return "\n".join(f"{MARK.format(n)}\n{_without_magic(source)}" for n, source in taken) + "\n"


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
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _without_magic(source: str) -> str:
    """A cell that begins with %%time as it stands behind that, one with %%bash as nothing."""
    first = source.lstrip()
    if not first.startswith("%%"):
        return source
    return "# " + (first if _TRANSPARENT.match(first) else first.partition("\n")[0])
