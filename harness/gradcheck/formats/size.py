"""Text cut on purpose, before a reader with a limit cuts it somewhere."""

from __future__ import annotations

from collections.abc import Callable

NAME = 200
"""The most characters of a name."""
_LIMITS = (20_000, 5_000, 1_000, 200, 0)
"""Characters of each long text, tried from the first on."""


def shorten(text: str, most: int) -> str:
    """The text, without its middle where it has more than `most` characters; the cut says how many are gone.

    Where there is no room for a cut, it is the start of the text alone.
    """
    if len(text) <= most:
        return text
    mark = f"\n[… {len(text):,} characters in all, the middle is left out …]\n"
    room = most - len(mark)
    if room < 2:
        return text[:most]
    start = (room + 1) // 2
    return text[:start] + mark + text[len(text) - (room - start) :]


def fitted(build: Callable[[int], str], most: int) -> str:
    """What `build` makes with long texts cut to so many characters each, on at most `most` bytes.

    The longest that fits; where nothing does, it is what comes without any long text.
    """
    for limit in _LIMITS:
        text = build(limit)
        if len(text.encode()) <= most:
            break
    return text
