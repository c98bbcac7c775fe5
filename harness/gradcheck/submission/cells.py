"""The code of a notebook where it runs: without IPython's lines, and which cell a line is of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

SUFFIX = ".ipynb"
MARK = "# %% cell {}"
"""What stands before the code of each cell."""
_MARK = re.compile(MARK.format("([0-9]+)"))
_SPECIAL = re.compile(r"[ \t]*(?:[%!?]|.*\?[ \t]*$|[\w., \t]+=[ \t]*[%!])")
"""How a line looks that is IPython's: %matplotlib inline, !pip install, np.dot?, files = !ls."""
_LISTED = 8
"""Lines that a message lists."""
_MOST = 200
"""Lines of IPython that are left out."""


def python(text: str) -> str:
    """The code without IPython's lines: of those that Python does not understand, the ones that look so.

    Each becomes a statement that does nothing, so that lines keep their numbers. To be called where a
    student's code may do what it likes: it is compiled.
    """
    lines = text.split("\n")
    for _ in range(_MOST):
        error = fault("\n".join(lines))
        at = (error.lineno or 0) - 1 if error else -1
        if not 0 <= at < len(lines) or not _SPECIAL.match(lines[at]):
            break
        lines[at] = _left_out(lines[at])
    return "\n".join(lines)


def executable(text: str) -> str:
    """The code, in which each cell that is no Python raises its SyntaxError where it is executed."""
    text = python(text)
    if fault(text) is None:
        return text
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if _MARK.fullmatch(line)]
    for start, end in pairwise([*starts, len(lines)]):
        if (error := fault("\n".join(lines[start:end]))) is not None:
            at = min(max(start + (error.lineno or 1) - 1, start + 1), end - 1)
            lines[start + 1 : end] = [""] * (end - start - 1)
            lines[at] = f"raise SyntaxError({error.msg!r})"
    return "\n".join(lines)


def fault(text: str, file: str = "notebook") -> SyntaxError | None:
    """Why a text is no Python; None where it is, or where nobody can tell. Warnings name the `file`."""
    try:
        compile(text, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _left_out(line: str) -> str:
    """The line as a statement that does nothing; of files = !ls no file is left."""
    indent = line[: len(line) - len(line.lstrip())]
    name, equals, _ = line.partition("=")
    rest = line.strip()
    if equals and re.fullmatch(r"\w+", name.strip()):
        return f"{indent}{name.strip()} = []  # {rest}"
    return f"{indent}pass  # {rest}"


def places(numbers: Sequence[int], lines: Sequence[str]) -> str:
    """Lines of a file, as "line 3" or "lines 3, 8"; of a notebook by its cells, as "cell 2:1, cell 3:7"."""
    shown, more = numbers[:_LISTED], ["…"] * (len(numbers) > _LISTED)
    cells = [cell_of(lines, number) for number in shown]
    listed = [f"cell {cell[0]}:{cell[1]}" for cell in cells if cell] or [str(number) for number in shown]
    words = ", ".join([*listed, *more])
    return words if cells[0] else f"line{'s' * (len(numbers) > 1)} {words}"


def cell_of(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """The cell, and the line in it, of a line of a notebook's code, all counted from 1."""
    for at in range(min(line, len(lines)), 0, -1):
        if match := _MARK.fullmatch(lines[at - 1].rstrip("\n")):
            return int(match[1]), line - at
    return None
