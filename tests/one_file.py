"""A single file that is called in this very process."""

from __future__ import annotations

from gradcheck.submission.here import run_here
from gradcheck.submission.records import Call, Code, Failure


def failure(source: str, run: str = "dW = f(2)", name: str = "anna.py") -> Failure:
    """How a file fails in a single call."""
    (result,) = run_here(Code(source, name, None, run, "two.yaml", 9), [Call({}, ("dW",))]).results
    assert isinstance(result, Failure), result
    return result
