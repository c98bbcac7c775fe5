"""What Python 2 and earlier versions of NumPy had: where it stands in a file, and what to write instead."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from gradcheck.submission import other_meanings, pasted
from gradcheck.submission.cells import places

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
    "intern": "sys.intern",
    "buffer": "memoryview",
    "coerce": "nothing instead, numbers are converted where they meet",
    "StandardError": "Exception",
}
"""What Python 2 had as built-in names."""
_CALLED = frozenset(("long", "file", "reduce", "reload", "cmp", "apply", "intern", "buffer", "coerce"))
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
    "dummy_thread": "_thread",
    "copy_reg": "copyreg",
    "repr": "reprlib",
    "commands": "subprocess",
    "exceptions": "nothing instead, its names are there already",
    "SocketServer": "socketserver",
    "BaseHTTPServer": "http.server",
    "SimpleHTTPServer": "http.server",
    "CGIHTTPServer": "http.server",
    "Cookie": "http.cookies",
    "cookielib": "http.cookiejar",
    "HTMLParser": "html.parser",
    "htmlentitydefs": "html.entities",
    "xmlrpclib": "xmlrpc.client",
    "DocXMLRPCServer": "xmlrpc.server",
    "SimpleXMLRPCServer": "xmlrpc.server",
    "robotparser": "urllib.robotparser",
    "UserDict": "collections.UserDict",
    "UserList": "collections.UserList",
    "UserString": "collections.UserString",
    "anydbm": "dbm",
    "whichdb": "dbm",
    "dbhash": "dbm",
    "gdbm": "dbm.gnu",
    "dumbdbm": "dbm.dumb",
    "_winreg": "winreg",
    "tkFileDialog": "tkinter.filedialog",
    "tkMessageBox": "tkinter.messagebox",
    "tkSimpleDialog": "tkinter.simpledialog",
    "tkColorChooser": "tkinter.colorchooser",
    "tkFont": "tkinter.font",
    "ttk": "tkinter.ttk",
    "ScrolledText": "tkinter.scrolledtext",
}
_OF_FUNCTIONS = ("name", "doc", "code", "closure", "defaults", "dict", "globals")
_OF_TEXTS = (
    "split",
    "lower",
    "upper",
    "replace",
    "strip",
    "find",
    "capitalize",
    "count",
    "zfill",
    "rjust",
    "ljust",
)
_TYPES = {
    **{
        f"{name}Type": name.lower() for name in ("List", "Tuple", "Float", "Int", "Complex", "Object", "Type")
    },
    "DictType": "dict",
    "DictionaryType": "dict",
    "BooleanType": "bool",
    "NoneType": "type(None)",
    "StringType": "bytes",
    "UnicodeType": "str",
    "StringTypes": "str",
    "LongType": "int",
    "FileType": "io",
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
    "itertools.ifilterfalse": "itertools.filterfalse",
    "dict.viewkeys": "keys()",
    "dict.viewvalues": "values()",
    "dict.viewitems": "items()",
    **{f"function.func_{name}": f"__{name}__" for name in _OF_FUNCTIONS},
    **{f"method.im_{old}": f"__{new}__" for old, new in {"func": "func", "self": "self"}.items()},
    "method.im_class": "__self__.__class__",
    **{f"types.{old}": new for old, new in _TYPES.items()},
    **{f"sys.exc_{part}": "sys.exc_info()" for part in ("type", "value", "traceback")},
    "sys.setdefaultencoding": "nothing instead, text is Unicode already",
    "operator.div": "operator.truediv",
    "operator.isCallable": "callable(f)",
    "operator.sequenceIncludes": "operator.contains",
    "operator.isSequenceType": "isinstance(x, collections.abc.Sequence)",
    "operator.isMappingType": "isinstance(x, collections.abc.Mapping)",
    "operator.isNumberType": "isinstance(x, numbers.Number)",
    "operator.repeat": "operator.mul",
    "operator.irepeat": "operator.imul",
    **{f"string.{name}": f"text.{name}()" for name in _OF_TEXTS},
    "string.uppercase": "string.ascii_uppercase",
    "string.lowercase": "string.ascii_lowercase",
    "string.atoi": "int",
    "string.atof": "float",
    "string.atol": "int",
    "_io.TextIOWrapper.xreadlines": "the file itself",
    **{
        f"urllib.{name}": f"urllib.parse.{name}"
        for name in ("quote", "quote_plus", "unquote", "unquote_plus")
    },
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
        pasted_name = pasted.of_name(_word(text), lines)
        return text + (f"; {pasted_name}" if pasted_name else _instead_of_name(_word(text), lines))
    if isinstance(error, ModuleNotFoundError):
        return text + _instead(_word(text), _MODULES, lines)
    if advice := other_meanings.advice(error, text, _nodes(lines), lines):
        return f"{text}; {advice}"
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
