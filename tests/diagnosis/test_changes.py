"""Wrong programs whose mistake no catalogue has: what is changed in which equation, forward or backward."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.edits.kinds import FORWARD
from gradcheck.submission.find import at
from gradcheck.verdict.records import Diagnosis
from halves import some

SPEC = """\
title: A network of two layers
network:
  inputs: 3
  layers:
    - dense: {units: 4, activation: tanh}
    - dense: {units: 2, activation: sigmoid}
loss: half_squared_error
notation: plain
submission:
  run: dW1, db1, dW2, db2 = gradients(x, y, W1, b1, W2, b2)
check: [dW2, db2, dW1, db1]
cases:
  - {batch: 6}
  - {batch: 9, widths: [3, 5, 3]}
"""
RIGHT = """\
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def gradients(x, y, W1, b1, W2, b2):
    m = len(x)
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    a2 = sigmoid(z2)
    dz2 = (a2 - y) / m * a2 * (1 - a2)
    dW2 = a1.T @ dz2
    db2 = dz2.sum(0)
    dz1 = dz2 @ W2.T * (1 - a1 ** 2)
    dW1 = x.T @ dz1
    db1 = dz1.sum(0)
    return dW1, db1, dW2, db2
"""
CHANGES = {
    "(1 - a1 ** 2)|(1 - a1) ** 2": "dz1 = dz2 @ W2.T * (1 - a1)**2",
    "dW1 = x.T @ dz1|dW1 = x[:1].T @ dz1[:1]": "dW1 = x.T @ dz1, over the first sample only",
    "db1 = dz1.sum(0)|db1 = dz1.sum(0) * W1.shape[1]": "db1 = n_units * np.sum(dz1, axis=0)",
    "z1 = x @ W1 + b1|z1 = x @ W1": "your backward pass is the one for the right equation",
    "a1 = np.tanh(z1)|a1 = z1 * (z1 > 0)": "numbers are those of a1 = relu(z1).",
    "a2 = sigmoid(z2)|a2 = np.tanh(z2)": "numbers are those of a2 = np.tanh(z2).",
    "np.tanh(z1)|sigmoid(z1)|(1 - a1 ** 2)|a1 * (1 - a1)": "your gradients are those of such a network",
}
"""What is changed in the right program: before|after, perhaps twice -> what is said of it."""


def diagnosis(tmp_path: Path, change: str) -> Diagnosis:
    program, parts = RIGHT, change.split("|")
    for before, after in zip(parts[::2], parts[1::2], strict=True):
        assert before in program
        program = program.replace(before, after)
    (tmp_path / "net.yaml").write_text(SPEC)
    (tmp_path / "net.py").write_text(program)
    with Checker() as checker:
        verdict = checker.check(at(tmp_path / "net.py"), tmp_path / "net.yaml")
    assert verdict.diagnosis is not None
    return verdict.diagnosis


@pytest.mark.parametrize("change", some(CHANGES, 1))
def test_the_change_is_named(tmp_path: Path, change: str) -> None:
    found = diagnosis(tmp_path, change)
    assert found.mistake.startswith("Your numbers are those of ")
    assert CHANGES[change] in found.mistake
    assert found.question.endswith("?")
    forward = any(
        words in found.mistake for words in ("gradients are those of such", "backward pass is the one for")
    )
    assert found.location.startswith("Your numbers are those of a network that computes ") == forward
    assert (found.category == FORWARD) == forward


@pytest.mark.slow
def test_two_mistakes_in_one_equation_are_written_as_what_they_make(tmp_path: Path) -> None:
    """Of each alone, all else being right, the equation is another one."""
    found = diagnosis(tmp_path, "db1 = dz1.sum(0)|db1 = dz1[0] / m")
    assert found.slugs == ("db-first-example-only", "db-mean-for-sum")
    (correction,) = found.corrections
    assert correction == (
        "db1 = np.sum(dz1, axis=0) / m, over the first sample only",
        "db1 = np.sum(dz1, axis=0)",
        "two mistakes meet in it",
    )


@pytest.mark.slow
def test_two_changes_are_named(tmp_path: Path) -> None:
    """Each at its own place."""
    change = "dW1 = x.T @ dz1|dW1 = x.T @ dz1 ** 2|db2 = dz2.sum(0)|db2 = np.exp(dz2.sum(0)) * 0 + dz2[-1]"
    found = diagnosis(tmp_path, change).mistake
    assert "numbers are those of db2 = np.sum(dz2, axis=0), over the last sample only" in found
    assert "Besides, you have dW1 = x.T @ dz1**2" in found


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "slugs"), [("0.01", ("update-returned",)), ("7", ())])
def test_a_constant_before_all_gradients_may_be_a_learning_rate(
    tmp_path: Path, factor: str, slugs: tuple[str, ...]
) -> None:
    """A small one: that is said beside what is certain, with its question."""
    scaled = ", ".join(f"{factor} * {name}" for name in ("dW1", "db1", "dW2", "db2"))
    found = diagnosis(tmp_path, f"return dW1, db1, dW2, db2|return {scaled}")
    assert "times what it should be" in found.corrections[0].change
    assert found.slugs == slugs
    assert ("learning rate" in found.question) is bool(slugs)


@pytest.mark.slow
def test_what_makes_a_part_is_named(tmp_path: Path) -> None:
    """Down to the first wrong quantity; of the rest it is said that it is not explained."""
    found = diagnosis(tmp_path, "db2 = dz2.sum(0)|db2 = dz2.mean(0)|(1 - a1 ** 2)|np.exp(-a1)")
    assert found.slugs == ("db-mean-for-sum",)
    assert found.consequences == "dW1 and db1 are wrong, too, and not explained by this."


@pytest.mark.slow
def test_zeros_alone_are_called_zeros(tmp_path: Path) -> None:
    """They are not named after a mistake that makes them, too."""
    zeros = ", ".join(f"0 * {name}" for name in ("dW1", "db1", "dW2", "db2"))
    found = diagnosis(tmp_path, f"return dW1, db1, dW2, db2|return {zeros}")
    assert found.mistake == "dW2 is zero everywhere; db2 is zero everywhere."


@pytest.mark.slow
def test_two_changes_are_written_in_the_order_of_the_network(tmp_path: Path) -> None:
    """Whichever of them is found first; each has what follows from it."""
    found = diagnosis(tmp_path, "(1 - a1 ** 2)|(1 - a1) ** 2|db2 = dz2.sum(0)|db2 = dz2.sum(0) * 7")
    assert [one.yours.split(" = ")[0] for one in found.corrections] == ["db2", "dz1"]
    assert found.location == "db2 is the first wrong quantity; dW2 is right."
    assert found.consequences == "dW1 and db1 follow from dz1."


@pytest.mark.slow
def test_what_no_change_makes_is_not_named(tmp_path: Path) -> None:
    found = diagnosis(tmp_path, "(1 - a1 ** 2)|np.exp(-a1)")
    assert found.mistake.startswith("No mistake that gradcheck knows makes these numbers")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "remark"),
    [
        (
            "db2 = dz2.sum(0)|db2 = dz2.sum(0, keepdims=True)",
            "db2 has the right numbers, and only its shape is not",
        ),
        ("dW2 = a1.T @ dz2|dW2 = dz2.T @ a1", "dW2 is the transpose of what it should be"),
    ],
)
def test_right_numbers_in_another_shape_are_named_so(tmp_path: Path, change: str, remark: str) -> None:
    """There is no factor of 1 to be found in them; what else is wrong is named, too."""
    assert remark in diagnosis(tmp_path, change).mistake
    second = diagnosis(tmp_path, f"{change}|(1 - a1 ** 2)|(1 - a1)")
    assert "(1 - a1)." in second.mistake
    assert "1 times" not in second.mistake


@pytest.mark.slow
def test_what_is_named_besides_a_wrong_shape_holds_on_a_fresh_case(tmp_path: Path) -> None:
    """As every submission of a class is asked for one: its numbers lie in the wrong shape, too."""
    (tmp_path / "net.yaml").write_text(SPEC)
    program = RIGHT.replace("dz2.sum(0)", "dz2.sum(0, keepdims=True)").replace(
        "(1 - a1 ** 2)", "(1 - a1) ** 2"
    )
    (tmp_path / "net.py").write_text(program)
    with Checker(secret=1) as checker:
        (verdict,) = checker.check_all(at(tmp_path / "net.py"), [tmp_path / "net.yaml"], "content")
    assert verdict.diagnosis is not None
    assert "dz1 = dz2 @ W2.T * (1 - a1)**2" in verdict.diagnosis.mistake
    assert "db2" not in verdict.diagnosis.consequences
