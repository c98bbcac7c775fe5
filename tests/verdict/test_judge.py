"""From answers to a verdict: the first fault first, in the learner's letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from gradcheck.arrays import Array
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.slopes import Slopes
from gradcheck.submission.records import Failure, Location, Outcome, Transcript
from gradcheck.verdict.compare import compare
from gradcheck.verdict.finding import _values
from gradcheck.verdict.judge import calls, judge
from gradcheck.verdict.listing import discrepancies
from gradcheck.verdict.records import Quantity, Status, Table, Verdict

SPEC = Path(__file__).parents[2] / "specs" / "two_layer.yaml"
Change = Callable[[Array], Array]


@pytest.fixture(scope="module")
def key() -> AnswerKey:
    return answer_key(SPEC)


def answers(key: AnswerKey, **changes: Change) -> list[Outcome]:
    """The right answers to all calls, each named quantity changed."""
    right = [{s: e.autograd for s, e in _symbols(key, number)} for number in (0, *range(len(key.cases)))]
    return [
        Outcome({s: changes[s](a) if s in changes else a for s, a in arrays.items()}, {}, ())
        for arrays in right
    ]


def _symbols(key: AnswerKey, number: int):  # type: ignore[no-untyped-def]
    return [(key.spec.notation.symbol(name), e) for name, e in key.cases[number].entries.items()]


def judged(key: AnswerKey, results: list[Outcome | Failure] | list[Outcome]) -> Verdict:
    """The verdict on those results."""
    return judge(key, "anna", Transcript(tuple(results), output="", truncated=False))


def quantity(verdict: Verdict, symbol: str) -> Quantity:
    return next(q for q in verdict.quantities if q.symbol == symbol)


def test_everything_is_asked_once_and_the_first_case_twice(key: AnswerKey) -> None:
    """One call a case, the first repeated at once, each reading all that is checked or accepted."""
    asked = calls(key)
    assert len(asked) == len(key.cases) + 1
    assert asked[0].inputs is asked[1].inputs
    assert [call.watched for call in asked[:3]] == [False, True, False]
    assert set(asked[0].reads) == {"dW3", "dW2", "db2", "delta3", "delta2"}


def test_right_answers_earn_all_points(key: AnswerKey) -> None:
    """Nothing to say: every quantity right, every point earned."""
    verdict = judged(key, answers(key))
    assert verdict.status is Status.RIGHT
    assert (verdict.points, verdict.max_points) == (8, 8)
    assert all(q.reason is None and not q.discrepancies for q in verdict.quantities)


def test_wrong_weights_are_named_worst_first(key: AnswerKey) -> None:
    """Each wrong weight by its name in the notation, the one furthest off first."""

    def change(dW: Array) -> Array:
        return dW + np.eye(*dW.shape) * np.arange(1, len(dW) + 1)[:, None]

    found = quantity(judged(key, answers(key, dW2=change)), "dW2")
    assert (found.status, found.reason, found.points) == (Status.WRONG, "values", 0)
    assert found.discrepancies[0].label.startswith("w²")
    offs = [d.off for d in found.discrepancies]
    assert offs == sorted(offs, reverse=True)
    assert found.count == len(found.discrepancies)


@pytest.mark.parametrize(
    ("change", "status", "reason", "says"),
    [
        (lambda a: a.T.copy(), Status.WRONG, "shape", "transpose has the right numbers"),
        (lambda a: a.reshape(-1), Status.WRONG, "shape", "numbers themselves are right"),
        (lambda a: a[:1] * 0, Status.WRONG, "shape", "has shape"),
        (lambda a: a * np.nan, Status.WRONG, "not finite", "NaN"),
        (lambda a: a * np.inf, Status.WRONG, "not finite", "infinite"),
        (lambda a: a * 0, Status.WRONG, "values", "all zeros"),
        (lambda a: a.astype(np.float16), Status.ERROR, "precision", "float16"),
    ],
)
def test_faults_have_their_own_words(
    key: AnswerKey, change: Change, status: Status, reason: str, says: str
) -> None:
    """Shape before values, and each fault named."""
    found = quantity(judged(key, answers(key, dW2=change)), "dW2")
    assert (found.status, found.reason, found.points) == (status, reason, 0)
    assert says in f"{found.message} {found.help}"


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_one_number_may_have_any_shape(shape: tuple[int, ...]) -> None:
    """The bias of a single unit is a number to one course and a matrix to another."""
    entry = Entry(np.array([[2.0]]), Slopes.exact(np.array([[2.0]]), np.array([[0.0]])), response=0.0)
    measure = partial(compare, entry=entry, case=0)
    assert _values("db1", np.full(shape, 2.0), entry, measure).status is Status.RIGHT
    assert _values("db1", np.full(shape, 3.0), entry, measure).status is Status.WRONG


def test_single_precision_is_right_and_said(key: AnswerKey) -> None:
    """float32 loses no point, and a note says how it was judged."""
    verdict = judged(key, answers(key, dW2=lambda a: a.astype(np.float32)))
    assert verdict.status is Status.RIGHT
    assert "dW2: single precision (float32), judged to 1e-05" in verdict.notes


def test_missing_and_refused(key: AnswerKey) -> None:
    """What was not set, or is no array of numbers, is an error of that quantity alone."""
    results = [Outcome({"dW3": o.arrays["dW3"]}, {"dW2": "a list of strings"}, ("W2",)) for o in answers(key)]
    verdict = judged(key, results)
    assert quantity(verdict, "dW3").status is Status.RIGHT
    assert quantity(verdict, "dW2").message == "dW2 is a list of strings"
    assert quantity(verdict, "db2").message == "db2 was not set"
    assert "W2 in place" in verdict.notes[0]
    assert verdict.accepted == ()


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    """Where `run` is the plain one, the student has to return a dictionary with that key."""
    path = tmp_path / "plain.yaml"
    path.write_text(
        "title: t\nnetwork: {inputs: 2, layers: [dense: {units: 1}]}\nloss: squared_error\ncheck: [dW1]\n",
        encoding="utf-8",
    )
    (missing,) = judged(answer_key(path), 3 * [Outcome({}, {}, ())]).quantities
    assert (missing.reason, missing.message) == ("missing", "dW1 was not set")
    assert missing.help == 'the dictionary that `backprop` returns needs the key "dW1"'


def test_what_was_set_before_a_failure_is_judged(key: AnswerKey) -> None:
    """The failure is in the verdict; it costs what was not set by then, and nothing else."""
    broken = Failure("exception", "ValueError: no", Location("two_layer.yaml", 14))
    results = [
        Outcome({s: a for s, a in o.arrays.items() if s in ("dW3", "dW2")}, {}, (), failure=broken)
        for o in answers(key, dW2=lambda a: 2 * a)
    ]
    verdict = judged(key, results)
    assert verdict.failure == broken
    assert [quantity(verdict, s).status for s in ("dW3", "dW2", "db2")] == [
        Status.RIGHT,
        Status.WRONG,
        Status.ERROR,
    ]
    assert quantity(verdict, "db2").reason == "failed"
    assert quantity(verdict, "db2").message == "ValueError: no (two_layer.yaml:14)"
    assert verdict.points == 2
    assert verdict.accepted == ()


def test_one_failing_case_is_enough(key: AnswerKey) -> None:
    """Code that fails on one batch gets no point, and the message says on which."""
    results: list[Outcome | Failure] = [*answers(key)]
    results[2] = Failure("exception", "ValueError: no", Location("anna.py", 3, "backprop"))
    verdict = judged(key, results)
    assert verdict.status is Status.ERROR
    assert quantity(verdict, "dW2").message == (
        "ValueError: no (anna.py:3 in backprop) [case 2 of 4, a batch of 7]"
    )
    assert (verdict.points, verdict.max_points) == (0, 8)


@pytest.mark.parametrize("later", [1.0, 100.0])
@pytest.mark.parametrize(("factor", "says"), [(2, "exactly twice as large"), (3, "second one")])
def test_second_call_counts(key: AnswerKey, factor: float, says: str, later: float) -> None:
    """Right at first and other numbers on a second call is wrong, whatever comes later; doubling is named."""
    results = answers(key, **dict.fromkeys(("dW2", "db2"), lambda a: later * a))
    results[0] = first = answers(key)[0]
    results[1] = Outcome({s: factor * a for s, a in first.arrays.items()}, {}, ())
    found = quantity(judged(key, results), "dW2")
    assert (found.status, found.reason) == (Status.WRONG, "unrepeatable")
    assert says in found.message


def test_every_case_is_counted(key: AnswerKey) -> None:
    """What is said of a right quantity counts the weights of all cases, whichever is nearest to the truth."""
    sizes = tuple(dict(_symbols(key, number))["dW2"].autograd.size for number in range(len(key.cases)))
    assert len(set(sizes)) > 1
    for far in range(1, len(key.cases) + 1):
        results = answers(key)
        arrays = dict(results[far].arrays)
        arrays["dW2"] = arrays["dW2"] * (1 + 1e-12)
        results[far] = results[far]._replace(arrays=arrays)
        found = quantity(judged(key, results), "dW2")
        assert found.status is Status.RIGHT
        assert (found.entries_by_case, found.entries) == (sizes, sizes[0])


@pytest.mark.parametrize("rounding", [0.0, 1e-16, -1e-16])
def test_weights_equally_far_off_keep_their_places(rounding: float) -> None:
    """A last digit does not decide which weight is listed first."""
    true = np.ones((2, 2))
    yours = true + np.array([[1.0, 0.5], [2 * (1 + rounding), 2.0]])
    numbers = Table(
        case=0,
        yours=yours,
        autograd=true,
        differences=true,
        error=0 * true,
        wrong=yours > true,
        unknown=yours < true,
        tolerance=1e-9,
    )
    assert [d.index for d in discrepancies(numbers, str)] == [(1, 0), (1, 1), (0, 0), (0, 1)]
