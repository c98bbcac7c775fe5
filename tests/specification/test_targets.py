"""What y is drawn from: by the loss, by the spec's own word, or by what fits a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.errors import SpecError
from gradcheck.losses import LOSSES, OUTCOMES
from gradcheck.mistakes.conditions import CLASSES
from gradcheck.specification.cases import Case, draw, run_passes
from gradcheck.specification.inputs import inputs
from gradcheck.specification.read import parse
from gradcheck.specification.records import Spec
from halves import some

WITH_TARGETS = sorted(set(LOSSES) - {"upstream", "none", "custom"})
OUTPUTS = {"cross_entropy": "softmax", "kl_divergence": "softmax", "binary_cross_entropy": "sigmoid"}
"""The activations of outputs that these losses can be taken of."""
few = settings(max_examples=20, deadline=None)


def spec_of(loss: str, keys: str = "", *, activation: str | None = None, units: int = 3) -> Spec:
    """A layer with that loss, and further keys of the spec."""
    g = activation or OUTPUTS.get(loss, "identity")
    text = (
        f"title: t\nnetwork: {{inputs: 4, layers: [dense: {{units: {units}, activation: {g}}}]}}\n"
        f"loss: {loss}\n{keys}\nsubmission: {{run: 'dW1 = f(x, y, W1)'}}\ncheck: [dW1]\n"
    )
    return parse(text.encode(), "t.yaml")


def drawn(spec: Spec, examples: int, seed: int) -> tuple[Case, Any]:
    """A case, and the y that `run` has."""
    case = draw(spec.stack, examples, seed)
    return case, inputs(spec, case)["y"]


def complaint(loss: str, keys: str, units: int = 3) -> str:
    """What is said of a spec that is refused."""
    with pytest.raises(SpecError) as caught:
        spec_of(loss, keys, units=units)
    return min(map(str, caught.value.complaints))


KINDS: dict[str, Callable[[Any], Any]] = {
    "binary": lambda y: np.isin(y, (0, 1)).all(),
    "one_hot": lambda y: np.isin(y, (0, 1)).all() and (y.sum(1) == 1).all(),
    "probabilities": lambda y: (y >= 0).all() and np.allclose(y.sum(1), 1),
    "signs": lambda y: np.isin(y, (-1, 1)).all(),
    "counts": lambda y: (y >= 0).all() and (y == np.round(y)).all(),
    "real": lambda y: (np.abs(y) > 0.05).all(),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", some(WITH_TARGETS, 4))
def test_targets_are_what_the_spec_says(loss: str, kind: str) -> None:
    """Every kind that a loss takes is drawn, and agrees with PyTorch's loss; any other is refused by name."""
    record = LOSSES[loss]()
    bounded = kind == "real" and record.within[0] == 0
    if kind not in (record.targets, *record.also) or bounded:
        assert f": {loss} doesn't " in complaint(loss, f"targets: {kind}").partition("\n")[0]
        return
    case, y = drawn(spec_of(loss, f"targets: {kind}"), 6, 1)
    assert KINDS[kind](y)
    assert len(np.unique(y)) > 1
    a = torch.tensor(run_passes(case).values["a1"], requires_grad=True)
    assert record.torch
    value = record.torch(torch, a, torch.tensor(y))
    value.sum().backward()
    assert a.grad is not None
    np.testing.assert_allclose(record.value(a.detach().numpy(), y), value.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(record.gradient(a.detach().numpy(), y), a.grad.numpy(), rtol=1e-12, atol=1e-12)


def test_every_kind_is_tried() -> None:
    """The table above knows all that the language takes."""
    assert sorted(KINDS) == sorted(OUTCOMES)


@pytest.mark.slow
@few
@given(st.integers(0, 500), st.integers(1, 6))
def test_a_range_is_kept(seed: int, examples: int) -> None:
    """Real numbers of a range, for grey values, say."""
    _, y = drawn(spec_of("binary_cross_entropy", "targets: {real: [0.2, 0.7]}"), examples, seed)
    assert (y >= 0.2).all()
    assert (y <= 0.7).all()


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("loss", some(sorted(set(WITH_TARGETS) - {"poisson_nll"}), 4))
def test_labels_of_every_loss_with_classes(loss: str, units: int) -> None:
    """`run` has one whole number an example; the loss compares with the row that it stands for."""
    spec = spec_of(loss, "labels: true", units=units)
    case, y = drawn(spec, 5, 2)
    assert y.shape == (5,)
    assert y.dtype.kind == "i"
    signs = LOSSES[loss]().targets == "signs"
    if units == 1:
        assert set(y) <= ({-1, 1} if signs else {0, 1})
    else:
        rows = np.eye(3)[y]
        np.testing.assert_array_equal(case.y, 2 * rows - 1 if signs else rows)


def test_targets_labels_are_labels() -> None:
    """`targets: labels` says the same as `labels`."""
    _, y = drawn(spec_of("squared_error", "targets: labels"), 5, 2)
    assert sorted(set(y)) == [0, 1, 2]


@pytest.mark.parametrize("loss", some(["cross_entropy_with_logits", "nll", "squared_error", "hinge"], 1))
@few
@given(seed=st.integers(0, 1000), examples=st.integers(1, 8))
def test_all_labels_occur(loss: str, seed: int, examples: int) -> None:
    """The last class is in every case, so that `y.max() + 1` is their number; all are where there is room."""
    _, y = drawn(spec_of(loss, "labels: all"), examples, seed)
    assert y.max() == 2
    assert len(set(y)) >= min(examples, 3)


@pytest.mark.slow
@few
@given(seed=st.integers(0, 1000), examples=st.integers(1, 8))
def test_all_labels_of_a_single_output(seed: int, examples: int) -> None:
    """Both classes; the larger one where there is one example."""
    _, y = drawn(spec_of("binary_cross_entropy", "labels: all", units=1), examples, seed)
    assert set(y) == ({0, 1} if examples > 1 else {1})


@few
@given(seed=st.integers(0, 1000), examples=st.integers(1, 8))
def test_one_hot_rows_for_sigmoids(seed: int, examples: int) -> None:
    """One-hot rows by the spec's word, whatever the seed: code that takes their argmax is right."""
    _, y = drawn(spec_of("binary_cross_entropy", "targets: one_hot"), examples, seed)
    assert KINDS["one_hot"](y)
    assert len(set(y.argmax(1))) >= min(examples, 3)


@pytest.mark.parametrize(
    ("formula", "activation", "kind"),
    [
        ("y*log(a)", "softmax", "one_hot"),
        ("-y*a", "log_softmax", "one_hot"),
        ("y*log(y/a)", "softmax", "probabilities"),
        ("-y*log(a) - (1-y)*log(1-a)", "sigmoid", "binary"),
        ("y*log(y/a) + (1-y)*log((1-y)/(1-a))", "sigmoid", "real"),
        ("-log((1 + y*a)/2)", "tanh", "signs"),
        ("(a - y)^4", "identity", "real"),
        ("(log(y) - a)^2", "identity", "real"),
        ("softplus(a) - y*a", "relu", "real"),
        ("a^2", "softmax", "real"),
    ],
)
def test_a_formulas_targets_fit_its_outputs(formula: str, activation: str, kind: str) -> None:
    """A likelihood gets targets of which it is one; where the formula has no value, others are taken."""
    case, y = drawn(spec_of(f"{{custom: '{formula}'}}", activation=activation), 6, 3)
    assert KINDS[kind](y)
    assert all(np.isfinite(g).all() for g in run_passes(case).gradients.values())


def test_a_true_class_is_spoken_of_where_there_is_one() -> None:
    """Mistakes about the true class are none with probabilities for targets."""
    for keys, holds in (("", True), ("labels: all", True), ("targets: probabilities", False)):
        spec = spec_of("cross_entropy", keys)
        assert CLASSES.holds(spec.stack, 1) is holds


def test_a_specs_word_goes_before_what_fits() -> None:
    """`targets` holds for a formula, too."""
    _, y = drawn(spec_of("{custom: 'y*log(a)'}", "targets: probabilities", activation="softmax"), 4, 0)
    assert len(np.unique(y)) == y.size


@pytest.mark.parametrize(
    ("loss", "keys", "says"),
    [
        ("upstream", "labels: true", "t.yaml:4:1: the loss upstream has no targets"),
        ("upstream", "targets: one_hot", "t.yaml:4:1: the loss upstream has no targets"),
        ("poisson_nll", "labels: all", "t.yaml:4:1: poisson_nll doesn't compare with classes"),
        ("hinge", "targets: one_hot", "t.yaml:4:1: hinge doesn't compare with classes"),
        ("squared_error", "targets: binary\nlabels: true", "t.yaml:4:1: labels are numbers of classes"),
        ("squared_error", "targets: onehot", "t.yaml:4:10: there is no targets onehot"),
        ("squared_error", "targets: {real: [1, 0]}", "t.yaml:4:17: the range must rise"),
        ("squared_error", "targets: {real: [1]}", "t.yaml:4:17: real must have at least 2 entries"),
        ("squared_error", "targets: {binary: [0, 1]}", "t.yaml:4:"),
        (
            "binary_cross_entropy_with_logits",
            "targets: {real: [0, 2]}",
            "t.yaml:4:17: binary_cross_entropy_wi",
        ),
        ("nll", "targets: {real: [0, 1]}", "t.yaml:4:10: nll doesn't compare with real numbers"),
        ("squared_error", "labels: yes", "t.yaml:4:9: labels must be true or false"),
        ("squared_error", "labels: every", "t.yaml:4:9: labels must be true or false"),
    ],
)
def test_targets_that_make_no_sense(loss: str, keys: str, says: str) -> None:
    """Each is refused at its place, with what to do."""
    text = complaint(loss, keys, units=1)
    assert text.startswith(says)
    assert "help: " in text or "must" in text
