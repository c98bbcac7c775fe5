"""Characters that come with text from a PDF, a web page or another keyboard, and what to type instead."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

from gradcheck.submission.cells import places

_TYPE = {
    **dict.fromkeys("‘’‚‛′´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("−–—‐‑‒", "-"),
    **dict.fromkeys("×·∙⋅∗✕", "*"),
    "⊙": "*",
    "÷": "/",
    "∕": "/",
    "⁄": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "→": "->",
    "…": "...",
    "√": "np.sqrt(…)",
    "∞": "np.inf",
    "∑": "np.sum(…)",
    "∂": "d",
    "∇": "d",
    "⊤": ".T",
    "、": ",",
    "。": ".",
    "【": "[",
    "】": "]",
    "《": "<",
    "》": ">",
    **{power: f"**{number}" for number, power in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}
"""What to type in the place of a character that Python does not know there."""
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'", "&nbsp;": "a space"}
_MOST = 5
"""Kinds of characters that a message lists."""


def advice(error: SyntaxError, lines: Sequence[str]) -> str:
    """What to type where Python stops at a character that no keyboard for programs types; empty elsewhere."""
    at = (error.lineno or 0) - 1
    if not 0 <= at < len(lines):
        return ""
    if error.msg.startswith(("invalid character", "invalid non-printable character")):
        match = re.search(r"U\+([0-9A-F]{4,6})", error.msg)
        return _of_characters(chr(int(match[1], 16)), lines) if match else ""
    if entity := re.search("|".join(_ENTITIES), lines[at]):
        where = [number for number, line in enumerate(lines, 1) if entity[0] in line]
        return _of_entity(entity[0], where, lines)
    return ""


def of_name(name: str, lines: Sequence[str]) -> str:
    """What to type where a name is part of what a web page writes for < or >; empty elsewhere."""
    entity = f"&{name};"
    where = [number for number, line in enumerate(lines, 1) if entity in line]
    return _of_entity(entity, where, lines) if entity in _ENTITIES and where else ""


def _of_entity(entity: str, where: Sequence[int], lines: Sequence[str]) -> str:
    at = places(where, lines)
    return f"this was copied from a web page: type {_ENTITIES[entity]} in place of {entity} ({at})"


def _of_characters(first: str, lines: Sequence[str]) -> str:
    """The character at which Python stops, then the others of its kind that it meets later."""
    where: defaultdict[str, list[int]] = defaultdict(list)
    where[first] = []
    for number, line in enumerate(lines, start=1):
        for character in dict.fromkeys(_strange(line, first)):
            where[character].append(number)
    listed = [f"{_instead(one)} ({places(at, lines)})" for one, at in where.items() if at][:_MOST]
    return "type " + ", ".join(listed) if listed else ""


def _strange(line: str, first: str) -> Iterator[str]:
    """The characters in code, and not in a comment or in a text of one line, that no program has."""
    for character in without_texts(line):
        known = character.isascii() or f"a{character}".isidentifier()
        if character == first or not known or _is_invisible(character):
            yield character


def without_texts(line: str, *, triple: bool = False) -> str:
    """A line without its comment and the texts that begin and end on it; `triple` leaves triple quotes."""
    kept = r"""("{3}|'{3})|""" if triple else "(?!)()|"
    pattern = rf"""{kept}("[^"\n]*"|'[^'\n]*')|#.*"""
    return re.sub(pattern, lambda match: match[1] or ("''" if match[2] else ""), line)


def _instead(character: str) -> str:
    shown = f"U+{ord(character):04X}" if _is_invisible(character) else character
    if character in _TYPE:
        return f"{_TYPE[character]} in place of {shown}"
    if unicodedata.category(character) == "Zs":
        return f"a space in place of {shown}"
    if _is_invisible(character):
        return f"nothing in place of {shown}, which can't be seen"
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.isascii():
        return f"{plain} in place of {shown}"
    return f"something else in place of {shown}"


def _is_invisible(character: str) -> bool:
    return character not in " \t\n\f" and unicodedata.category(character) in ("Zs", "Cf", "Cc", "Zl", "Zp")
