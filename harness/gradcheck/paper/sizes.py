"""Sizes of arrays as prose has them: X ∈ ℝ^{n×d}, "X is a 4 × 3 matrix", "x has 5 entries"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gradcheck.paper.names import Key
from gradcheck.paper.values.algebra import ONE, Shape

_LOOK = r"(?:\\(?:mathbf|boldsymbol|bm|vec|mathrm)\s*\{?\s*)?"
_LETTER = r"(?:\\[A-Za-z]+|[A-Za-zα-ωΑ-Ω])(?:_\{?[A-Za-z0-9]+\}?|[₀-₉]|\d)?(?:\^\{?[(\[][0-9]+[)\]]\}?)?"
_NAME = rf"\$?{_LOOK}{_LETTER}\}}?\$?"
_LENGTH = r"(?:\d+|[a-wyzA-Z])"
_TIMES = r"\s*(?:\\times|×|x|\*|\\cdot|,)\s*"
_SIZE = rf"\$?\s*\(?\s*(?P<{{0}}rows>{_LENGTH})(?:{_TIMES}(?P<{{0}}columns>{_LENGTH}))?\s*\)?\s*\$?"
_NUMBERS = rf"\$?\s*\(?\s*(?P<{{0}}rows>\d+){_TIMES}(?P<{{0}}columns>\d+)\s*\)?\s*\$?"
_SET = r"(?:\\mathbb\s*\{?\s*R\s*\}?|\\Reals|\\R\b|ℝ|R(?=\s*\^))"
_IN = re.compile(
    rf"(?P<names>{_NAME}(?:\s*(?:,|and)\s*{_NAME})*)\s*(?:\\in\b|∈)\s*{_SET}\s*\^\s*"
    rf"(?:\{{{_SIZE.format('braced_')}\}}|(?P<bare>{_LENGTH}))"
)
_IS = re.compile(
    rf"(?<![A-Za-z\\])(?P<names>{_NAME})(?:\s+(?:is|be|being)(?:\s+an?)?\s+|\s*:\s*|\s+\(|\s+has\s+(?:the\s+)?shape\s+"
    rf"|\s+(?:is\s+)?of\s+(?:shape|size)\s+|\.shape\s*==?\s*){_NUMBERS.format('')}(?![\w.^])"
)
_MATRIX = re.compile(rf"\ban?\s+{_NUMBERS.format('')}\s+matrix\s+(?P<names>{_NAME})(?![A-Za-z])")
_VECTOR = re.compile(
    rf"(?<![A-Za-z\\])(?P<names>{_NAME})\s+has\s+(?P<rows>\d+)\s+(?:entries|components|elements|coordinates)\b"
)
_FORMS = (_IN, _IS, _MATRIX, _VECTOR)


def sizes_in_prose(text: str, key: Callable[[str], Key | None]) -> Iterator[tuple[Key, Shape]]:
    """Each name that a text gives a size, with rows and columns; `key` reads a name."""
    for form in _FORMS:
        for match in form.finditer(text):
            shape = _shape(match)
            for name in re.findall(_NAME, re.sub(r"\band\b", ",", match["names"])) if shape else ():
                if (found := key(name.strip("$"))) is not None:
                    yield found, shape


def _shape(match: re.Match[str]) -> Shape:
    """Rows and columns; () where nothing is said of them."""
    sizes = {name.removeprefix("braced_"): size for name, size in match.groupdict().items() if size}
    rows = sizes.get("rows", sizes.get("bare", ""))
    shape = (rows, sizes.get("columns", ONE))
    return () if not rows or shape == (ONE, ONE) else shape
