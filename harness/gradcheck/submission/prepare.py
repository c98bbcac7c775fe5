"""What a spec says is run, made ready once for a whole class."""

from __future__ import annotations

import ast
import marshal
import types
import warnings
from functools import lru_cache

from gradcheck.submission.unpacking import with_checks


def at_line(run: str, line: int) -> str:
    """`run` with blank lines before it, so that every line's number is that in its file."""
    return "\n" * (line - 1) + run


@lru_cache(maxsize=256)
def compiled(run: str, file: str, line: int) -> bytes:
    """`run`, which stands in `file` from `line` on, as the bytes of Python's own code.

    Empty where it does not compile: whoever runs it is to say so.
    """
    try:
        return marshal.dumps(code_of(at_line(run, line), file))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return b""


@lru_cache(maxsize=64)
def code_of(text: str, file: str) -> types.CodeType:
    """The code of `run`, at its line, in which what is unpacked is checked. Raises what `compile` does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python would say of the instructor's text
        # Of a tree alone, `compile` could not show the line of a fault.
        compile(text, file, "exec", dont_inherit=True, optimize=0)
        tree = with_checks(ast.parse(text, file))
        return compile(tree, file, "exec", dont_inherit=True, optimize=0)
