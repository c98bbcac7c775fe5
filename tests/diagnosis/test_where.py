"""The first wrong quantity is found, whether it was handed in or has to be read off."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from answers import NETWORKS, answered, changed, fault, gradients, predictions, shown
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.diagnosis.diagnose import diagnose
from gradcheck.diagnosis.findings import explained
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.where import inferred, read_off
from gradcheck.mistakes.records import Fault

pytestmark = pytest.mark.slow


@cache
def shown_mistakes() -> list[tuple[str, Fault]]:
    """Every network and mistake that shows in its gradients; not looked for until a test runs."""
    return [(name, f) for name in NETWORKS for f in predictions(name).singles if shown(predictions(name), f)]


ALL = st.deferred(lambda: st.sampled_from(shown_mistakes()))


def first_changed(whole: Predictions, one: Fault) -> str:
    """The first quantity on the way back that a mistake changes; a delta for what leads to it."""
    first = whole.known[next(n for n in whole.order if n in whole.changed(one))]
    return replace(first, base="z").name if first.letter == "da" else first.name


@given(at=ALL)
def test_a_named_mistake_is_located(at: tuple[str, Fault]) -> None:
    """The first quantity that a named mistake, or an equal of it, changes is the first wrong one."""
    name, made = at
    findings = diagnose(predictions(name), answered(predictions(name), (made,)))
    assert findings is not None
    equals = [f for faults in findings.explanations for f in faults]
    assert findings.place.first in {first_changed(predictions(name), f) for f in equals}


@given(at=ALL)
def test_offered_deltas_tell_the_place_without_a_name(at: tuple[str, Fault]) -> None:
    """With every delta handed in, nothing has to be known of the mistake."""
    name, made = at
    whole = predictions(name)
    deltas = [n for n in whole.order if n.startswith("dz")]
    place = inferred(whole, answered(whole, (made,), [*deltas, *gradients(whole.stack)]))
    assert place.first == first_changed(whole, made)


@given(at=ALL)
def test_what_is_right_is_said_to_be_right(at: tuple[str, Fault]) -> None:
    """Right and following quantities are told apart from the wrong one, and never the same."""
    name, made = at
    whole = predictions(name)
    findings = diagnose(whole, answered(whole, (made,)))
    assert findings is not None
    changed_names = whole.changed(made)
    assert set(findings.place.right) == set(gradients(whole.stack)) - changed_names
    assert not set(findings.place.follows) & set(findings.place.right)
    assert findings.place.first not in findings.place.follows


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_delta_can_be_read_off_one_example(layer: int) -> None:
    """dW = aᵀ δ and db = δ: with one example, the delta is in them."""
    whole = predictions("deep")
    (one, _) = answered(whole)
    found = read_off(whole, one, layer)
    assert found is not None
    assert np.allclose(found, whole.right[0][f"dz{layer}"], rtol=1e-9)


def test_gradients_of_no_delta_have_none() -> None:
    """dW and db that no delta gives both of point at their own rules."""
    (one, _) = changed("db2", lambda db: db + 1)
    assert read_off(predictions("deep"), one, 2) is None


def test_a_wrong_bias_beside_right_weights_speaks_for_itself() -> None:
    """db2 alone is wrong: the delta must be right."""
    place = inferred(predictions("deep"), changed("db2", lambda db: db + 0.1 * np.arange(len(db))))
    assert place.first == "db2"
    assert not place.follows


def test_a_bias_that_no_penalty_covers_follows_from_its_delta() -> None:
    """A penalty of weights alone is left out beside a wrong delta: that changes no db."""
    whole = predictions("penalised")
    both = (fault("hidden-slope-omitted", 1), fault("penalty-missing", 1, 2))
    assert explained(whole, answered(whole, both), both).follows == {"db1": ("dz1",)}


def test_what_a_wrong_delta_drags_along_follows_from_it() -> None:
    """A wrong delta of the second layer, of no catalogue's making: its gradients and all before follow."""
    whole = predictions("deep")
    answers = answered(whole, (fault("hidden-slope-omitted", 2),))
    place = inferred(whole, answers)
    assert place.first == "dz2"
    assert set(place.follows) == {"dW2", "db2", "dW1", "db1"}
    assert set(place.right) == {"dW3", "db3"}
