"""Code as Jupyter takes it: IPython's lines are left out, and a line of a notebook has a cell.

What compiles a student's text is to be called where the student's code may do what it likes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from types import CodeType
from typing import NamedTuple

MARK = "# %% cell {}"
"""What stands before the code of each cell of a notebook, which so begins with it."""
_MARK = re.compile(MARK.format("([0-9]+)"))
_SPECIAL = re.compile(
    r"[ \t]*(?:[%!?]|.*\?[ \t]*$|[\w., \t]+=[ \t]*[%!]"
    r"|(?:pip3?|conda|mamba|cd|ls|mkdir|rm|cp|mv|cat|time|timeit|run|load_ext|autoreload|matplotlib|pylab)"
    r"[ \t]+[^=\s(\[.,])"
)
"""How a line looks that is IPython's: %matplotlib inline, !pip install, np.dot?, files = !ls, pip install."""
_RUN = r"%?run[ \t]+(?:-\w+[ \t]+)*[\"']?(?:\./)?([A-Za-z_]\w*)(?:\.py|\.ipynb)?[\"']?[ \t]*(?:#.*)?"
"""A line that runs another file among the names of this one."""
_AWAIT = r"[ \t]*(?:[\w., \t]+=[ \t]*)?await\b"
_AWAITS = "'await' outside function"
_FUTURE = r"[ \t]*from[ \t]+__future__[ \t]+import[ \t]+([\w, \t]+?)[ \t]*(?:#.*)?"
_LATE = "from __future__ imports must occur at the beginning"
_LISTED = 8
"""Lines that a message lists."""
_MOST = 200
"""Lines of IPython that are left out."""


class Program(NamedTuple):
    """A file, compiled."""

    code: CodeType
    text: str
    """What was compiled; its lines are those of the file."""
    left_out: tuple[int, ...] = ()
    """The lines that only IPython understands."""


def is_notebook(text: str) -> bool:
    """Whether a text is the code of a notebook."""
    return _MARK.fullmatch(text.partition("\n")[0].rstrip("\r")) is not None


def compiled(text: str, file: str) -> Program:
    """The file without IPython's lines; each cell of a notebook that is no Python raises its SyntaxError
    where it is executed. Raises what `compile` does.
    """
    program = _python(text, file)
    if isinstance(program, Program):
        return program
    if not is_notebook(text):
        raise program.error
    whole = _failing(program.lines)
    return Program(compile(whole, file, "exec", dont_inherit=True), whole, program.left_out)


def python(text: str) -> str:
    """The code without IPython's lines: of those that Python does not understand, the ones that look so.

    Each becomes a statement that does nothing, so that lines keep their numbers.
    """
    program = _python(text, "notebook")
    return program.text if isinstance(program, Program) else "\n".join(program.lines)


class _Broken(NamedTuple):
    """A file that does not compile without IPython's lines, either."""

    error: SyntaxError
    lines: list[str]
    left_out: tuple[int, ...]


def _python(text: str, file: str) -> Program | _Broken:
    lines, left_out = text.split("\n"), list[int]()
    while True:
        whole = "\n".join(lines)
        try:
            return Program(compile(whole, file, "exec", dont_inherit=True), whole, tuple(left_out))
        except SyntaxError as error:
            at = (error.lineno or 0) - 1
            if not 0 <= at < len(lines) or len(left_out) == _MOST or not _is_special(error, lines, at):
                return _Broken(error, lines, tuple(left_out))
            left_out.append(at + 1)
            _leave_out(lines, at)


def _is_special(error: SyntaxError, lines: Sequence[str], at: int) -> bool:
    """Whether a line at which Python stops is one that Jupyter takes."""
    if _SPECIAL.match(lines[at]):
        return True
    if not _MARK.fullmatch(lines[0]) and not re.fullmatch(_FUTURE, lines[0]):  # no notebook
        return False
    if error.msg.startswith(_LATE):
        return at > 0 and re.fullmatch(_FUTURE, lines[at]) is not None
    return error.msg.startswith(_AWAITS) and re.match(_AWAIT, lines[at]) is not None


def _leave_out(lines: list[str], at: int) -> None:
    """Put a statement that does nothing in the place of a line; of files = !ls no file is left.

    What a line says of the future comes first; a line that runs a file imports it.
    """
    line = lines[at]
    indent, rest = line[: len(line) - len(line.lstrip())], line.strip()
    if late := re.fullmatch(_FUTURE, line):
        first = re.fullmatch(_FUTURE, lines[0])
        lines[0] = f"from __future__ import {', '.join([*([first[1]] if first else []), late[1]])}"
        lines[at] = f"{indent}pass"
        return
    name, equals, _ = line.partition("=")
    if equals and re.fullmatch(r"\w+", name.strip()):
        lines[at] = f"{indent}{name.strip()} = []  # {rest}"
    elif not indent and (run := re.fullmatch(_RUN, rest)):
        lines[at] = f"from {run[1]} import *"
    else:
        lines[at] = f"{indent}pass  # {rest}"
    while line.endswith("\\") and at + 1 < len(lines):  # it goes on
        at, line = at + 1, lines[at + 1]
        lines[at] = ""


def _failing(lines: list[str]) -> str:
    """The text of a notebook, in which each cell that is no Python raises its SyntaxError."""
    starts = [at for at, line in enumerate(lines) if at == 0 or _MARK.fullmatch(line)]
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


def places(numbers: Sequence[int], lines: Sequence[str]) -> str:
    """Lines of a file, as "line 3" or "lines 3, 8"; of a notebook by its cells, as "cell 2:1, cell 3:7"."""
    shown, more = numbers[:_LISTED], ["…"] * (len(numbers) > _LISTED)
    cells = [cell_of(lines, number) for number in shown]
    listed = [f"cell {cell[0]}:{cell[1]}" for cell in cells if cell] or [str(number) for number in shown]
    words = ", ".join([*listed, *more])
    return words if cells[0] else f"line{'s' * (len(numbers) > 1)} {words}"


def cell_of(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """The cell, and the line in it, of a line of a notebook's code, all counted from 1; None elsewhere."""
    if not lines or not is_notebook(lines[0]):
        return None
    for at in range(min(line, len(lines)), 0, -1):
        if match := _MARK.fullmatch(lines[at - 1].rstrip("\n")):
            return int(match[1]), line - at
    return None
