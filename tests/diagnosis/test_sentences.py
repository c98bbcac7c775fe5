"""Every sentence under a verdict is true of every case that was run, and agrees with the table above it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import Judge
from test_any_answer import SPECS, key_of, verdict_on

from gradcheck.arrays import Array
from gradcheck.diagnosis.questions import questions
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Failure, Outcome
from gradcheck.verdict.records import Status

Edit = Callable[[Array, int, int], Any]
"""(right numbers, the case's number, its examples) -> what is handed in."""


def _numbers(a: Array) -> Array:
    return np.arange(float(a.size)).reshape(a.shape)


EDITS: dict[str, Edit] = {
    "right": lambda a, n, m: a,
    "doubled": lambda a, n, m: 2 * a,
    "negative": lambda a, n, m: -a,
    "zero": lambda a, n, m: 0 * a,
    "m times": lambda a, n, m: m * a,
    "m/2 times": lambda a, n, m: m / 2 * a,
    "an m-th": lambda a, n, m: a / m,
    "3/m times": lambda a, n, m: 3 * a / m,
    "another constant each case": lambda a, n, m: (n + 2) * a,
    "doubled in the first case": lambda a, n, m: a * (2 if n == 0 else 1),
    "doubled but in the first case": lambda a, n, m: a * (1 if n == 0 else 2),
    "zero in the second case": lambda a, n, m: a * (n != 1),
    "transposed": lambda a, n, m: a.T,
    "reversed": lambda a, n, m: a.ravel()[::-1].reshape(a.shape),
    "flat": lambda a, n, m: a.ravel(),
    "a column": lambda a, n, m: a.reshape(-1, 1),
    "no entries": lambda a, n, m: a[..., :0] if a.ndim else a,
    "a row off": lambda a, n, m: (
        a + (np.arange(len(a)) == 0).reshape(-1, *[1] * (a.ndim - 1)) if a.ndim else a + 1
    ),
    "a column off": lambda a, n, m: a + (np.arange(a.shape[-1]) == 0) if a.ndim else a + 1,
    "one entry off by a millionth": lambda a, n, m: a + 1e-6 * np.abs(a).max() * (_numbers(a) == 0),
    "noise of 1e-8": lambda a, n, m: a * (1 + 1e-8 * np.cos(1 + _numbers(a))),
    "noise of 1e-4": lambda a, n, m: a * (1 + 1e-4 * np.cos(1 + _numbers(a))),
    "noise of 1e-6 in one case": lambda a, n, m: a * (1 + (n == 0) * 1e-6 * np.cos(1 + _numbers(a))),
    "doubled, but for 1e-8": lambda a, n, m: 2 * a * (1 + 1e-8 * np.cos(1 + _numbers(a))),
    "a millionth too large": lambda a, n, m: a * (1 + 1e-6),
    "rounded": lambda a, n, m: np.round(a, 3),
    "float32": lambda a, n, m: a.astype(np.float32),
    "anything": lambda a, n, m: np.cos(n + _numbers(a)),
    "not a number in the last case": lambda a, n, m: a * (np.nan if n == 1 else 2),
}


@st.composite
def answers(draw: st.DrawFn, key: AnswerKey) -> list[Outcome | Failure]:
    """Answers in which a few quantities are edited, in all cases or in some."""
    truths = questions(key).truths
    habits = {name: draw(st.sampled_from(["right", "right", *EDITS])) for name in key.symbols}
    if draw(st.booleans()):
        habits = dict.fromkeys(habits, draw(st.sampled_from(sorted(EDITS))))
    failing = draw(st.sampled_from([None, None, None, 0, 1]))
    made: list[Outcome | Failure] = []
    for number, point in enumerate(truths.points):
        right = key.spec.notation.present(truths.truth(number))
        arrays = {
            symbol: np.asarray(EDITS[habits[name]](np.array(right[name]), number, point.examples))
            for name, symbol in key.symbols.items()
        }
        fails = number == failing
        made.append(Failure("exception", "ValueError: no") if fails else Outcome(arrays, {}, ()))
    return made


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_no_sentence_is_false(data: st.DataObject) -> None:
    """Whatever is edited: a judge of its own tries each clause on the numbers of every case and probe."""
    key = key_of(data.draw(st.sampled_from(SPECS)))
    handed_in = data.draw(answers(key))
    verdict = verdict_on(key, handed_in)
    assert Judge(key, handed_in, verdict).lies() == []


@pytest.mark.slow
@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("edit", sorted(EDITS))
def test_no_sentence_is_false_of_one_edit(spec: str, edit: str) -> None:
    """Each edit of the first quantity alone, and what is not edited is right."""
    key = key_of(spec)
    truths = questions(key).truths
    handed_in: list[Outcome | Failure] = []
    first = key.spec.check[0]
    for number, point in enumerate(truths.points):
        right = key.spec.notation.present(truths.truth(number))
        arrays = {symbol: np.array(right[name]) for name, symbol in key.symbols.items()}
        arrays[key.symbols[first]] = np.asarray(
            EDITS[edit](arrays[key.symbols[first]], number, point.examples)
        )
        handed_in.append(Outcome(arrays, {}, ()))
    verdict = verdict_on(key, handed_in)
    assert Judge(key, handed_in, verdict).lies() == []
    assert [q.name for q in verdict.quantities if q.status is not Status.RIGHT] in ([], [first])
