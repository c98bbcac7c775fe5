"""Python 2 and names that are gone: said with their lines, and with what to write instead."""

from __future__ import annotations

import numpy as np
import pytest

from one_file import failure


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("float", "float"),
        ("product", "np.prod"),
        ("Inf", "np.inf"),
        ("asscalar", "a.item()"),
        ("trapz", "np.trapezoid"),
    ],
)
def test_what_numpy_has_no_more_is_named(name: str, instead: str) -> None:
    """With all lines on which it stands, whatever else is gone; not where another module has that name."""
    if name in vars(np) or "mat" in vars(np):
        pytest.skip(f"NumPy {np.__version__} has it")
    source = (
        "import itertools, numpy\nimport numpy as np\ndef f(x):\n"
        f"    a = np.{name}\n    b = itertools.product\n"
        f"    return numpy.{name}\ndef g(x):\n    return numpy.mat(x)\n"
    )
    assert failure(source).message == (
        f"AttributeError: NumPy no longer has np.{name}: write {instead} (lines 4, 6); "
        "NumPy no longer has np.mat: write np.asmatrix (line 8)"
    )


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("return xrange(x)", "range (line 4)"),
        ("return reduce(max, [x])", "functools.reduce (line 4)"),
        ("return isinstance(x, basestring)", "str (line 4)"),
        ("return {}.iteritems()", "items() (line 4)"),
        ("return {}.has_key(x)", "`key in d` (line 4)"),
        ("return np.zeros(3).itemset(0, 1)", "a[index] = value (line 4)"),
        ("return iter([]).next()", "next(iterator)"),
        ("import cPickle", "pickle"),
        ("import itertools; return itertools.izip([])", "zip (line 4)"),
        ("from collections import Iterable", "collections.abc.Iterable"),
        ("from itertools import imap", "map"),
        ("return {}.viewitems()", "items() (line 4)"),
        ("return f.func_name", "__name__ (line 4)"),
        ("import types; return types.ListType", "list (line 4)"),
        ("import sys; return sys.exc_type", "sys.exc_info() (line 4)"),
        ("import operator; return operator.isCallable(f)", "callable(f) (line 4)"),
        ("import string; return string.atoi('3')", "int (line 4)"),
        ("from urllib import quote", "urllib.parse.quote"),
        ("import tkMessageBox", "tkinter.messagebox"),
        ("raise StandardError", "Exception (line 4)"),
        ("return intern('x')", "sys.intern (line 4)"),
    ],
)
def test_other_names_that_are_gone(line: str, instead: str) -> None:
    """Of Python 2, and of modules and types that are otherwise there."""
    if "itemset" in line and hasattr(np.ndarray, "itemset"):
        pytest.skip(f"NumPy {np.__version__} has it")
    told = failure(f"import numpy as np\n\ndef f(x):\n    {line}\n")
    assert told.message.endswith(f"; that was removed: write {instead}")


@pytest.mark.parametrize(
    "line", ["return file", "return long", "return unknown", "return np.unknown", "return {}.x"]
)
def test_names_that_are_only_missing_are_no_relics(line: str) -> None:
    """Somebody may have meant a variable."""
    assert "gone" not in failure(f"import numpy as np\ndef f(x):\n    {line}\n").message


def test_a_notebook_names_its_cells() -> None:
    """Line by line of a cell."""
    source = "# %% cell 1\nx = 1\n# %% cell 3\ny = 2\nprint x\nprint y\n"
    assert failure(source, name="lab.ipynb").message.endswith("not print x (cell 3:2, cell 3:3)")
