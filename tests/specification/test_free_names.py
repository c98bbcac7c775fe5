"""What `run` takes from a submission's file, found out from its text alone."""

from __future__ import annotations

import pytest

from gradcheck.commands.spec import _summary
from gradcheck.errors import SpecError
from gradcheck.specification.free_names import taken_names
from gradcheck.specification.read import parse


@pytest.mark.parametrize(
    ("run", "taken"),
    [
        ("dW = f(x)", ["f"]),
        ("dW, db = (f(v) for v in x)", ["f"]),
        ("import numpy as np\ndW = np.abs(f(x))", ["f"]),
        ("def g(v):\n    w = v\n    return f(w, lr)\ndW = g(x)", ["f", "lr"]),
        ("X = x\ndW = f(X)", ["f"]),
        ("dW = [len(v) * __name__ for v in x if (n := f(v))]", ["f"]),
        ("net = Net()\ndW = net.f(x)", ["Net"]),
        ("for x in x: dW = (lambda y: y + z)(x)", ["z"]),
    ],
)
def test_what_run_takes(run: str, taken: list[str]) -> None:
    """Names that are read and neither given nor bound nor built in, also in functions of `run`'s own."""
    assert taken_names(run, ["x"]) == taken


def spec_text(run: str, notation: str = "plain") -> str:
    """A layer whose `run` is this, as a block."""
    lines = "".join(f"    {line}\n" for line in run.splitlines())
    return (
        f"title: t\nnotation: {notation}\n"
        "network: {inputs: 4, layers: [dense: {units: 3, activation: sigmoid}]}\n"
        f"loss: squared_error\nsubmission:\n  run: |\n{lines}check: [dW1]\n"
    )


@pytest.mark.parametrize(
    ("run", "notation", "says"),
    [
        ("dW1 = f(X, y, W1)", "plain", "t.yaml:7:13: run has no X: in plain it is called x"),
        ("dW1 = f(x, Y, W1)", "ng", "t.yaml:7:13: run has no x: in ng it is called X"),
        ("é = 1\nif é: dW1 = f(é, w1)", "plain", "t.yaml:8:22: run has no w1: in plain it is called W1"),
    ],
)
def test_the_other_case_of_a_letter(run: str, notation: str, says: str) -> None:
    """X where the notation has x is refused at its place, with what to write."""
    with pytest.raises(SpecError) as caught:
        parse(spec_text(run, notation).encode(), "t.yaml")
    (text,) = map(str, caught.value.complaints)
    assert text.startswith(says)
    assert "help: write " in text


@pytest.mark.parametrize("run", ["X = x\ndW1 = f(X)", "dW1 = X(x, y)", "dW1 = f(x)[lam]"])
def test_names_that_the_file_may_define(run: str) -> None:
    """What is bound or called, or is like nothing that is given, is no fault of the spec."""
    parse(spec_text(run).encode(), "t.yaml")


def test_what_a_check_says() -> None:
    """The names that the file must define, and which of them could be given."""
    spec = parse(spec_text("dW1 = f(x, z1, rate)").encode(), "t.yaml")
    assert _summary(spec) == (
        "1 quantity to check in 2 cases; run takes f, z1, rate from t.py; "
        "to have z1 given, list it in submission.given"
    )
