"""What a file defines, seen by its lines: it is a stranger's, and may be no Python, so nothing parses it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from gradcheck.spelling import near
from gradcheck.submission.wanted import Arguments

_CODE = (
    r"(?m)^(?:from[ \t]+[\w.]+[ \t]+import\b|import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*$"
    r"|def[ \t]+\w+[ \t]*\()"
)
_ANYTHING = r"(?m)^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]*\*|\b(?:exec|globals|setattr)[ \t]*\("
"""What may give a file any names."""
_LONGEST = 2000
"""Characters of a function's parameters."""
_MOST = 20
"""Definitions of one name that are looked at."""


def is_code(text: str) -> bool:
    """Whether a text without a telling name seems to be Python, and not formulas or prose."""
    return re.search(_CODE, text) is not None


def defines_all(text: str, functions: Mapping[str, Arguments]) -> bool:
    """Whether a file defines functions, or classes, of these names that can be called so."""
    return bool(functions) and all(_defines(text, name, how) for name, how in functions.items())


def provides_all(text: str, functions: Mapping[str, Arguments]) -> bool:
    """Whether a file defines one of the functions, and seems to import the others."""
    defined = [name for name, how in functions.items() if _defines(text, name, how)]
    return bool(defined) and all(name in defined or _imports(text, name) for name in functions)


def functions_of(text: str) -> list[str]:
    """The functions that a file defines at its top level, in order."""
    return list(dict.fromkeys(re.findall(r"^(?:async[ \t]+)?def[ \t]+(\w+)", text, re.MULTILINE)))


def is_other_work(text: str, functions: Mapping[str, Arguments]) -> bool:
    """Whether a file defines functions, and neither these nor any that are called alike, however it does."""
    there = functions_of(text)
    if not there or not functions or re.search(_ANYTHING, text):
        return False
    return not any(re.search(rf"\b{re.escape(name)}\b", text) or near(name, there) for name in functions)


def _defines(text: str, name: str, arguments: Arguments) -> bool:
    word = re.escape(name)
    pattern = rf"^(?:async[ \t]+)?(?P<kind>def|class)[ \t]+{word}\b|^{word}[ \t]*(?::[^=\n]*)?=(?!=)"
    for match in islice(re.finditer(pattern, text, re.MULTILINE), _MOST):
        if match["kind"] != "def" or _accepts(text[match.end() : match.end() + _LONGEST], arguments):
            return True
    return False


def _imports(text: str, name: str) -> bool:
    """Whether a line imports that name, or all of a module."""
    imports = re.findall(r"^from[ \t]+[\w.]+[ \t]+import[ \t]*(\([^)]{0,2000}\)|.*)", text, re.MULTILINE)
    return any(re.search(rf"\*|\b{re.escape(name)}\b", names) for names in imports)


def _accepts(text: str, arguments: Arguments) -> bool:
    """Whether parameters, with which the text begins, take these arguments; True where nobody can tell."""
    parameters = _parameters(text)
    if parameters is None or arguments.is_open or any(one.startswith("*") for one in parameters):
        return True
    parameters = [one for one in parameters if one != "/"]
    required = sum("=" not in one for one in parameters)
    return required <= arguments.positional + len(arguments.keywords) <= len(parameters)


def _parameters(text: str) -> list[str] | None:
    """The parameters as they are written; None where the brackets around them don't close."""
    depth, parts = 0, [""]
    for character in _without_comments(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return [part.strip() for part in parts if part.strip()]
        if depth == 1 and character == ",":
            parts.append("")
        elif not (depth == 1 and character == "("):
            parts[-1] += character
    return None


def _without_comments(text: str) -> Iterator[str]:
    start = text.find("(")
    return iter(re.sub(r"#.*", "", text[start:]) if start >= 0 and not text[:start].strip() else "")
