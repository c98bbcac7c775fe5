"""What is found of a wrong answer is looked for once in a class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from gradcheck.arrays import Array
from gradcheck.checker import Checker
from gradcheck.diagnosis import questions as module
from gradcheck.diagnosis.questions import Questions
from gradcheck.oracle.lookup import answer_key
from gradcheck.submission.find import at

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "benchmarks" / "networks" / "tanh_2_3_1.yaml"


@pytest.fixture
def asked() -> Questions:
    return Questions(answer_key(SPEC))


def answers(asked: Questions, factor: float) -> dict[int, Mapping[str, Array]]:
    """dW1 that many times what it should be, in all cases."""
    names = asked.key.spec.check
    right = [{name: np.array(a[name]) for name in names} for a in asked.truths.right]
    return {n: a | {"dW1": factor * a["dW1"]} for n, a in enumerate(right)}


def test_the_same_numbers_are_looked_at_once(asked: Questions) -> None:
    """Also where they were computed in another order, which changes their last digits."""
    first = asked.findings(asked.seen(answers(asked, 7)))
    assert asked.findings(asked.seen(answers(asked, 7 * (1 + 1e-15)))) is first


@pytest.mark.parametrize("factor", [7.0001, -7, 1e200, 1e-200, 0])
def test_other_numbers_are_looked_at_anew(asked: Questions, factor: float) -> None:
    """Whatever differs in a digit that counts, however large or small."""
    with np.errstate(all="ignore"):
        seen = [asked.seen(answers(asked, one)) for one in (7.0, factor, 2 * factor or 3.0)]
        found = [asked.findings(one) for one in seen]
    assert len({id(one) for one in found}) == 3


def test_there_is_an_end_to_what_is_remembered(asked: Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class with ever new numbers takes no more memory than that."""
    monkeypatch.setattr(module, "REMEMBERED", 3)
    for factor in range(2, 12):
        asked.findings(asked.seen(answers(asked, factor + 0.3)))
    assert len(asked._found) <= 3


def test_nothing_is_remembered_of_a_fresh_case(tmp_path: Path) -> None:
    """It is another one for each submission: whoever comes later in a class is told the same."""
    text = (ROOT / "submissions" / "answer" / "three_matrices.py").read_text(encoding="utf-8")
    said = []
    with Checker(secret=1) as checker:
        for number in range(3):
            one = tmp_path / f"student{number}.py"
            one.write_text(f"{text}# {number}\n", encoding="utf-8")
            (verdict,) = checker.check_all(at(one), [ROOT / "specs" / "three_matrices.yaml"], str(number))
            assert verdict.diagnosis is not None
            said.append(verdict.diagnosis.explanations)
    assert said == [(("input-left-out",),)] * 3
