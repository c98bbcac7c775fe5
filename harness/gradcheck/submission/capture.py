"""What a student's code prints, and what it reads from the keyboard."""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections.abc import Iterator


class Tape(io.TextIOBase):
    """A text stream that keeps the first `limit` characters between two takings and lets the rest pass."""

    encoding = "utf-8"

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._parts: list[str] = []
        self._length = 0
        self._truncated = False

    def writable(self) -> bool:
        """True, as for any stream that is printed to."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for; the length of `text`, as if all of it were written."""
        head = text[: self.limit - self._length]
        if head:
            self._parts.append(head)
            self._length += len(head)
        self._truncated |= len(head) < len(text)
        return len(text)

    def take(self) -> tuple[str, bool]:
        """What was printed since the last time, and whether there was more."""
        taken = "".join(self._parts), self._truncated
        self._parts.clear()
        self._length, self._truncated = 0, False
        return taken


@contextlib.contextmanager
def captured(tape: Tape) -> Iterator[None]:
    """While this lasts, prints and warnings go to `tape`, and the keyboard has nothing to say."""
    keyboard, sys.stdin = sys.stdin, io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(tape),
            contextlib.redirect_stderr(tape),
            warnings.catch_warnings(),
        ):
            # One warning a line of code. A test runner may have replaced both the filters and the printer.
            warnings.simplefilter("default")
            for category in (PendingDeprecationWarning, ResourceWarning):
                warnings.simplefilter("ignore", category)
            warnings.showwarning = _print_warning
            yield
    finally:
        sys.stdin = keyboard


def _print_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: object = None,
    line: str | None = None,
) -> None:
    print(warnings.formatwarning(message, category, filename, lineno, line), end="", file=sys.stderr)  # noqa: T201
