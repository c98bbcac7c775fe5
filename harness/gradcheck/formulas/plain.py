"""Plain text to tokens: formulas as people type them, in the way of Python or with Unicode letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gradcheck.formulas.limits import MAX_NAME
from gradcheck.formulas.names import (
    CONNECTIVES,
    LETTERS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    ascii_name,
    folded,
    is_known,
)
from gradcheck.formulas.prose import prose, without_remarks
from gradcheck.formulas.tokens import Token, end_at

_SUP, _SUB = "".join(map(re.escape, SUPERSCRIPTS)), "".join(map(re.escape, SUBSCRIPTS))
_GREEK = "".join(LETTERS)

_TOKEN = re.compile(
    rf"""
    (?P<blank>    [ \t\r\f\v\u00a0\u2000-\u200b\u2060-\u2064\ufeff\u202f`]+ | \#[^\n]* )
  | (?P<ones>     [𝟏𝟙] )
  | (?P<entry>    [A-Za-z_]\w*\[(?P<quote>['"])(?P<inner>[A-Za-z]\w*)(?P=quote)\] )
  | (?P<over>     (?:sum|prod|max|min|argmax|argmin)_[A-Za-z](?![A-Za-z0-9_]) | (?:sum|prod)(?=_[{{(]) )
  | (?P<number>   (?: \d+ (?: \.\d+ | \.(?=[*/)\s]*[*/)]) )? | \.\d+ ) (?: [eE][+-]?\d+ )? )
  | (?P<fraction> [½¼¾⅓⅔⅛⅙⅕] )
  | (?P<transpose> \.T\b | \.(?:transpose|t)\(\) | ᵀ | ⊤ )
  | (?P<matmul>   \.(?:dot|matmul|mm)\b )
  | (?P<method>   \.(?:sum|mean|exp|log|tanh|sqrt|square)\b )
  | (?P<length>   \.shape\s*\[\s*(?P<axis>[01])\s*\] | \.size\b )
  | (?P<unknown>  \.[A-Za-z_]\w* )
  | (?P<dots>     \.\.\. | … | ⋯ | ⋮ )
  | (?P<big>      ∑ | Σ | ∏ | Π(?=[ ]?[_{_SUB}]) )
  | (?P<nabla>    ∇(?=_) )
  | (?P<name>     d? (?: [{_GREEK}][\u0302-\u0305]? | [À-ÖØ-öø-ſẀ-ỿ] | [A-Za-z][\u0302-\u0305] )
                  [0-9]* (?: _[A-Za-z0-9]+ )*
                | (?: (?:np|numpy|math|torch|jnp|F|tf|self)(?:\.(?:linalg|nn|functional|special))*\. )?
                  [A-Za-zÀ-ÖØ-öø-ſẀ-ỿ][\u0302-\u0305]? [A-Za-z0-9]* (?: _+[A-Za-z0-9]+ )* )
  | (?P<sup>      [{_SUP}]+ )
  | (?P<sub>      [{_SUB}]+ )
  | (?P<implies>  ⇒ | ⟹ | => | ∴ | → | -> | ⇔ | ⟺ )
  | (?P<relation> := | == | \+= | -= | != | [=≡≈≔≜≠∝←] )
  | (?P<compare>  <= | >= | [<>≤≥] )
  | (?P<operator> \*\* | \.\* | [-+*⊙⊗∘·⋅×∗−–∕⁄÷•] )
  | (?P<partial>  ∂ )
  | (?P<prime>    [′’ʹ″] )
  | (?P<bar>      \|\| | ‖ | \| )
  | (?P<stop>     [.:!?] )
  | (?P<bad>      [\x00-\x08\x0e-\x1f\x7f-\x9f]+ | . )
    """,
    re.VERBOSE,
)

_SHORT_NAME = re.compile("[A-Za-z][A-Za-z0-9]*")

_SAME = {"−": "-", "–": "-", "⋅": "·", "×": "·", "∗": "*", "•": "*", "∘": "⊙", ".*": "⊙"}
_SAME |= {"∕": "/", "⁄": "/", "÷": "/", "==": "=", "≔": ":=", "≜": ":=", "!=": "≠", "<=": "≤", ">=": "≥"}
_SAME |= {"||": "‖", "∑": "sum", "Σ": "sum", "∏": "prod", "Π": "prod", "⊤": "T"}

_SINGLE = {
    "(": ("open", "("),
    "[": ("open", "["),
    "{": ("open", "{"),
    "⟨": ("open", "⟨"),
    ")": ("close", "("),
    "]": ("close", "["),
    "}": ("close", "{"),
    "⟩": ("close", "⟨"),
    "^": ("script", "^"),
    "_": ("script", "_"),
    "'": ("prime", "'"),
    ",": ("comma", ","),
    ";": ("semicolon", ";"),
    "/": ("operator", "/"),
    "@": ("operator", "@"),
    "\n": ("newline", "newline"),
}
"""Characters that are a token each, whatever follows."""

_PREFIX = re.compile(
    r"""^[ \t]* (?:
        (?: [•‣*·–—-] | \d+[.)] | \(?[a-z0-9]\) ) [ \t]+                     # a bullet, a number
        (?=[^\s=+*/^⊙@-][^\n=]*(?<!axis)(?<!keepdims)=)
      | [A-Za-z][A-Za-z ]*\d*:[ \t]+ (?=[^\n]*=)                           # a label
      | (?P<prose> [A-Za-z'’]+ (?: [ ,]+[A-Za-z'’]+ ){2,} [ \t]*[.:!?,]? [ \t]* (?=\n(?![ \t]*=)|\Z) )
    )""",
    re.VERBOSE | re.MULTILINE,
)


_GRADIENT = re.compile(r"\b[Gg]rad(?:ient)?[ \t]+(?=[A-Za-z]\w*[ \t]*(?:\(\w+\)[ \t]*)?=)")
"""∇ in words."""


def tokens(text: str) -> list[Token]:
    """The tokens of the whole text; bullets and labels are left out, and prose is a stop."""
    text = _GRADIENT.sub(lambda match: "∇".ljust(len(match[0])), without_remarks(folded(text)))
    skipped = {
        match.start(): match.end() for match in _PREFIX.finditer(text) if not _is_formula(match["prose"])
    }
    spoken = dict(prose(text))
    tokens: list[Token] = []
    at = 0
    while (at := skipped.get(at, at)) < len(text):
        if at in spoken:
            tokens.append(Token("stop", "", at, spoken[at]))
            at = spoken[at]
            continue
        raised = tokens and tokens[-1].text == "^" and _SHORT_NAME.match(text, at)
        if raised:  # a_b is a name, but not in x^a_b
            tokens.append(_name(raised[0], at, raised.end()))
            at = raised.end()
            continue
        pieces, at = tokens_at(text, at)
        tokens.extend(pieces)
    return [*tokens, end_at(len(text))]


def tokens_at(text: str, at: int) -> tuple[list[Token], int]:
    """The tokens that the next characters are, and where they end."""
    if text[at] in _SINGLE:
        kind, normal = _SINGLE[text[at]]
        return [Token(kind, normal, at, at + 1)], at + 1
    match = _TOKEN.match(text, at)
    return (list(_token(match)), match.end()) if match else ([], len(text))


def _is_formula(line: str | None) -> bool:
    """Whether a line of words alone is a product of letters after all."""
    if line is None:
        return False
    words = [word.rstrip("'’") for word in line.split()]
    return sum(len(word) > 1 and not is_known(word) for word in words) < 2


def _token(match: re.Match[str]) -> Iterator[Token]:
    kind, text = str(match.lastgroup), match[0]
    start, end = match.span()
    match kind:
        case "blank":
            return
        case "name" | "ones" | "entry" | "nabla":
            names = {"ones": "ones", "entry": match["inner"], "nabla": "nabla"}
            yield _name(names.get(kind, text), start, end)
        case "over":
            yield from _over(text, start)
        case "fraction":
            yield Token("number", repr(unicodedata.numeric(text)), start, end)
        case "method" | "length":
            yield Token(kind, (match["axis"] or "") if kind == "length" else text[1:], start, end)
        case "sup" | "sub":
            yield from _script(kind, text, start)
        case "prime":
            yield from [Token("prime", "'", start, end)] * (2 if text == "″" else 1)
        case "bad" | "unknown":
            yield Token("bad", _complaint(kind, text), start, end)
        case "matmul":
            yield Token("operator", "@", start, end)
        case _:
            yield Token(kind, _SAME.get(text, text), start, end)


def _name(text: str, start: int, end: int) -> Token:
    name = ascii_name(text.rpartition(".")[2])
    if len(name) > MAX_NAME:
        return Token("bad", f"a name has more than {MAX_NAME} letters", start, end)
    if text in CONNECTIVES:
        return Token("implies", text, start, end)
    return Token("name", name, start, end)


def _over(text: str, start: int) -> Iterator[Token]:
    """sum_k and max_j: what goes over a letter, and the letter below it; of sum_{k=1} the word alone."""
    word, _, letter = text.partition("_")
    end = start + len(word)
    yield Token("big" if word in ("sum", "prod") else "name", word, start, end)
    if not letter:
        return
    yield Token("script", "_", end, end + 1)
    yield Token("name", letter, end + 1, end + 2)


def _script(kind: str, text: str, start: int) -> Iterator[Token]:
    """A run of small letters as ^{…} or _{…}; every token keeps the place of its own letter."""
    mark, letters = ("^", SUPERSCRIPTS) if kind == "sup" else ("_", SUBSCRIPTS)
    end = start + len(text)
    yield Token("script", mark, start, end)
    yield Token("open", "{", start, start)
    for match in re.finditer(r"\d+|.", "".join(map(letters.__getitem__, text))):
        first, past = start + match.start(), start + match.end()
        yield from (token._replace(start=first, end=past) for token in tokens_at(match[0], 0)[0])
    yield Token("close", "{", end, end)


def _complaint(kind: str, text: str) -> str:
    if kind == "unknown":
        return f"{text} is nothing that is known of an array: write .T, .dot(…) or .sum(…)"
    if text == "_":
        return "a name can't begin with _"
    shown = f"the character {text}" if text.isprintable() else f"the control character U+{ord(text[0]):04X}"
    return f"{shown} is no part of a formula"
