"""Text from a stranger, made fit to print."""

from __future__ import annotations

_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Python calls them unprintable; Persian names, Indic ones and emoji are spelt with them."""


def is_printable(character: str) -> bool:
    """Whether a character is only shown, and changes nothing around it."""
    return character.isprintable() or character in _JOINERS


def clean(text: str, limit: int) -> str:
    """The first `limit` characters, with every control character but tab and newline replaced."""
    text = text[:limit]
    if text.isprintable():  # most texts, the empty one among them
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(_clean_line(line) for line in text.split("\n"))


def one_line(text: str, limit: int = 300) -> str:
    """The text on a single line: white space becomes one blank, and what is cut off an ellipsis."""
    words = " ".join(text[: 10 * limit].split())
    return _clean_line(words if len(words) <= limit else words[: limit - 1] + "…")


def size(count: int) -> str:
    """A number of bytes as people say it."""
    for unit, width in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= width:
            return f"{count / width:.3g} {unit}"
    return f"{count} bytes"


def _clean_line(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(c if is_printable(c) or c == "\t" else _UNPRINTABLE for c in line)
