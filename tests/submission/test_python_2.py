"""Syntax of Python 2: named with its lines, and with what to write instead."""

from __future__ import annotations

import pytest

from one_file import failure


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
        ("exec code in names\n", "exec(x), not exec x (line 1)"),
        ("x = 0xffL\n", "0xff, not 0xffL (line 1)"),
        ("f = lambda (a, (b, c)): a\n", "lambda p: p[0] + p[1], not lambda (a, b): a + b (line 1)"),
        ("x = [y for y in 1, 2, 3]\n", "[x for x in (1, 2)], not [x for x in 1, 2] (line 1)"),
        ("x.cuda(async=True)\n", "another name than async, which is a keyword (line 1)"),
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
