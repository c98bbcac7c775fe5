"""What is seen of a student's functions while they run."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from gradcheck.submission.here import run_here
from gradcheck.submission.records import Call, Code, Outcome

DIFFERENCES = """
import numpy as np

def loss(w):
    return np.sum(np.tanh(w))

def backprop(w):
    h = 1e-6 if {real} else 1e-20j
    steps = [loss(w + h * e) for e in np.eye(w.size)]
    return np.array([(s - loss(w)) / h for s in steps]) if {real} else np.imag(steps) / 1e-20
"""


def outcome(source: str, *, watched: bool = True) -> Outcome:
    """What one call of it leaves behind."""
    code = Code(source, "anna.py", None, "dw = backprop(w)", "spec.yaml", 1)
    (result,) = run_here(code, [Call({"w": np.ones(5)}, ("dw",), watched=watched)]).results
    assert isinstance(result, Outcome)
    return result


@pytest.mark.parametrize(("real", "calls"), [(True, 10), (False, 5)])
def test_differences_give_themselves_away(real: bool, calls: int) -> None:
    """The busiest function is counted, and one that returns complex numbers is seen."""
    seen = outcome(DIFFERENCES.format(real=real))
    assert (seen.most_calls, seen.turned_complex) == (calls, not real)


def test_a_formula_is_quiet() -> None:
    """A gradient by formula calls nothing often and stays real."""
    seen = outcome("import numpy as np\n\ndef backprop(w):\n    return 1 - np.tanh(w) ** 2\n")
    assert (seen.most_calls, seen.turned_complex) == (1, False)


def test_only_where_it_is_asked_for() -> None:
    """Other calls are not watched, and nothing watches afterwards."""
    seen = outcome(DIFFERENCES.format(real=True), watched=False)
    assert (seen.most_calls, seen.turned_complex) == (0, False)
    outcome(DIFFERENCES.format(real=True))
    assert sys.getprofile() is None
