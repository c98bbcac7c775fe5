"""What is noticed beside a verdict: said once, by name, and at no cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gradcheck.fresh import settled, with_fresh_case
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.submission.records import Failure, Outcome, Transcript
from gradcheck.verdict.judge import judge
from gradcheck.verdict.records import Status, Verdict

EMPTY = Outcome({}, {}, ())
SPEC = Path(__file__).parents[2] / "specs" / "two_layer.yaml"


@pytest.fixture(scope="module")
def key() -> AnswerKey:
    """The spec's own four cases, and one that a run has drawn."""
    return settled(with_fresh_case(answer_key(SPEC), 12345, "a submission"))


def right(key: AnswerKey) -> list[Outcome]:
    """The right answers to every call."""
    symbol = key.spec.notation.symbol
    cases = [key.cases[0], *key.cases]
    return [Outcome({symbol(n): e.autograd for n, e in case.entries.items()}, {}, ()) for case in cases]


def judged(key: AnswerKey, answers: list[Outcome]) -> Verdict:
    return judge(key, "anna", Transcript(tuple(answers), output="", truncated=False))


def test_a_fresh_case_has_numbers_of_its_own(key: AnswerKey) -> None:
    """The first case is drawn twice: in the same sizes, with other numbers."""
    assert (len(key.cases), len(key.fresh)) == (5, 1)
    for name, value in key.cases[0].inputs.items():
        assert np.shape(value) == np.shape(key.cases[4].inputs[name])
        assert not np.isclose(value, key.cases[4].inputs[name]).any()


def test_nothing_to_note(key: AnswerKey) -> None:
    """A right formula in float64 is not remarked upon."""
    assert judged(key, right(key)).notes == ()


def test_stored_answers(key: AnswerKey) -> None:
    """Answers that are right only where they could be known beforehand are wrong, and told so."""
    answers = right(key)
    stored = answers[:5] + [
        Outcome({n: np.full_like(a, 0.125) for n, a in o.arrays.items()}, {}, ()) for o in answers[5:]
    ]
    verdict = judged(key, stored)
    assert verdict.status is Status.WRONG
    assert (
        "dW3, dW2, db2: right on the spec's own numbers, and on no others: stored answers?" in verdict.notes
    )


def test_code_that_fails_has_stored_nothing(key: AnswerKey) -> None:
    """Where the fresh case has no numbers, nothing is said of stored answers."""
    answers = right(key)
    for last in (Failure("exception", "ValueError: an honest bug"), Failure("timeout", "stopped"), EMPTY):
        verdict = judge(key, "anna", Transcript((*answers[:5], last), output="", truncated=False))
        assert verdict.status is Status.ERROR
        assert verdict.notes == ()


def test_difference_quotients(key: AnswerKey) -> None:
    """An error of 1e-11 is right, and no formula leaves it behind."""
    rng = np.random.RandomState(0)
    rough = [
        Outcome(
            {n: a + 3e-11 * np.abs(a).max() * rng.uniform(-1, 1, a.shape) for n, a in o.arrays.items()},
            {},
            (),
        )
        for o in right(key)
    ]
    verdict = judged(key, rough)
    assert verdict.status is Status.RIGHT
    start = "dW3, dW2, db2: right, but further off than rounding explains"
    assert verdict.notes[0].startswith(f"{start}: difference quotients")
    once, often = (
        judged(key, [outcome._replace(most_calls=calls) for outcome in rough]).notes[0] for calls in (1, 2400)
    )
    assert once == verdict.notes[0]
    assert often.startswith(f"{start} (one of your functions is called 2,400 times): difference quotients")


def test_what_grading_does_not_allow(key: AnswerKey) -> None:
    """Who checks his own work hears what would fail in a class, and costs him nothing here."""
    transcript = Transcript(tuple(right(key)), output="", truncated=False, restricted=("processes", "files"))
    verdict = judge(key, "anna", transcript)
    assert verdict.status is Status.RIGHT
    assert verdict.notes == (
        "your code starts processes; when a class is graded, no process can be started: "
        "use a loop, or threads (concurrent.futures.ThreadPoolExecutor)",
        "your code writes files; when a class is graded, files can be written only in a temporary folder: "
        "use tempfile, or leave that out",
    )


def test_complex_steps_and_foreign_modules(key: AnswerKey) -> None:
    """Right all the same, and noted."""
    first, *others = (outcome._replace(turned_complex=True) for outcome in right(key))
    transcript = Transcript((first, *others), output="", truncated=False, imports=("torch",))
    verdict = judge(key, "anna", transcript)
    assert verdict.status is Status.RIGHT
    assert verdict.notes == (
        "your functions return complex numbers on the way: complex steps in place of a derivative?",
        "your code imports torch, which derives gradients by itself",
    )
