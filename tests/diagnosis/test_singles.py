"""What single mistakes predict is kept: a diagnosis says the same by it as by what is worked out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gradcheck.arrays import Array
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.questions import Questions
from gradcheck.diagnosis.singles import packed
from gradcheck.diagnosis.verdict import diagnosed
from gradcheck.mistakes.records import Fault
from gradcheck.oracle import store
from gradcheck.oracle.lookup import answer_key
from gradcheck.report.data import dumps
from gradcheck.submission.records import Outcome, Transcript
from gradcheck.verdict.judge import calls, judge

SPEC = Path(__file__).parents[2] / "benchmarks" / "networks" / "tanh_2_3_1.yaml"
RELU_SOFTMAX = """\
title: relu before softmax
network:
  inputs: 2
  layers:
    - dense: {units: 3, activation: relu}
    - dense: {units: 2, activation: softmax}
loss: cross_entropy
submission:
  file: layers.py
  run: |
    dW1, dW2 = gradients(x, y, W1, b1, W2, b2)
check: [dW1, dW2]
"""


@pytest.fixture(scope="module")
def worked_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Questions]:
    """The spec's questions, where nothing was kept; its table is kept now."""
    key = answer_key(SPEC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADCHECK_CACHE", str(tmp_path_factory.mktemp("store")))
        asked = Questions(key)
        assert asked.workings
        assert asked.table is None
        asked.keep_table()
        yield asked


@pytest.fixture
def tabled(worked_out: Questions) -> Questions:
    """The same with the table."""
    return Questions(worked_out.key)


def numbers(asked: Questions, fault: Fault, number: int) -> dict[str, Array]:
    """What a mistake makes of a case, in canonical names."""
    predictions: Predictions = asked.workings.truths
    return {**predictions.truth(number), **(predictions.one(number, fault) or {})}


def lie_rightly(asked: Questions, made: list[dict[str, Array]]) -> bool:
    """Whether numbers of all cases have the shapes that they should have."""
    truths = map(asked.truths.truth, range(len(made)))
    return all(
        np.shape(a[name]) == np.shape(t[name]) for a, t in zip(made, truths, strict=True) for name in t
    )


def verdict(questions: Questions, made: list[dict[str, Array]]) -> str:
    """The verdict on such answers, with its diagnosis by these questions, and with all numbers."""
    key = questions.key
    present = key.spec.notation.present
    results = [
        Outcome({symbol: np.array(present(one)[name]) for name, symbol in key.symbols.items()}, {}, ())
        for one in made
    ]
    cases, probes = results[: len(key.cases)], results[len(key.cases) :]
    transcript = Transcript((cases[0], *cases), output="", truncated=False)
    assert len(transcript.results) == len(calls(key))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradcheck.diagnosis.verdict.questions", lambda key: questions)
        return dumps([diagnosed(judge(key, "one", transcript), key, transcript, lambda more: probes)])


@pytest.mark.slow
def test_the_table_says_the_same(worked_out: Questions, tabled: Questions) -> None:
    """Of every mistake that changes what is asked for, and without an equation."""
    predictions: Predictions = worked_out.workings.truths
    tried = 0
    for fault in predictions.singles[::11]:
        made = [numbers(worked_out, fault, number) for number in range(len(predictions))]
        if not predictions.changed(fault) & set(worked_out.key.symbols) or not lie_rightly(worked_out, made):
            continue
        assert verdict(tabled, made) == verdict(worked_out, made)
        tried += 1
    assert tried > 3
    assert "workings" not in vars(tabled)


@pytest.mark.slow
def test_what_the_table_lacks_is_worked_out(worked_out: Questions, tabled: Questions) -> None:
    """Numbers that no single mistake makes."""
    made = [
        {name: 1.7 * np.array(array) + 0.1 for name, array in worked_out.truths.truth(number).items()}
        for number in range(len(worked_out.truths))
    ]
    assert verdict(tabled, made) == verdict(worked_out, made)
    assert "workings" in vars(tabled)


@pytest.mark.slow
@pytest.mark.parametrize("where", [0.0, 0.2, 0.9])
def test_a_spoilt_table_is_none(worked_out: Questions, tabled: Questions, where: float) -> None:
    """One byte of it is another: in the checksum, in the header, among the numbers."""
    file = store.folder() / worked_out._stored_at
    content = bytearray(file.read_bytes())
    content[int(where * len(content))] ^= 1
    file.write_bytes(content)
    try:
        assert tabled.table is None
    finally:
        content[int(where * len(content))] ^= 1
        file.write_bytes(content)


@pytest.mark.slow
def test_a_table_is_of_a_bounded_size(
    worked_out: Questions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is larger is not kept, nor worked out again."""
    table = worked_out.workings.table(worked_out._responses)
    assert table is not None
    _, arrays = packed(table)
    monkeypatch.setattr("gradcheck.diagnosis.questions.ROOM", sum(a.nbytes for a in arrays) - 1)
    monkeypatch.setenv("GRADCHECK_CACHE", str(tmp_path))
    monkeypatch.setattr(worked_out, "_is_tried", False)
    worked_out.__dict__.pop("table", None)
    worked_out.keep_table()
    assert not [*tmp_path.iterdir()]
    monkeypatch.setattr(worked_out.workings, "table", pytest.fail)
    worked_out.keep_table()


@pytest.mark.slow
def test_mistakes_that_cannot_be_made_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Softmax, which comes next, has no derivative entry by entry that relu's could be taken for."""
    monkeypatch.setenv("GRADCHECK_CACHE", str(tmp_path))
    spec = tmp_path / "relu_softmax.yaml"
    spec.write_text(RELU_SOFTMAX, encoding="utf-8")
    asked = Questions(answer_key(spec))
    predictions: Predictions = asked.workings.truths
    numbers = range(len(predictions))
    made = [f for f in predictions.singles if any(predictions.one(n, f) for n in numbers)]
    assert len(made) < len(predictions.singles)
    asked.keep_table()
    kept = Questions(asked.key).table
    assert kept is not None
    assert [(f.mistake.slug, f.layers) for f in kept.singles] == [(f.mistake.slug, f.layers) for f in made]
