"""Numbers are traced to the mistakes that make them, and to no others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from answers import DEEP, NETWORKS, answered, evidence, fault, gradients, predictions, shown
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.arrays import Array
from gradcheck.diagnosis import match
from gradcheck.diagnosis.diagnose import diagnose
from gradcheck.diagnosis.evidence import Evidence, decimals
from gradcheck.diagnosis.match import explanations
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.layers import Stack
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.mistakes.records import Fault
from gradcheck.specification.cases import Case, draw

pytestmark = pytest.mark.slow


@cache
def shown_ones() -> list[tuple[str, Fault]]:
    """Every mistake that shows in some network, with its name; drawn from where it is needed first."""
    return [(name, f) for name in NETWORKS for f in predictions(name).singles if shown(predictions(name), f)]


ONES = st.deferred(lambda: st.sampled_from(shown_ones()))


@given(name=st.sampled_from(sorted(NETWORKS)), noise=st.floats(-1e-8, 1e-8))
def test_right_answers_get_no_diagnosis(name: str, noise: float) -> None:
    """Not even where they carry noise."""
    right = [{n: r[n] * (1 + noise) for n in gradients(NETWORKS[name])} for r in predictions(name).right]
    assert diagnose(predictions(name), evidence(predictions(name), right)) is None


@given(at=ONES)
def test_a_mistake_is_named(at: tuple[str, Fault]) -> None:
    """Whoever makes one mistake of the catalogue hears its name, alone or among its equals."""
    name, made = at
    found = explanations(predictions(name), answered(predictions(name), (made,)))
    assert made.mistake in {f.mistake for faults in found for f in faults if len(faults) == 1}


@given(at=ONES)
def test_an_explanation_makes_the_numbers(at: tuple[str, Fault]) -> None:
    """Whatever is named reproduces every number of every case."""
    name, made = at
    seen = answered(predictions(name), (made,))
    for faults in explanations(predictions(name), seen):
        for one in seen:
            predicted = predictions(name).predicted(one.number, faults)
            assert predicted is not None
            assert all(one.agrees(n, predicted.get(n, one.true[n])) for n in one.yours)


@given(at=ONES, data=st.data())
def test_two_mistakes_are_explained(at: tuple[str, Fault], data: st.DataObject) -> None:
    """By the two, by others that make the same numbers, or by one where one hides the other.

    Two constants are no explanation: they can stand for many another mistake.
    """
    name, first = at
    kinds = {"factor", "sign", "sum", "index", "term", "order"} | {"scale"} - {first.mistake.kind}
    others = [
        f for n, f in shown_ones() if n == name and f.mistake is not first.mistake and f.mistake.kind in kinds
    ]
    second = data.draw(st.sampled_from(others))
    apart = not set(first.layers) & set(second.layers)
    seen = answered(predictions(name), (first, second))
    if apart and seen and any(one.wrong for one in seen):
        with pytest.MonkeyPatch.context() as patch:  # all pairs are tried
            patch.setattr(match, "EFFORT", 10**9)
            assert explanations(predictions(name), seen)


def test_the_search_for_two_is_bounded_by_a_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many pairs are tried depends on the network and its sizes, not on a clock."""
    tried = []
    candidates = match._candidates

    def counted(*given: Any) -> Iterator[Any]:
        for pair in candidates(*given):
            tried.append(pair)
            yield pair

    monkeypatch.setattr(match, "_candidates", counted)
    monkeypatch.setattr(match, "EFFORT", 1000)
    rng = np.random.default_rng(1)
    answers = [{n: rng.normal(size=r[n].shape) for n in gradients(DEEP)} for r in predictions("deep").right]
    counts = []
    for _ in range(2):
        tried.clear()
        assert explanations(predictions("deep"), evidence(predictions("deep"), answers)) == []
        counts.append(len(tried))
    assert counts == 2 * [1000 // len(predictions("deep").right[0])]
    wide = Stack((Dense(100), Dense(100)), (100,), LOSSES["half_squared_error"]())
    large = Predictions([draw(wide, 1, 5)])
    seen = answered(large, (fault("batch-mean-missing", 1), fault("weights-left-out", 1)))
    assert match._effort(large, seen[0]) == len(large.right[0]) + 6


@given(rate=st.floats(0.001, 2).map(lambda x: round(x, 3)))
def test_an_unknown_number_is_found(rate: float) -> None:
    """The learning rate of an update that came too early is read off the numbers."""
    made = fault("updated-weights-used", 2, unknown=rate)
    ((found,), *_) = explanations(predictions("deep"), answered(predictions("deep"), (made,)))
    assert found.mistake.slug == "updated-weights-used"
    assert found.unknown == pytest.approx(rate, rel=1e-6)


@given(seed=st.integers(0, 10_000))
def test_random_numbers_are_explained_by_nothing(seed: int) -> None:
    """What nobody's mistake makes gets no name."""
    rng = np.random.default_rng(seed)
    answers = [{n: rng.normal(size=r[n].shape) for n in gradients(DEEP)} for r in predictions("deep").right]
    findings = diagnose(predictions("deep"), evidence(predictions("deep"), answers))
    assert findings is not None
    assert findings.explanations == ()


@pytest.mark.parametrize("places", [3, 4, 5])
def test_rounded_numbers_are_seen_as_such(places: int) -> None:
    """Numbers with a few decimals are compared to those decimals."""
    exact = answered(predictions("deep"), (fault("weights-left-out", 1),))
    rounded = [{n: np.round(a, places) for n, a in one.yours.items()} for one in exact]
    seen = [
        Evidence(one.number, yours, one.true, decimals(yours))
        for one, yours in zip(exact, rounded, strict=True)
    ]
    assert seen[1].decimals == places
    assert "weights-left-out" in {
        f.mistake.slug for fs in explanations(predictions("deep"), seen) for f in fs
    }


@given(places=st.integers(2, 6), numbers=st.lists(st.floats(-5, 5), min_size=3, max_size=20))
def test_decimals_are_counted(places: int, numbers: list[float]) -> None:
    """As many as the numbers have, never more; whole numbers and full precision are not rounded."""
    rounded = np.round(np.array(numbers), places)
    found = decimals({"dW1": rounded})
    assert found is None or found <= places
    assert decimals({"dW1": np.array([1.0, 2.0])}) is None
    assert decimals({"dW1": np.array([1 / 3, 2 / 7])}) is None


def test_the_posted_numbers_of_the_left_out_weights() -> None:
    """math.SE 3048198: all weights 1/2, biases 1, input 1; the asker's 0.005717 and the right 0.001429."""

    def sizes(*units: int) -> Stack:
        sigmoid = NETWORKS["deep"].layers[2].activation  # type: ignore[attr-defined]
        return Stack(tuple(Dense(n, sigmoid) for n in units), (1,), LOSSES["none"]())

    stack = sizes(1, 2, 1)
    halves: dict[str, Array] = {
        name: np.full(shape, 0.5 if name.startswith("W") else 1.0) for name, shape in stack.parameters.items()
    }
    whole = Predictions([Case(stack, halves, np.ones((1, 1)), np.zeros((1, 1)))])
    assert whole.right[0]["dW1"].item() == pytest.approx(0.0014291881022, rel=1e-10)
    asker = whole.predicted(0, (fault("weights-left-out", 1, 2),))
    assert asker is not None
    assert asker["dW1"].item() == pytest.approx(0.00571675240882, rel=1e-10)
