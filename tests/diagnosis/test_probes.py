"""Probes part mistakes that look alike at a spec's own sizes, and leave alone what never varies."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from answers import fault
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.probes import probes
from gradcheck.mistakes.records import Fault
from gradcheck.specification.cases import draw
from gradcheck.specification.read import parse
from gradcheck.specification.records import CasePlan, Spec

Sizes = tuple[int, ...]


def asked(*cases: tuple[int, Sizes], loss: str = "squared_error") -> Spec:
    """A network of two layers in cases of (batch, sizes)."""
    first, *_ = (sizes for _, sizes in cases)
    plans = ", ".join(f"{{batch: {batch}, widths: {list(sizes)}}}" for batch, sizes in cases)
    text = f"""\
title: Two layers
network:
  inputs: {first[0]}
  layers: [dense: {{units: {first[1]}, activation: tanh}}, dense: {{units: {first[2]}, activation: sigmoid}}]
loss: {loss}
submission: {{run: "dW1, db1, dW2, db2 = backprop(x, y, W1, b1, W2, b2)"}}
check: [dW1, db1, dW2, db2]
cases: [{plans}]
"""
    return parse(text.encode(), "two.yaml")


def predictions(spec: Spec, plans: Sequence[CasePlan]) -> Predictions:
    """What mistakes predict for these plans."""
    return Predictions([draw(spec.sized(plan), plan.batch, plan.seed) for plan in plans])


SIZES = st.tuples(*[st.integers(1, 12)] * 3)


@pytest.mark.slow
@given(cases=st.lists(st.tuples(st.integers(1, 12), SIZES), min_size=1, max_size=4))
def test_only_what_varies_is_varied(cases: list[tuple[int, Sizes]]) -> None:
    """A size, or the number of examples, that is the same in all cases is so in the probes.

    The first probe's other sizes are all different, also from the batch; the second's are equal.
    """
    spec = asked(*cases)
    columns = list(zip(*(sizes for _, sizes in cases), strict=True))
    free = [len(set(column)) > 1 for column in columns]
    found = probes(spec)
    for plan in found:
        assert plan.widths is not None
        sizes = zip(plan.widths, columns, free, strict=True)
        assert all(size == column[0] for size, column, varies in sizes if not varies)
        assert plan.batch == cases[0][0] or len({batch for batch, _ in cases}) > 1
    own = [[size for size, varies in zip(plan.widths or (), free, strict=True) if varies] for plan in found]
    assert found
    for size in own[0]:
        assert [*(found[0].widths or ()), found[0].batch].count(size) == 1
        assert size not in (1, 2, 4)
    assert len(set(own[-1])) <= 1 or len(found) == 1


def test_sizes_that_the_spec_fixes_are_not_probed() -> None:
    """Without cases of other widths, the student's code may rely on the network's."""
    text = "title: t\nnetwork: {inputs: 2, layers: [dense: {units: 3}]}\nloss: squared_error\ncheck: [dW1]\n"
    assert probes(parse(f"{text}cases: [{{batch: 1}}, {{batch: 5}}]\n".encode(), "fixed.yaml")) == ()


def test_many_layers() -> None:
    """There are as many different sizes as layers."""
    layers = ", ".join(["dense: {units: 2}"] * 12)
    text = f"title: t\nnetwork: {{inputs: 2, layers: [{layers}]}}\nloss: squared_error\ncheck: [dW1]\n"
    cases = f"cases: [{{batch: 3, widths: {[2] * 13}}}, {{batch: 3, widths: {[5] * 13}}}]\n"
    (different, equal) = probes(parse((text + cases).encode(), "deep.yaml"))
    assert len({*(different.widths or ()), 3}) == 14
    assert set(equal.widths or ()) == {3}


GRADIENTS = ("dW1", "db1", "dW2", "db2")
HALVED, BY_FEATURES = fault("loss-factor-two-missing", 2), fault("features-counted-for-batch", 2)
MEAN, MEANS_MISSING = fault("output-mean-extra", 2), fault("db-mean-missing", 2)
TRANSPOSED, REORDERED = fault("dw-transposed", 2), fault("unroll-order-mixed", 2)


@pytest.mark.parametrize(
    ("cases", "loss", "one", "other"),
    [
        ([(5, (2, 2, 2)), (6, (3, 3, 3))], "squared_error", TRANSPOSED, REORDERED),
        ([(1, (2, 3, 1)), (2, (4, 3, 1))], "squared_error", HALVED, BY_FEATURES),
        ([(2, (4, 3, 2)), (3, (6, 5, 2))], "half_squared_error", MEAN, BY_FEATURES),
    ],
)
def test_what_own_sizes_merge_is_parted(
    cases: list[tuple[int, Sizes]], loss: str, one: Fault, other: Fault
) -> None:
    """Two mistakes that make the same numbers in all of a spec's own cases do not in a probe."""
    spec = asked(*cases, loss=loss)
    assert predictions(spec, spec.cases).same(one, other, GRADIENTS)
    assert not predictions(spec, [*spec.cases, *probes(spec)]).same(one, other, GRADIENTS)


@pytest.mark.parametrize(
    ("cases", "one", "other"),
    [
        ([(4, (3, 5, 2)), (4, (5, 6, 2))], MEANS_MISSING, fault("stray-constant-in-db", 2, unknown=4.0)),
        ([(5, (3, 4, 2)), (6, (6, 4, 2))], HALVED, MEAN),
    ],
)
def test_what_a_fixed_size_merges_stays_merged(
    cases: list[tuple[int, Sizes]], one: Fault, other: Fault
) -> None:
    """A batch that is always 4, two outputs in all cases: both mistakes are listed, and none preferred."""
    spec = asked(*cases)
    assert predictions(spec, [*spec.cases, *probes(spec)]).same(one, other, GRADIENTS)


def test_a_mistake_that_only_equal_sizes_allow_is_known() -> None:
    """A wrong index that has the right shape in one case alone is looked for, though not in the first."""
    spec = asked((4, (2, 3, 1)), (4, (3, 3, 3)))
    slugs = {one.mistake.slug for one in predictions(spec, spec.cases).singles}
    assert "weights-not-transposed" in slugs
    assert "weights-not-transposed" not in {
        one.mistake.slug for one in predictions(spec, spec.cases[:1]).singles
    }
