"""What the cases of a spec cannot show, and the cases that would."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gradcheck.commands import spec as command
from gradcheck.diagnosis.effects import Label
from gradcheck.diagnosis.power import Power, power
from gradcheck.specification.read import parse, read
from gradcheck.specification.records import Spec

SPECS = Path(__file__).resolve().parents[2] / "specs"

LAYERS = """
title: One unit
network:
  inputs: 3
  layers:
    - dense: {{units: {units}, activation: identity}}
loss: {loss}
check: [dW1, db1]
cases: [{cases}]
submission:
  file: unit.py
  run: dW1, db1 = gradients(x, y, W1, b1)
"""

EQUATIONS = """
title: A matrix
network:
  sizes: {n: 1, d: 3, u: 2}
  inputs: {x: [n, d], y: [n, u]}
  parameters: {W: [d, u], b: [u]}
  equations: |
    z = x @ W + b
    J = sum(sum((z - y)^2, u), n)
check: [dW, db]
cases: [{sizes: {n: 1, d: 3, u: 2}}]
submission:
  file: matrix.py
  run: dW, db = gradients(x, y, W, b)
"""


def spec(units: int = 1, loss: str = "mean_squared_error", cases: str = "{batch: 1}") -> Spec:
    return parse(LAYERS.format(units=units, loss=loss, cases=cases).encode(), "unit.yaml")


def unseen(found: Power) -> set[Label]:
    return {mistake for remedy in found.remedies for mistake in remedy.unseen}


def alike(found: Power) -> set[tuple[Label, Label]]:
    return {pair for remedy in found.remedies for pair in remedy.alike}


def test_one_example_hides_what_is_done_with_several() -> None:
    hidden = {mistake.name for mistake in unseen(power(spec()))}
    assert {"db-first-example-only", "db-mean-for-sum", "batch-mean-missing"} <= hidden


def test_a_margin_hides_what_no_score_falls_into() -> None:
    """At this seed the terms of db cancel: what scales them alone changes no number."""
    hinge = power(spec(loss="hinge", cases="{batch: 2, seed: 1}"))
    assert Label("db-mean-missing", 1) in unseen(hinge)
    assert Label("db-mean-missing", 1) not in unseen(power(spec(loss="hinge", cases="{batch: 7}")))


def test_equal_sizes_hide_which_of_them_is_divided_by() -> None:
    means = {"output-mean-missing", "batch-mean-missing"}

    def pairs(batch: int) -> list[set[str]]:
        found = alike(power(spec(units=4, cases=f"{{batch: {batch}}}")))
        return [{one.name, other.name} for one, other in found]

    assert means in pairs(batch=4)
    assert means not in pairs(batch=5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chain_function", "tanh_delta", "three_matrices"])
def test_a_remedy_shows_and_tells_apart_what_it_lists(name: str) -> None:
    """Once it is in the spec; what it tells apart is told apart then."""
    own = read(SPECS / f"{name}.yaml")
    before = power(own)
    assert before.remedies
    after = power(replace(own, cases=(*own.cases, *(remedy.case for remedy in before.remedies))))
    assert not unseen(before) & unseen(after)
    assert not alike(before) & alike(after)


@pytest.mark.slow
def test_cases_that_show_everything_need_no_other() -> None:
    found = power(read(SPECS / "two_layer.yaml"))
    assert found.count > 50
    assert not found.remedies


def test_edits_of_equations_are_tried_likewise() -> None:
    found = power(parse(EQUATIONS.encode(), "matrix.yaml"))
    named = {mistake.name for mistake in unseen(found)}
    assert any(name.startswith("db = ") for name in named), "the sum over one example needs no sum"
    (remedy,) = found.remedies
    assert (remedy.case.sizes or {})["n"] > 1


@pytest.mark.slow
def test_the_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["check", "--power", str(SPECS / "three_matrices.yaml")]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert "fine" in first
    assert lines == [
        "  of the 61 mistakes that can be made here, 4 change no number in these cases",
        "  with one more case, {batch: 7, seed: 501},",
        "    would show:",
        "      batch-mean-for-sum (layer 3)",
        "      dw-mean-extra (layers 1, 2, 3)",
    ]
