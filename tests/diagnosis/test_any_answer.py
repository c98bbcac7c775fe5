"""Whatever is answered, there is a diagnosis or none, and never an exception."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.arrays import Array
from gradcheck.diagnosis.questions import questions
from gradcheck.diagnosis.verdict import diagnosed
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.report.data import dumps
from gradcheck.report.html import render as as_html
from gradcheck.report.terminal import render
from gradcheck.submission.records import Call, Failure, Outcome, Transcript
from gradcheck.verdict.judge import judge
from gradcheck.verdict.records import Verdict

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SPECS = sorted(
    str(p.relative_to(ROOT))
    for where in ("specs", "benchmarks/networks", "tests/network/examples/specs")
    for p in ROOT.glob(f"{where}/*.yaml")
)
FAILED = Failure("exception", "ValueError: no")

ODD_SHAPES = st.sampled_from(
    [(), (0,), (1,), (7,), (0, 3), (3, 0), (1, 1), (2, 5), (3, 2, 4), (1, 2, 3, 4, 5)]
)
CHANGES: dict[str, Callable[[Array], Array]] = {
    "right": lambda a: a,
    "doubled": lambda a: 2 * a,
    "negative": lambda a: -a,
    "transposed": lambda a: a.T,
    "reversed": lambda a: a.ravel()[::-1].reshape(a.shape),
    "flat": lambda a: a.ravel(),
    "zero": lambda a: 0 * a,
    "huge": lambda a: 1e305 * a,
    "tiny": lambda a: 1e-320 * a,
    "infinite": lambda a: a / 0.0,
    "not a number": lambda a: np.full_like(a, np.nan),
    "one infinite": lambda a: np.where(np.arange(a.size).reshape(a.shape) == 0, np.inf, a),
    "single": lambda a: a.astype(np.float32),
    "half": lambda a: a.astype(np.float16),
    "rounded": lambda a: np.round(a, 3),
    "whole": np.round,
    "noisy": lambda a: a * (1 + 1e-7 * np.cos(np.arange(a.size).reshape(a.shape))),
    "anything": lambda a: np.cos(np.arange(a.size)).reshape(a.shape),
    "a row off": lambda a: np.concatenate([np.atleast_1d(a)[:1] + 1, np.atleast_1d(a)[1:]]),
}


@cache
def key_of(name: str) -> AnswerKey:
    """A spec's key, made once."""
    return answer_key(ROOT / name)


@st.composite
def results(draw: st.DrawFn, spec: str) -> list[Outcome | Failure]:
    """Answers to cases and probes: each quantity right, changed, of an odd shape, refused or missing.

    Mostly the same is done to a quantity in all cases, as code does it.
    """
    key = key_of(spec)
    habit = {name: draw(st.sampled_from(["right", *CHANGES])) for name in key.symbols}
    made: list[Outcome | Failure] = []
    for number in range(len(questions(key).truths)):
        truth = key.spec.notation.present(questions(key).truths.truth(number))
        arrays: dict[str, Array] = {}
        refused: dict[str, str] = {}
        for name in key.symbols:
            kind = draw(st.sampled_from(["habit"] * 12 + ["other", "shape", "refused", "missing"]))
            right = np.array(truth[name])
            change = habit[name] if kind == "habit" else draw(st.sampled_from(sorted(CHANGES)))
            if kind == "shape":
                arrays[key.symbols[name]] = np.ones(draw(ODD_SHAPES))
            elif kind == "refused":
                refused[key.symbols[name]] = "complex"
            elif kind != "missing":
                with np.errstate(all="ignore"):
                    arrays[key.symbols[name]] = CHANGES[change](right)
        made.append(FAILED if draw(st.integers(0, 15)) == 0 else Outcome(arrays, refused, ()))
    return made


def verdict_on(key: AnswerKey, answers: list[Outcome | Failure]) -> Verdict:
    """The verdict with its diagnosis, of answers to the cases and then to the probes."""
    first, *rest = answers[: len(key.cases)]
    transcript = Transcript((first, first, *rest), "", truncated=False)

    def ask(calls: tuple[Call, ...]) -> list[Outcome | Failure]:
        return answers[len(key.cases) :]

    return diagnosed(judge(key, "anna", transcript), key, transcript, ask)  # type: ignore[arg-type]


@given(data=st.data())
def test_diagnosing_never_fails(data: st.DataObject) -> None:
    """For any arrays under any names; and what is said can be shown in every form."""
    spec = data.draw(st.sampled_from(SPECS))
    verdict = verdict_on(key_of(spec), data.draw(results(spec)))
    assert 0 <= verdict.points <= verdict.max_points
    assert json.loads(dumps([verdict]))
    assert render(verdict)
    assert as_html(verdict)
    if verdict.diagnosis:
        assert verdict.diagnosis.location
        assert set(verdict.diagnosis.slugs) <= CATALOGUE.keys()
