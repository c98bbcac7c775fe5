"""What could not be read: where it stands, what is wrong with it, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.formulas.tree import Span
from gradcheck.specification.complaint import Complaint


@dataclass(frozen=True)
class Unread:
    """A piece of text that could not be read."""

    message: str
    span: Span
    help: str | None = None


class ReadError(ValueError):
    """Raised within the reader at the first thing it can't read."""

    def __init__(self, unread: Unread) -> None:
        super().__init__(unread.message)
        self.unread = unread


def complaint(unread: Unread, text: str, path: str) -> Complaint:
    """The same with its line of the text, which `str` draws with a caret below."""
    start = min(unread.span[0], len(text))
    first = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    return Complaint(
        path=path,
        line=line_of(text, start),
        column=start - first + 1,
        message=unread.message,
        help=unread.help,
        source_line=text[first : end if end >= 0 else len(text)],
    )


def line_of(text: str, offset: int) -> int:
    """The line, from 1, on which the offset lies."""
    return text.count("\n", 0, offset) + 1
