"""Prose between formulas of plain text: which words are spoken, and name nothing.

No word is one of a formula only because it stands beside one: `so the loss L = (y - t)^2, and we get
dL/dy = 2 (y - t)` has two formulas. A word that stands at an operator somewhere in the text is a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from gradcheck.formulas.names import CONNECTIVES, FUNCTIONS, words
from gradcheck.letters import GREEK

_COMMON = CONNECTIVES | words(
    "the this that these those there here then than so as is are was were be been has have had does did do"
    " we you they he she it its my our your his her their us me one ones which what who whose how why"
    " with without of from to on at by about into onto but also too not no nor yet still only just both"
    " either each every any some all most more gives give given get gets got"
    " obtain obtains write wrote say says said take takes put means becomes holds yields find found know"
    " think using let finally can could should would must may might will while whereas such like hi hey"
    " hello please thanks"
)
"""Words of English around which no product of letters can stand."""
_CONDITIONS = words("if for when otherwise else where in")
"""Words that formulas have, too."""
_WORD = re.compile(r"(?<![\w\\.'’^])[A-Za-z]+(?:['’](?:d|s|m|t|ll|re|ve)\b)?(?![\w'’^(\[])(?!\.\w)")
_COMMENT = re.compile(r"#[^\n]*")
_REMARK = re.compile(
    r"(?<=[ \t])\((?P<words>(?:pre-|post-|non-)?[A-Za-z]\w*(?:[ \t]+[A-Za-z]\w*)*)\??\)"
    r"(?=[ \t]*(?:[;,.\n]|\Z))"
)
_MEMBER = re.compile(
    r"[A-Za-zα-ωΑ-Ω]\w*(?:[ \t]*,[ \t]*[A-Za-zα-ωΑ-Ω]\w*)*[ \t]*∈[ \t]*"
    r"(?:\\mathbb\{[A-Z]\}|[ℝℕℤℂRNZC](?!\w)|\{[^}\n]*\}|[\[(][^\])\n]*[\])])"
    r"(?:\^\{[^}\n]*\}|\^\([^)\n]*\)|\^\w+(?:[×]\w+)?|[⁰¹²³⁴-⁹ᵐⁿᵈˣ×]+)?"
)
"""x ∈ ℝ^{n×d}, which is no claim."""
_LONG = re.compile(r"[A-Za-z]{5,}")
"""Words that are hardly names."""
_NAMES = frozenset(GREEK.values())
_GAP = re.compile(r"[ \t]*[,;:.!?]?[ \t]*")
_AT_OPERATOR = re.compile(
    r"(?<![A-Za-z])([A-Za-z]{2,})(?=[ \t]*(?:[=*/+⊙@·×≠<>]|:=|[-−–][ \t(\w])|[(\[^_0-9]|\.T\b)"
    r"|(?<=[=*/+⊙@·×^(])[ \t]*([A-Za-z]{2,})|(?<=[-−–])[ \t]*([A-Za-z]{2,})"
)
_RELATION = re.compile(r"[=≡≈≔≜≠∝←<>≤≥]")
_OPERATOR = re.compile(r"[-+*/^(_∂⊙@−·]")
_FORMULA = re.compile(r"[ \t]+[A-Za-z0-9∂∇α-ωΑ-Ω√|‖]")
_NUMBER = re.compile(r"[ \t]+\d+(?=[ \t]*(?:[,.;:)]|\n|\Z))")


@dataclass
class _Word:
    start: int
    end: int
    text: str
    spoken: bool = False
    near: bool = False
    """Whether only a blank or a mark stands before it and the word before."""


def without_remarks(text: str) -> str:
    """The text with blanks for x ∈ ℝ, and for words in brackets behind a formula: z = w x + b (linear)."""
    text = _MEMBER.sub(lambda match: " " * len(match[0]), text)
    outside = {*_LONG.findall(_REMARK.sub(" ", text))}

    def blank(match: re.Match[str]) -> str:
        spoken = (word for word in _LONG.findall(match["words"]) if word.lower() not in FUNCTIONS | _NAMES)
        return " " * len(match[0]) if any(word not in outside for word in spoken) else match[0]

    return _REMARK.sub(blank, text)


def prose(text: str) -> Iterator[tuple[int, int]]:
    """Where prose begins and ends, in order; the lines that have nothing else as a whole."""
    text = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    names = {word for match in _AT_OPERATOR.finditer(text) for word in match.groups() if word}
    start = 0
    lines = text.splitlines(keepends=True)
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        found = _words(line)
        _mark(found, names, line)
        spans = list(_spans(found, line))
        goes_on = _RELATION.match(following.lstrip()) is not None
        if spans and not (goes_on or _RELATION.search(line) or _has_formula(_left(line, spans), found)):
            spans = [(0, len(line.rstrip("\r\n")))]
        yield from ((start + first, start + end) for first, end in spans)
        start += len(line)


def _words(line: str) -> list[_Word]:
    found: list[_Word] = []
    for match in _WORD.finditer(line):
        word = _Word(match.start(), match.end(), match[0])
        word.near = bool(found) and _GAP.fullmatch(line, found[-1].end, word.start) is not None
        found.append(word)
    return found


def _mark(found: Sequence[_Word], names: Collection[str], line: str) -> None:
    """Say of each word whether it is spoken."""
    for word in found:
        word.spoken = _is_common(word.text) and word.text not in names
    for n, word in enumerate(found):
        if not word.spoken and _could_be_prose(word.text, names):
            others = [found[n - 1]] * word.near + [one for one in found[n + 1 : n + 2] if one.near]
            others = [one for one in others if len(one.text) > 1]
            alone = not others and word.text[1:].islower() and _opens(word, line)
            word.spoken = alone or any(_speaks(one, names) for one in others)
    for word, following in zip(reversed(found[:-1]), reversed(found[1:]), strict=True):
        if following.near and following.spoken and word.text.lower() in _CONDITIONS | {"a", "an", "i"}:
            word.spoken |= word.text != "a" or not line[: word.start].rstrip().endswith(("=", "+", "-", "*"))


def _speaks(word: _Word, names: Collection[str]) -> bool:
    return word.spoken or word.text in _CONDITIONS or _could_be_prose(word.text, names)


def _is_common(word: str) -> bool:
    if len(word) == 1:
        return False
    capital = word[0].isupper() and word.lower() in _CONDITIONS
    low = re.split("['’]", word.lower())[0]
    return capital or low in _COMMON or low == "i" or (low.endswith("n") and not word.isalpha())


def _could_be_prose(word: str, names: Collection[str]) -> bool:
    low = word.lower()
    if low in FUNCTIONS or low in _CONDITIONS or low in GREEK.values():
        return False
    return len(word) > 2 and word not in names


def _opens(word: _Word, line: str) -> bool:
    """Whether it is the first word of a clause, and a formula follows."""
    before = line[: word.start].rstrip()
    return (not before or before[-1] in ",;:.") and _FORMULA.match(line, word.end) is not None


def _spans(found: Sequence[_Word], line: str) -> Iterator[tuple[int, int]]:
    """Runs of spoken words, with a number behind them and brackets around them."""
    run: list[_Word] = []
    for word in [*found, None]:
        if run and (word is None or not word.spoken or not word.near):
            yield _span(run[0].start, run[-1].end, line)
            run = []
        if word is not None and word.spoken:
            run.append(word)


def _span(start: int, end: int, line: str) -> tuple[int, int]:
    if number := _NUMBER.match(line, end):
        end = number.end()
    if line[:start].rstrip().endswith("(") and (close := re.compile(r"[ \t.!?]*\)").match(line, end)):
        return line[:start].rindex("("), close.end()
    return start, end


def _has_formula(left: str, found: Sequence[_Word]) -> bool:
    """Whether more than prose is left of a line without a relation."""
    letters = re.search(r"[^\W\d_]", left) is not None
    return letters and (sum(word.spoken for word in found) < 2 or _OPERATOR.search(left) is not None)


def _left(line: str, spans: Sequence[tuple[int, int]]) -> str:
    at, pieces = 0, []
    for start, end in spans:
        pieces.append(line[at:start])
        at = end
    return "".join([*pieces, line[at:]])
