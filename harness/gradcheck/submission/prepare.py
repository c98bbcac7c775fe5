"""What a spec says is run, made ready once for a whole class."""

from __future__ import annotations

import marshal
import warnings
from functools import lru_cache


def placed(run: str, line: int) -> str:
    """`run` with blank lines before it, so that every line's number is that in its file."""
    return "\n" * (line - 1) + run


@lru_cache(maxsize=256)
def compiled(run: str, file: str, line: int) -> bytes:
    """`run`, which stands in `file` from `line` on, as the bytes of Python's own code.

    Empty where it does not compile: whoever runs it is to say so.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(placed(run, line), file, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return b""
    return marshal.dumps(code)
