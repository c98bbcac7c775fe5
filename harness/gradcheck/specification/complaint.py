"""A complaint about a spec: what is wrong, where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradcheck.spelling import known_as, nearest

_WINDOW = 100
_FEW = 4


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One fault at one place of a file; lines and columns count from 1."""

    path: str
    line: int | None = None
    """None where the file as a whole is meant."""
    column: int | None = None
    message: str
    help: str | None = None
    source_line: str = ""

    def __str__(self) -> str:
        """`path:line:column: message`, then the line with a caret below, then the help."""
        place = [str(part) for part in (self.path, self.line, self.column) if part is not None]
        advice = [f"help: {self.help}"] if self.help else []
        lines = [f"{':'.join(place)}: {self.message}", *self._snippet(), *advice]
        return "\n".join(map(_harmless, lines))

    def _snippet(self) -> list[str]:
        if self.column is None or not self.source_line.strip():
            return []
        first = max(0, self.column - 1 - _WINDOW // 2) if len(self.source_line) > _WINDOW else 0
        shown = self.source_line[first : first + _WINDOW].expandtabs(1).rstrip()
        before, after = "…" * (first > 0), "…" * (len(self.source_line) > first + _WINDOW)
        caret = " " * (len(before) + self.column - 1 - first) + "^"
        return [f"    {before}{shown}{after}", f"    {caret}"]


def _harmless(line: str) -> str:
    """The line without characters that would do something to a terminal."""
    return "".join(c if c.isprintable() else "�" for c in line)


def short(text: str, most: int = 60) -> str:
    """The text on one line, with an ellipsis where it is cut."""
    line = " ".join(text.split()) if "\n" in text else text
    return line if len(line) <= most else f"{line[: most - 1]}…"


def listed(names: Iterable[str]) -> str:
    """`a, b, c`."""
    return ", ".join(names)


def suggestion(word: str, names: Iterable[str], aliases: Iterable[tuple[str, str]] = ()) -> str:
    """The name with this alias, or the nearest one; all of them where they are few or none is near."""
    known = list(names)
    meant = known_as(word, [*((name, name) for name in known), *(a for a in aliases if a[1] in known)])
    meant = meant or (nearest(word, known) if len(known) > _FEW else None)
    return f"did you mean {meant}?" if meant else f"there is {listed(known)}"
