"""A spec's `run`, compiled by the harness for all submissions: nothing about it changes."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from gradcheck.submission.here import run_here
from gradcheck.submission.prepare import compiled
from gradcheck.submission.records import Call, Code, Failure, Outcome, failure_of

SOURCE = "def f(x):\n    return 2 * x\n"
CALLS = [Call({"x": np.ones(2)}, ("dW", "db"))]


def both(run: str) -> list[Outcome | Failure]:
    """What `run` gives, compiled where it runs and compiled before."""
    plain = Code(SOURCE, "anna.py", None, run, "two.yaml", 9)
    ready = replace(plain, compiled=compiled(run, "two.yaml", 9))
    return [run_here(code, CALLS).results[0] for code in (plain, ready)]


def numbers(result: Outcome | Failure) -> dict[str, object]:
    """What an outcome holds."""
    assert isinstance(result, Outcome), result
    return {name: a.tolist() for name, a in result.arrays.items()}


@pytest.mark.parametrize("run", ["dW = f(x)", "dW = f(x)\ndb = [f(y) for y in x]", "\n\ndW, db = f(x)\n"])
def test_it_gives_the_same(run: str) -> None:
    """The same numbers under the same names."""
    plain, ready = both(run)
    assert numbers(plain) == numbers(ready)


@pytest.mark.parametrize(
    "run", ["dW = 1\ndb = f(x, x)", "dW = g(x)", "dW, db, dc = f(x)", "dW = f(x", "dW = f(x)\n  db = 1", "\0"]
)
def test_it_fails_the_same(run: str) -> None:
    """The same message at the same line of the spec, also where it does not compile."""
    plain, ready = both(run)
    assert failure_of(plain) is not None
    assert failure_of(plain) == failure_of(ready)


def test_nobody_is_warned_of_a_specs_text() -> None:
    """What Python would say of the instructor's text is not said to each student, nor to the instructor."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled("dW = x is 1", "two.yaml", 1)
    for ready in (b"", compiled("dW = x is 1", "two.yaml", 1)):
        code = Code(SOURCE, "anna.py", None, "dW = x is 1", "two.yaml", 1, "", ready)
        assert run_here(code, CALLS).output == ""
