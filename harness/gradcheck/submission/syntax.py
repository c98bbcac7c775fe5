"""A SyntaxError, with what to do: how a file came to be no Python, where it shows."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from gradcheck.submission import pasted, python_2
from gradcheck.submission.cells import places
from gradcheck.submission.conflict import merge_conflict
from gradcheck.submission.pasted import without_texts

_FENCE = r"[ \t]*(?:```|~~~)"
_PROMPT = r"(?:>>>|In \[\d*\]:)(?: |$)"
_CONTINUED = r"(?:\.\.\.|Out\[\d*\]:)(?: |$)"
_QUOTES = r"\"{3}|'{3}"
"""Around texts of several lines."""
_NUMBERED = r"[ \t]*\d+[.:|]?(?:[ \t]|$)"
_GAP = r"=[ \t]*(?:#.*)?$|_{3,}|\.{4,}"
_OTHER_LANGUAGES = (
    (r"\belse\s+if\b", "elif, not else if"),
    (r"&&", "and, not &&"),
    (r"\|\|", "or, not ||"),
    (r"(?<!\d)\.\*(?!\*)", "*, not .*, for a product entry by entry"),
    (r"(?<!\d)\./", "/, not ./, for a quotient entry by entry"),
    (r"(?<!\d)\.\^", "**, not .^, for a power entry by entry"),
    (r"(?<![=!<>+\w])!(?!=)", "not x, not !x"),
    (r"\w\+\+\s*(?:[;)]|$)", "i += 1, not i++"),
    (r"^\s*//", "# before a comment, not //"),
    (r"\bfunction\b.*\(", "def f(x):, not function f(x)"),
)
"""How another language writes something, and what to write."""
_PATCH = r"(?:diff --git|@@ |---? a/|\+\+\+ b/)"
_INNER_QUOTES = r"""\b[fF][rR]?(["'])[^"'\n]*\{[^}\n]*\1"""


def explained(error: SyntaxError, lines: Sequence[str]) -> str:
    """The text of a SyntaxError in a file of these lines, with what to do."""
    steps = (
        *(_conflict, _copied, _tabs, _newer, pasted.advice, python_2.advice, _indented, _backslash, _gap),
        _other_language,
    )
    advice = next(filter(None, (step(error, lines) for step in steps)), "")
    return f"{error.msg}; {advice}" if advice else error.msg


def _conflict(_: SyntaxError, lines: Sequence[str]) -> str:
    """A merge that nobody has finished."""
    for at in _outside_texts(lines):
        if lines[at].startswith("<<<<<<<") and merge_conflict("".join(lines[at:])) == 1:
            return (
                f"there is an unfinished merge ({places([at + 1], lines)}): keep one of the two versions, "
                "and remove the lines <<<<<<<, ======= and >>>>>>>"
            )
    return ""


def _copied(_: SyntaxError, lines: Sequence[str]) -> str:
    """What was copied together with the code: from Markdown, a terminal, a listing or a patch."""
    outside = _outside_texts(lines)
    if fences := [at + 1 for at in outside if re.match(_FENCE, lines[at])]:
        return f"keep only the code between the lines that begin with ``` ({places(fences, lines)})"
    if any(re.match(_PROMPT, lines[at]) for at in outside):
        prompts = [at + 1 for at in outside if re.match(f"{_PROMPT}|{_CONTINUED}", lines[at])]
        return f"remove what a terminal has printed, such as >>> ({places(prompts, lines)})"
    code = [line.rstrip() for line in lines if line.strip()]
    if len(code) > 1 and all(re.match(_NUMBERED, line) for line in code):
        return "remove the numbers at the beginning of each line"
    is_marked = len(code) > 1 and all(line[0] in "+-@" for line in code)
    if is_marked or (code and re.match(_PATCH, code[0])):
        return "this is a patch: hand in the file itself"
    return ""


def _outside_texts(lines: Sequence[str]) -> list[int]:
    """The lines, from 0, that don't begin inside a text of several lines."""
    outside, quotes = [], ""
    for at, line in enumerate(lines):
        if not quotes:
            outside.append(at)
        for mark in re.findall(_QUOTES, line if quotes else without_texts(line, triple=True)):
            quotes = "" if mark == quotes else quotes or mark
    return outside


def _tabs(error: SyntaxError, lines: Sequence[str]) -> str:
    mixed = isinstance(error, IndentationError) and _is_mixed(lines)
    if not (mixed or isinstance(error, TabError)):
        return ""
    tabs = [number for number, line in enumerate(lines, start=1) if re.match(r" *\t", line)]
    return f"indent with spaces only: there are tabs ({places(tabs, lines)})"


def _is_mixed(lines: Sequence[str]) -> bool:
    return any(line.startswith("\t") for line in lines) and any(line.startswith(" ") for line in lines)


def _newer(error: SyntaxError, lines: Sequence[str]) -> str:
    """What only later versions of Python understand."""
    if sys.version_info >= (3, 12) or not error.msg.startswith("f-string"):
        return ""
    if not re.search(_INNER_QUOTES, _line(error, lines)):
        return ""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"in Python {version} a text inside of an f-string needs other quotes than the f-string has"


def _indented(error: SyntaxError, lines: Sequence[str]) -> str:
    """All of the file is indented, as within something from which it was copied."""
    code = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if isinstance(error, IndentationError) and code and all(line[0] in " \t" for line in code):
        return "every line is indented: remove the spaces that all have in common"
    return ""


def _backslash(error: SyntaxError, _: Sequence[str]) -> str:
    r"""A path of Windows, in which \U begins a character."""
    if "unicodeescape" in error.msg:
        return r"write \\ or / for each \ of a path, or r before its quotes"
    return ""


def _other_language(error: SyntaxError, lines: Sequence[str]) -> str:
    """What C, Java, JavaScript or MATLAB write."""
    line = without_texts(_line(error, lines))
    return next((f"write {write}" for pattern, write in _OTHER_LANGUAGES if re.search(pattern, line)), "")


def _gap(error: SyntaxError, lines: Sequence[str]) -> str:
    """A gap of an exercise."""
    if re.search(_GAP, without_texts(_line(error, lines).rstrip("\n"))):
        return "nothing is written here yet: fill in the gap"
    return ""


def _line(error: SyntaxError, lines: Sequence[str]) -> str:
    at = (error.lineno or 0) - 1
    return lines[at] if 0 <= at < len(lines) else ""
