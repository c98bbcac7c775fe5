"""What people are called, so that it can be compared."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """A name, an address or a number however it is written."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def words(text: str) -> list[str]:
    """Words of any script: combining marks belong to theirs."""
    spaced = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return spaced.split()


def orders(name: str) -> list[str]:
    """A name's words run together as course systems write them, whichever comes first: janedoe, doejane."""
    parts = words(name)
    return ["".join(parts[first:] + parts[:first]) for first in range(len(parts))]
