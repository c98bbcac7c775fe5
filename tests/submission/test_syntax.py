"""How a file came to be no Python, and what to do."""

from __future__ import annotations

import sys

import pytest

from one_file import failure


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


RIGHT = "def f(x):\n    return x\n"
MERGE = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        (
            f"{RIGHT}{MERGE}",
            "there is an unfinished merge (line 3): keep one of the two versions, and remove",
        ),
        (f"```python\n{RIGHT}```\n", "keep only the code between the lines that begin with ``` (lines 1, 4)"),
        (">>> x = 1\n>>> y = 2\n", "remove what a terminal has printed, such as >>> (lines 1, 2)"),
        (f"That's it:\n\n```\n{RIGHT}```\n", "keep only the code between the lines that begin with"),
        (f"{RIGHT}{MERGE.replace('theirs', '3f2a')}", "there is an unfinished merge (line 3)"),
        (f'\'a """\'  # """\n{RIGHT}{MERGE}', "there is an unfinished merge (line 4)"),
        ("In [1]: def f(x):\n", "remove what a terminal has printed"),
        ("1 def f(x):\n2     return x\n3\n", "remove the numbers at the beginning of each line"),
        ("+def f(x):\n+    return x\n", "this is a patch: hand in the file itself"),
        ("diff --git a/x.py b/x.py\n", "this is a patch: hand in the file itself"),
        ("    def f(x):\n        return x\n", "every line is indented: remove the spaces that all have"),
        ("def f(x):\n    y =   # your code\n    return y\n", "nothing is written here yet: fill in the gap"),
        ("DATA = 'C:\\Users\\anna'\n", "write \\\\ or / for each \\ of a path, or r before its quotes"),
        ("if x:\n    1\nelse if y:\n    2\n", "write elif, not else if"),
        ("y = a && b\n", "write and, not &&"),
        ("y = a .* b\n", "write *, not .*, for a product entry by entry"),
        ("y = (!x)\n", "write not x, not !x"),
    ],
)
def test_where_it_was_copied_or_left_unfinished(source: str, advice: str) -> None:
    """The message says what to do."""
    assert f"; {advice}" in failure(source).message


@pytest.mark.parametrize(
    "source",
    [
        f'"""\n```\n{MERGE}>>> x\n"""\nx = (1\n',
        "def f(:\n",
        "x = 'nothing here ____' y\n",
        "if x\n    y = 1\n",
        "x = 'a && b' if\n",
    ],
)
def test_other_faults_get_no_advice(source: str) -> None:
    """Though a text may hold what looks so."""
    assert ";" not in failure(source).message


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python 3.12 understands it")
def test_what_a_later_version_of_python_understands() -> None:
    """Quotes within an f-string."""
    assert "needs other quotes than the f-string" in failure("d = {}\nprint(f'{d['a']}')\n").message
