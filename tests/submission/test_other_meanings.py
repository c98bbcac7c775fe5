"""What means something else than in Python 2, or in other languages."""

from __future__ import annotations

import pytest

from one_file import failure


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("return map(abs, [x])[0]", "map makes no list in Python 3: write list(map(…)) (line 4)"),
        ("return len(zip([x]))", "zip makes no list in Python 3: write list(zip(…)) (line 4)"),
        ("return range(2) + range(x)", "range makes no list in Python 3: write list(range(…)) (line 4)"),
        ("range(x)[0] = 1", "range makes no list in Python 3: write list(range(…)) (line 4)"),
        ("{}.keys().sort()", "keys() makes no list in Python 3: write list(d.keys()) (line 4)"),
        ("return {1: 2}.values()[0]", "values() makes no list in Python 3: write list(d.values()) (line 4)"),
        ("import sys; print >>sys.stderr, x", "write print(x, file=f), not print >>f, x (line 4)"),
        ("return sorted([x], cmp=f)", "write key=functools.cmp_to_key(f), not cmp=f (line 4)"),
        ('raise "x"', 'write raise Exception("x"), not raise "x" (line 4)'),
        ("return np.ones(2) ^ 2", "^ is no power in Python: write ** (line 4)"),
        ("return 1.5 ^ 2", "^ is no power in Python: write ** (line 4)"),
        ("return np.zeros(x / 2)", "/ gives a float in Python 3: write // for a whole number (line 4)"),
        ("return [1, 2][x / 2]", "/ gives a float in Python 3: write // for a whole number (line 4)"),
        ("return range(x / 2)", "/ gives a float in Python 3: write // for a whole number (line 4)"),
    ],
)
def test_the_advice_names_what_to_write(line: str, advice: str) -> None:
    """With the lines of the file that do so."""
    assert failure(f"import numpy as np\n\ndef f(x):\n    {line}\n").message.endswith(advice)


@pytest.mark.parametrize("line", ["return (1, 2)[0.5]", "return iter([])[0]", "g = f.x", "return x >> 'a'"])
def test_other_errors_get_no_advice(line: str) -> None:
    """Where nothing in the file brings about what is said."""
    assert ";" not in failure(f"def f(x):\n    {line}\n").message
