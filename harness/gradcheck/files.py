"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from gradcheck.errors import GradcheckError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A stream of UTF-8 text that takes the file's place when all is written, and else leaves no trace.

    Raises GradcheckError where that can't be.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # A lone surrogate, from a file's name that is no Unicode, becomes \udc80: in JSON that is its escape.
        with draft.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        raise GradcheckError(
            f"{path}: cannot be written ({error.strerror or error}); "
            "make room, make the folder writable, or choose another"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
