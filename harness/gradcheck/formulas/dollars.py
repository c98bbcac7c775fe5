r"""Formulas within prose within a formula: `\text{if $x > 0$}`, `\intertext{with $a = \sigma(z)$}`."""

from __future__ import annotations

import re

from gradcheck.formulas.macros import closing

_PROSE = re.compile(r"\\(?:(?P<apart>(?:short)?intertext)|text|textrm|textnormal|mbox)\s*\{")


def without_dollars(formula: str) -> str:
    r"""The formula with `\text{if }x > 0`, and with what \intertext says apart; as long as it was."""
    pieces, at = [], 0
    for match in _PROSE.finditer(formula):
        end = closing(formula, match.end() - 1)
        if match.start() < at or end < 0:
            continue
        prose, *parts = formula[match.end() : end].split("$")
        if match["apart"]:
            inside = [";".ljust(len(match[0])), " " * len(prose), *_apart(parts, ";"), ";"]
        elif parts:
            inside = [match[0], prose, "}", *_apart(parts, " ")[1:], " "]
        else:
            continue
        pieces += [formula[at : match.start()], *inside]
        at = end + 1
    return "".join([*pieces, formula[at:]])


def _apart(parts: list[str], behind: str) -> list[str]:
    """Formulas and blanks for the prose between, each with what stands for the dollar before it."""
    pieces = []
    for n, part in enumerate(parts):
        pieces += [";", part] if n % 2 == 0 else [behind, " " * len(part)]
    return pieces
