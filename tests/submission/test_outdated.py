"""Python 2 and names that are gone: said with their lines, and with what to write instead."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck.submission.here import run_here
from gradcheck.submission.records import Call, Code, Failure


def failure(source: str, run: str = "dW = f(2)", name: str = "anna.py") -> Failure:
    """How a file fails in a single call."""
    (result,) = run_here(Code(source, name, None, run, "two.yaml", 9), [Call({}, ("dW",))]).results
    assert isinstance(result, Failure), result
    return result


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('def f(x):\n    print "a", x\n    return x\nprint f(3)\n', "print(x), not print x (lines 2, 4)"),
        ("for i in range(3): print i\n", "print(x), not print x (line 1)"),
        ("x = 1; print x,\n", "print(x), not print x (line 1)"),
        ('exec "x = 1"\n', "exec(x), not exec x (line 1)"),
        ('def f(x):\n    raise ValueError, "x"\n', 'raise E("x"), not raise E, "x" (line 2)'),
        ("try:\n    1\nexcept ValueError, e:\n    2\n", "except E as e, not except E, e (line 3)"),
        ("try:\n    1\nexcept (A, B), e:\n    2\n", "except E as e, not except E, e (line 3)"),
        ("x = `3`\ny = `4`\n", "repr(x), not `x` (lines 1, 2)"),
        ("if 1 <> 2 and 3 <> 4: pass\n", "!=, not <> (line 1)"),
        ("def f(x, (a, b)):\n    print a\n", "def f(p): a, b = p, not def f((a, b)) (line 1); print(x), not"),
        ("f = lambda (a, b): a + b\n", "lambda p: p[0] + p[1], not lambda (a, b): a + b (line 1)"),
        ("x = 0777\n", "0o17, not 017 (line 1)"),
        ("x = 10L\n", "10, not 10L (line 1)"),
        ('x = ur"a"\n', 'r"x", not ur"x" (line 1)'),
        ("if 1 <> 2:\n    print 3\n", "!=, not <> (line 1); print(x), not print x (line 2)"),
    ],
)
def test_syntax_of_python_2_is_named(source: str, said: str) -> None:
    """All of it, with the lines."""
    told = failure(source)
    assert told.kind == "syntax"
    assert f"; this is Python 2: write {said}" in told.message


@pytest.mark.parametrize(
    "source",
    [
        "x = g('print me', 'a' 1)\n",
        "def f(:\n",
        "print('a'\n",
        "x = 'a <> b' 3\n",
        "raise\nx = (1,\n",
        "a b, `\n",
    ],
)
def test_other_faults_are_no_python_2(source: str) -> None:
    """Though a word of it may stand on the line."""
    assert "Python 2" not in failure(source).message


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    if 1:\n\treturn 1\n",
        "if 1:\n\tx = 1\n        y = 2\n",
        "def f():\n\tx = 1\n    return x\n",
    ],
)
def test_tabs_among_blanks_are_named(source: str) -> None:
    """With their lines."""
    at = next(n for n, line in enumerate(source.split("\n"), start=1) if line.startswith("\t"))
    assert failure(source).message.endswith(f"; indent with spaces only: there are tabs (line {at})")


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
