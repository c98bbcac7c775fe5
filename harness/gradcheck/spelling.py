"""What somebody may have meant who wrote a name that isn't there."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 100
"""Characters of a word that are looked at."""


def near(word: str, names: Iterable[str], most: int = 1) -> list[str]:
    """Up to `most` of the names that are spelt like the word, the most likely first; else in any case."""
    from difflib import get_close_matches  # most words are right

    word, names = word[:_LONGEST], list(names)
    folded = {name.lower(): name for name in names}
    close = get_close_matches(word, names, n=most)
    return close or [folded[name] for name in get_close_matches(word.lower(), folded, n=most)]


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The one of the names that the word may have meant; None where none is near."""
    return next(iter(near(word, names)), None)


def known_as(word: str, aliases: Iterable[tuple[str, str]]) -> str | None:
    """The name of which the word is an alias, joined and cased in any way, with or without loss behind it."""
    return next((name for alias, name in aliases if _bare(alias) == _bare(word[:_LONGEST])), None)


def _bare(word: str) -> str:
    return re.sub("[^a-z0-9]", "", word.lower()).removesuffix("loss")
