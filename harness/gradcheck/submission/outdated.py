"""What Python 2 and earlier versions of NumPy had: where it stands in a file, and what to write instead."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gradcheck.submission.cells import fault, places

_NUMPY = {
    **{name: name for name in ("float", "int", "bool", "object", "str", "complex")},
    **dict.fromkeys(("Inf", "Infinity", "infty", "PINF"), "np.inf"),
    "unicode": "str",
    "long": "int",
    "math": "math, imported by itself",
    "float_": "np.float64",
    "complex_": "np.complex128",
    "cfloat": "np.complex128",
    "singlecomplex": "np.complex64",
    "longcomplex": "np.clongdouble",
    "longfloat": "np.longdouble",
    "string_": "np.bytes_",
    "unicode_": "np.str_",
    "bool8": "np.bool_",
    "int0": "np.intp",
    "object0": "object",
    "str0": "str",
    "NINF": "-np.inf",
    "NaN": "np.nan",
    "NAN": "np.nan",
    "PZERO": "0.0",
    "NZERO": "-0.0",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "in1d": "np.isin",
    "trapz": "np.trapezoid",
    "row_stack": "np.vstack",
    "round_": "np.round",
    "mat": "np.asmatrix",
    "asfarray": "np.asarray(a, float)",
    "asscalar": "a.item()",
    "alen": "len(a)",
    "rank": "np.ndim",
    "msort": "np.sort(a, axis=0)",
    "fastCopyAndTranspose": "a.T.copy()",
    "find_common_type": "np.result_type",
    "recfromcsv": "np.genfromtxt",
    "disp": "print",
    "loads": "pickle.loads",
}
"""NumPy's name -> what to write instead."""
_NAMES = {
    "xrange": "range",
    "raw_input": "input",
    "unichr": "chr",
    "unicode": "str",
    "basestring": "str",
    "long": "int",
    "file": "open",
    "reduce": "functools.reduce",
    "reload": "importlib.reload",
    "execfile": "exec(open(name).read())",
    "cmp": "(a > b) - (a < b)",
    "apply": "f(*args)",
}
"""What Python 2 had as built-in names."""
_CALLED = frozenset(("long", "file", "reduce", "reload", "cmp", "apply"))
"""Those that a variable may have, too: they are meant where they are called."""
_MODULES = {
    "cPickle": "pickle",
    "cStringIO": "io",
    "StringIO": "io",
    "Queue": "queue",
    "Tkinter": "tkinter",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
    "httplib": "http.client",
    "ConfigParser": "configparser",
    "__builtin__": "builtins",
    "thread": "_thread",
}
_ABSTRACT = ("Callable", "Hashable", "Iterable", "Iterator", "Mapping", "MutableMapping", "Sequence", "Set")
_PARTS = {
    **{f"collections.{name}": f"collections.abc.{name}" for name in _ABSTRACT},
    "dict.has_key": "`key in d`",
    "dict.iteritems": "items()",
    "dict.iterkeys": "keys()",
    "dict.itervalues": "values()",
    "str.decode": "nothing instead, it is text already",
    "time.clock": "time.perf_counter()",
    "sys.maxint": "sys.maxsize",
    "os.getcwdu": "os.getcwd()",
    "itertools.izip": "zip",
    "itertools.imap": "map",
    "itertools.ifilter": "filter",
    "itertools.izip_longest": "itertools.zip_longest",
    "string.letters": "string.ascii_letters",
    "string.join": "' '.join(words)",
    "string.maketrans": "str.maketrans",
    "fractions.gcd": "math.gcd",
    "inspect.getargspec": "inspect.getfullargspec",
    "urllib.urlopen": "urllib.request.urlopen",
    "urllib.urlretrieve": "urllib.request.urlretrieve",
    "urllib.urlencode": "urllib.parse.urlencode",
    "numpy.ndarray.itemset": "a[index] = value",
    "numpy.ndarray.ptp": "np.ptp(a)",
    "numpy.ndarray.tostring": "tobytes()",
    "numpy.ndarray.newbyteorder": "a.view(a.dtype.newbyteorder())",
}
"""A part of a module, or of a value of some type -> what to write instead."""
_NEXT = re.compile(r"'\w+' object has no attribute 'next'")
_TEXTS = tuple(
    map(
        re.compile,
        (
            r"module '(?P<of>[\w.]+)' has no attribute '(?P<name>\w+)'",
            r"`np\.(?P<name>\w+)` was removed",
            r"'(?P<of>[\w.]+)' object has no attribute '(?P<name>\w+)'",
            r"cannot import name '(?P<name>\w+)' from '(?P<of>[\w.]+)'",
        ),
    )
)


def explained(error: BaseException, text: str, lines: Sequence[str]) -> str:
    """The text of an exception that code of a file raised; with what to write where the file is outdated.

    `lines` are the file's.
    """
    if isinstance(error, NameError):
        return text + _instead_of_name(_word(text), lines)
    if isinstance(error, ModuleNotFoundError):
        return text + _instead(_word(text), _MODULES, lines)
    if not isinstance(error, (AttributeError, ImportError)):
        return text
    if _NEXT.match(text):
        return f"{text}; that was removed: write next(iterator)"
    match = next(filter(None, (pattern.match(text) for pattern in _TEXTS)), None)
    if match is None:
        return text
    of, name = match.groupdict().get("of") or "numpy", match["name"]
    if of == "numpy" and name in _NUMPY:
        return "; ".join(_of_numpy(name, lines))
    return text + _instead(f"{of}.{name}", _PARTS, lines)


def _word(text: str) -> str:
    """The name that the text of a NameError, or of a ModuleNotFoundError, is about."""
    match = re.search(r"'(\w+)", text)
    return match[1] if match else ""


def _instead_of_name(name: str, lines: Sequence[str]) -> str:
    if name not in _NAMES:
        return ""
    uses = [node for node in _nodes(lines) if isinstance(node, ast.Name) and node.id == name]
    if name in _CALLED:
        called = {id(node.func) for node in _nodes(lines) if isinstance(node, ast.Call)}
        uses = [node for node in uses if id(node) in called]
    return f"; that was removed: write {_NAMES[name]}{_at(_lines_of(uses), lines)}" if uses else ""


def _instead(name: str, table: Mapping[str, str], lines: Sequence[str]) -> str:
    if name not in table:
        return ""
    part = name.rpartition(".")[2]
    uses = [node for node in _nodes(lines) if isinstance(node, ast.Attribute) and node.attr == part]
    return f"; that was removed: write {table[name]}{_at(_lines_of(uses), lines)}"


def _of_numpy(name: str, lines: Sequence[str]) -> Iterator[str]:
    """What is said of a name that NumPy has no more, and of others of the file."""
    uses = {name: list[int]()} | _uses_of_numpy(lines)
    for one, where in uses.items():
        yield f"NumPy no longer has np.{one}: write {_NUMPY[one]}{_at(where, lines)}"


def _at(where: Sequence[int], lines: Sequence[str]) -> str:
    return f" ({places(where, lines)})" if where else ""


def _lines_of(nodes: Iterable[ast.expr]) -> list[int]:
    return sorted({node.lineno for node in nodes})


def _uses_of_numpy(lines: Sequence[str]) -> dict[str, list[int]]:
    """Each name that the file takes from NumPy, and that isn't there any more, with its lines."""
    uses: defaultdict[str, set[int]] = defaultdict(set)
    nodes = _nodes(lines)
    imports = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    aliases = {alias.asname or alias.name for alias in imports if alias.name == "numpy"}
    removed = _NUMPY.keys() - vars(sys.modules["numpy"])
    gone = (node for node in nodes if isinstance(node, ast.Attribute) and node.attr in removed)
    for node in gone:
        if isinstance(node.value, ast.Name) and node.value.id in aliases:
            uses[node.attr].add(node.lineno)
    return {name: sorted(where) for name, where in sorted(uses.items(), key=lambda one: min(one[1]))}


def _nodes(lines: Sequence[str]) -> tuple[ast.AST, ...]:
    return _nodes_of("".join(lines))


@lru_cache(maxsize=4)
def _nodes_of(text: str) -> tuple[ast.AST, ...]:
    try:
        return tuple(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


class _Relic(NamedTuple):
    """Syntax of Python 2."""

    message: str
    """How Python 3 complains of it, in the beginning."""
    pattern: re.Pattern[str]
    """Of what stands there."""
    repaired: str
    """What to put there, so that Python 3 gets on to the next one."""
    write: str


_INVALID = "invalid syntax"
_RELICS = (
    _Relic(
        "Missing parentheses in call to 'print'",
        re.compile(r"\bprint\b.*"),
        "pass",
        "print(x), not print x",
    ),
    _Relic("Missing parentheses in call to 'exec'", re.compile(r"\bexec\b.*"), "pass", "exec(x), not exec x"),
    _Relic(
        "multiple exception types must be parenthesized",
        re.compile(r"\bexcept\s+([\w.]+|\([^()]*\))\s*,\s*(\w+)\s*:"),
        r"except \1 as \2:",
        "except E as e, not except E, e",
    ),
    _Relic(
        "Function parameters cannot be parenthesized",
        re.compile(r"(?<=[(,])\s*\(\s*\w+(?:\s*,\s*\w+)*\s*,?\s*\)"),
        "_",
        "def f(p): a, b = p, not def f((a, b))",
    ),
    _Relic(
        "Lambda expression parameters cannot be parenthesized",
        re.compile(r"(?<=lambda)\s*\(\s*\w+(?:\s*,\s*\w+)*\s*,?\s*\)"),
        " _",
        "lambda p: p[0] + p[1], not lambda (a, b): a + b",
    ),
    _Relic(_INVALID, re.compile(r"\braise\s+[\w.]+\s*,.*"), "pass", 'raise E("x"), not raise E, "x"'),
    _Relic(_INVALID, re.compile(r"`([^`]*)`"), r"repr(\1)", "repr(x), not `x`"),
    _Relic(_INVALID, re.compile(r"<>"), "!=", "!=, not <>"),
    _Relic(_INVALID, re.compile(r"\b[uU][rR](?=[\"'])"), "r", 'r"x", not ur"x"'),
    _Relic("leading zeros in decimal", re.compile(r"\b0+([0-7]+)\b"), r"0o\1", "0o17, not 017"),
    _Relic("invalid decimal literal", re.compile(r"\b(\d+)[lL]\b"), r"\1", "10, not 10L"),
)
_MOST = 200
"""Places of a file that are looked at."""


def syntax(error: SyntaxError, text: str, lines: Sequence[str]) -> str:
    """The text of a SyntaxError, with what to write where the file is one of Python 2."""
    if isinstance(error, TabError) or (isinstance(error, IndentationError) and _is_mixed(lines)):
        tabs = [number for number, line in enumerate(lines, start=1) if re.match(r" *\t", line)]
        return f"{text}; indent with spaces only: there are tabs{_at(tabs, lines)}"
    found = _relics(error, list(lines))
    if not found:
        return text
    write = "; ".join(f"{write}{_at(where, lines)}" for write, where in found.items())
    return f"{text}; this is Python 2: write {write}"


def _is_mixed(lines: Sequence[str]) -> bool:
    return any(line.startswith("\t") for line in lines) and any(line.startswith(" ") for line in lines)


def _relics(error: SyntaxError | None, lines: list[str]) -> dict[str, list[int]]:
    """What to write, with the lines: one after the other is mended to see what Python meets next."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for _ in range(_MOST):
        at = (error.lineno or 0) - 1 if error else -1
        if error is None or not 0 <= at < len(lines) or (relic := _relic(error, lines[at])) is None:
            break
        if at + 1 not in found[relic.write]:
            found[relic.write].append(at + 1)
        lines[at] = relic.pattern.sub(relic.repaired, lines[at])
        error = fault("".join(lines), "outdated")
    return dict(found)


def _relic(error: SyntaxError, line: str) -> _Relic | None:
    """What of Python 2 it is at which Python 3 stops in a line."""
    place = (error.offset or 0) - 1
    for relic in _RELICS:
        matches = relic.pattern.finditer(line)
        if error.msg.startswith(relic.message) and any(one.start() <= place <= one.end() for one in matches):
            return relic
    return None
