"""Names as paper has them: Greek letters for their names, a hat, an index for a number or a second letter."""

from __future__ import annotations

import re

from gradcheck.letters import GREEK

_GREEK = {name: letter for letter, name in reversed(GREEK.items()) if letter.islower()} | {"eps": "ε"}
_COMMANDS = {letter: f"\\{name}" for letter, name in GREEK.items() if name != "omicron"}
_HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_WORD = "[A-Za-zα-ω]+"
_NAME = re.compile(
    rf"(?P<word>{_WORD})(?P<hat>{_HAT}?)(?P<number>[0-9]*)(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]*)(?P<caret>(\^[\[(][^\])]*[\])])?)"
)
_INDEXED = re.compile("([A-Z])([a-z]{1,2})|([a-z])([A-Za-z])")
"""A letter with an index: Wxi, hT, bz."""


def with_greek(printed: str) -> str:
    """A name as code or a notation has it, with Greek letters and hats: γ², x̂."""
    match = re.match(_WORD, printed)
    if match is None:
        return printed
    word, rest = match[0], printed[match.end() :]
    bare = word.removesuffix("hat")
    hat = _HAT if bare and bare != word else ""
    return _GREEK.get(bare if hat else word, bare if hat else word) + hat + rest


def in_latex(text: str) -> str:
    r"""A name that `with_greek` has made, in LaTeX: `\gamma^{2}`, `\hat{x}`, `W_{xi}`, `\mathrm{std}`."""
    match = _NAME.fullmatch(text)
    if match is None:
        return rf"\mathrm{{{text.replace('_', chr(92) + '_')}}}"
    word, index = match["word"], match["number"]
    if word in _COMMANDS:
        word = _COMMANDS[word]
    elif indexed := _INDEXED.fullmatch(word):
        word, letters = (part for part in indexed.groups() if part)
        index = letters + index
    elif len(word) > 1:
        word = rf"\mathrm{{{word}}}"
    word = rf"\hat{{{word}}}" if match["hat"] else word
    raised = match["raised"].translate(_RAISED) or match["caret"].removeprefix("^")
    return word + (f"_{{{index}}}" if index else "") + (f"^{{{raised}}}" if raised else "")
