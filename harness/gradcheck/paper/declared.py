"""What is said beside the formulas: shapes (`W: 3x2, x: 2`) and functions (`θ = tanh`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gradcheck.errors import UsageError
from gradcheck.expr.registry import called
from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Bracket, Node, Product, Scripted, Symbol
from gradcheck.letters import GREEK
from gradcheck.paper.names import Key, Names
from gradcheck.paper.sizes import sizes_in_prose
from gradcheck.paper.values.algebra import NUMBER, ONE, Shape

_SHAPE = re.compile(
    r"\s*(?P<name>[^:,]+?)\s*:\s*(?P<rows>\d+|[a-wyzA-Z])(?:\s*[x×*]\s*(?P<columns>\d+|[a-wyzA-Z]))?\s*"
)
_WORDS = {"linear": "", "identity": "", "logistic": "sigmoid", "rectifier": "relu", "ReLU": "relu"}
"""Words of prose for functions; "" for what changes nothing."""
_PROSE = re.compile(
    r"(?P<name>\$?\\?[A-Za-z]+\$?|[α-ωΑ-Ω])\s+(?:is|denotes|stands\s+for|means)\s+"
    r"(?:just\s+|simply\s+|here\s+)?(?:the\s+|a\s+)?(?P<function>[A-Za-z]+)\b"
)
_MATRIX = r"\$?(?:\\(?:mathbf|boldsymbol|bm)\{{)?(?P<{}>[A-ZΣΛ]|\\Sigma|\\Lambda)(?![A-Za-z])\}}?\$?"
_SYMMETRIC = re.compile(
    rf"\b[Ss]ymmetric(?:,?\s+positive[- ](?:semi-?)?definite)?(?:\s+matrix)?,?\s+{_MATRIX.format('one')}"
    rf"|{_MATRIX.format('other')},?\s+(?:(?:is|be|being|are)\s+)?(?:a\s+|an\s+|real\s+|any\s+)*symmetric\b"
)
_SAYS = re.compile(r"\b(?:let|assum\w+|suppose|given|with|where|since|as|is|be)\b", re.IGNORECASE)
_RESERVED = re.compile(
    r"\b(?:if|only|unless|not|when|alone|for|needs?|requires?|holds?|would|were)\b|n't\b", re.IGNORECASE
)
ARGUMENT = Key("the argument")


@dataclass(frozen=True)
class Declared:
    """Shapes of quantities, and functions by other names."""

    shapes: Mapping[Key, Shape] = field(default_factory=dict)
    sizes: Mapping[Key, Shape] = field(default_factory=dict)
    """Shapes by the text's prose, of which some may be meant otherwise: a row for a column."""
    functions: Mapping[str, str] = field(default_factory=dict)
    """A letter -> the function that it is; "" for the one that changes nothing."""
    symmetric: frozenset[str] = frozenset()
    perhaps_symmetric: frozenset[str] = frozenset()
    """Letters of matrices that prose calls symmetric, and those that it does under some condition."""

    def body(self, name: str) -> Node:
        """What a function makes of its argument."""
        argument = Symbol(str(ARGUMENT))
        word = self.functions[name]
        return Product((Symbol(word), Bracket(argument)), ("",)) if word else argument


def declared(text: str, shapes: str, where: str) -> Declared:
    """What the options say, and the prose of a text. Raises UsageError for what an option can't mean."""
    functions = dict(_in_prose(text)) | dict(_in_option(where))
    surely, perhaps = _symmetric_in_prose(text)
    sizes = dict(sizes_in_prose(text, _key_in_prose))
    return Declared(dict(_shapes(shapes)), sizes, functions, surely, perhaps - surely)


def _shapes(option: str) -> Iterator[tuple[Key, Shape]]:
    for part in option.split(",") if option.strip() else ():
        match = _SHAPE.fullmatch(part)
        if match is None:
            raise UsageError(f"--shapes: {part.strip()} is no shape; write W: 3x2, x: 2")
        rows, columns = match["rows"], match["columns"] or ONE
        yield _key(match["name"]), NUMBER if rows == columns == ONE else (rows, columns)


def _key(name: str) -> Key:
    reading = read(name)
    if len(reading.claims) != 1 or len(reading.claims[0].sides) != 1:
        raise UsageError(f"--shapes: {name} is no name")
    reference = Names(reading.claims).reference(reading.claims[0].sides[0])
    if reference is None:
        raise UsageError(f"--shapes: {name} is no name")
    return reference.key


def _key_in_prose(name: str) -> Key | None:
    """The quantity that a name of prose is; None where it is none."""
    try:
        return _key(name)
    except UsageError:
        return None


def _in_option(option: str) -> Iterator[tuple[str, str]]:
    for part in re.split("[,;]", option) if option.strip() else ():
        name, _, word = (piece.strip() for piece in part.partition("="))
        function = _function(word)
        if function is None or not name:
            raise UsageError(f"--where: {part.strip()} names no function; write θ = tanh")
        yield _letter(name), function


def _in_prose(text: str) -> Iterator[tuple[str, str]]:
    """Our θ is tanh; σ is the sigmoid."""
    for match in _PROSE.finditer(text):
        function = _function(match["function"])
        name = match["name"].strip("$")
        if function is not None and (len(name) == 1 or name.startswith("\\") or name in GREEK.values()):
            yield _letter(name), function


def _symmetric_in_prose(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Let A be symmetric; and what is called so with an if, a not or an only."""
    surely, perhaps = set[str](), set[str]()
    for sentence in re.split(r"[.;\n](?:\s|\Z)", text):
        for match in _SYMMETRIC.finditer(sentence):
            says = _SAYS.search(sentence) and not _RESERVED.search(sentence)
            (surely if says else perhaps).add(_letter(match["one"] or match["other"]))
    return frozenset(surely), frozenset(perhaps)


def _function(word: str) -> str | None:
    if word in _WORDS:
        return _WORDS[word]
    return word if called(word) else None


def _letter(name: str) -> str:
    """A letter as formulas have it: theta for θ."""
    reading = read(name)
    side = reading.claims[0].sides[0] if reading.claims else None
    match side:
        case Symbol(text) | Scripted(Symbol(text)):
            return text
    return name
