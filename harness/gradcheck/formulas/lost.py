"""LaTeX that lost its backslashes on the way: `frac{partial J}{partial w}`."""

from __future__ import annotations

import re

from gradcheck.formulas.commands import KNOWN
from gradcheck.formulas.tokens import Token

_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}")
_SIGN = re.compile(r"(?<![A-Za-z\\])(?:(?:[dt]?frac|math[a-z]+|text|hspace|begin|sqrt|hat)\{|partial\b)")
_BACKSLASH = re.compile(r"\\[A-Za-z]")


def lost_its_backslashes(formulas: str) -> bool:
    """Whether there are commands, and none of them has a backslash."""
    return _SIGN.search(formulas) is not None and _BACKSLASH.search(formulas) is None


def restored(formula: str) -> tuple[str, list[int]]:
    """The formula with its backslashes, and for each place in it the place in the original."""
    pieces, origins, at = [], [], 0
    for match in _WORD.finditer(formula):
        if match[0] not in KNOWN:
            continue
        pieces += [formula[at : match.start()], "\\"]
        origins += [*range(at, match.start()), match.start()]
        at = match.start()
    origins += range(at, len(formula) + 1)
    return "".join([*pieces, formula[at:]]), origins


def replaced(tokens: list[Token], origins: list[int]) -> list[Token]:
    """The tokens at their places in the original."""
    return [token._replace(start=origins[token.start], end=origins[token.end]) for token in tokens]
