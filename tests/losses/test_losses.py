"""The losses against PyTorch, against difference quotients and against their own claims."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradcheck.losses import LOSSES, Loss

pytestmark = pytest.mark.slow

NAMES = [
    "squared_error",
    "half_squared_error",
    "mean_squared_error",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "cross_entropy_with_logits",
    "nll",
    "absolute_error",
    "huber",
    "smooth_l1",
    "log_cosh",
    "hinge",
    "squared_hinge",
    "multiclass_hinge",
    "kl_divergence",
    "poisson_nll",
    "none",
    "upstream",
    "custom",
]

VARIANTS: dict[str, Loss] = {
    **{name: LOSSES[name]() for name in NAMES if name != "custom"},
    "tight huber": LOSSES["huber"](delta=0.3),
    "wide smooth_l1": LOSSES["smooth_l1"](beta=2.5),
    "averaged multiclass_hinge": LOSSES["multiclass_hinge"](margin=0.5, averaged=True),
    "custom cosh": LOSSES["custom"](formula="cosh(a - y) - 1"),
    "custom without y": LOSSES["custom"](formula="a^4/4"),
}

every_loss = pytest.mark.parametrize("loss", VARIANTS.values(), ids=VARIANTS.keys())
with_torch = pytest.mark.parametrize(
    "loss", [g for g in VARIANTS.values() if g.torch], ids=[name for name, g in VARIANTS.items() if g.torch]
)
few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def draw_a(loss: Loss, rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Outputs that the loss can take."""
    if loss.wants_distribution:
        return rng.dirichlet(np.ones(shape[-1]), shape[:-1]) * 0.98 + 0.02 / shape[-1]
    low, high = np.clip(loss.domain, -3, 3)
    return rng.uniform(low + 0.01, high - 0.01, shape)


def draw_y(loss: Loss, rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Targets of the kind that the loss asks for."""
    units = shape[-1]
    y: Any
    match loss.targets:
        case "binary":
            y = rng.integers(0, 2, shape)
        case "signs":
            y = rng.choice([-1, 1], shape)
        case "counts":
            y = rng.poisson(2, shape)
        case "one_hot":
            y = np.eye(units)[rng.integers(0, units, shape[:-1])]
        case "probabilities":
            y = rng.dirichlet(np.ones(units), shape[:-1])
        case _:
            y = rng.normal(size=shape)
    return y.astype(float)


def pair(loss: Loss, seed: int, shape: tuple[int, ...] = (3, 4)) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return draw_a(loss, rng, shape), draw_y(loss, rng, shape)


def test_every_loss_is_in_the_table() -> None:
    """The table holds exactly the promised names, and each record knows its own."""
    assert sorted(NAMES) == sorted(LOSSES)
    for name in set(NAMES) - {"custom"}:
        assert LOSSES[name]().name == name


@with_torch
@few
@given(seed=seeds)
def test_value_is_the_pytorchs(loss: Loss, seed: int) -> None:
    """PyTorch's own loss gives one number an example, the same as ours."""
    a, y = pair(loss, seed)
    assert loss.torch
    theirs = loss.torch(torch, torch.tensor(a), torch.tensor(y)).numpy()
    assert loss.value(a, y).shape == (3,)
    np.testing.assert_allclose(loss.value(a, y), theirs, rtol=1e-13, atol=1e-13)


@with_torch
@few
@given(seed=seeds)
def test_gradient_is_autograds(loss: Loss, seed: int) -> None:
    """∂ℓ/∂a is what autograd finds through PyTorch's own loss."""
    a, y = pair(loss, seed)
    leaf = torch.tensor(a, requires_grad=True)
    assert loss.torch
    loss.torch(torch, leaf, torch.tensor(y)).sum().backward()
    assert leaf.grad is not None
    np.testing.assert_allclose(loss.gradient(a, y), leaf.grad.numpy(), rtol=1e-13, atol=1e-13)


@every_loss
@few
@given(seed=seeds)
def test_gradient_is_the_difference_quotient(loss: Loss, seed: int) -> None:
    """∂ℓ/∂aₖ is the limit of difference quotients in aₖ, unless a kink lies between."""
    a, y = pair(loss, seed)
    h = 1e-6
    for k, step in enumerate(h * np.eye(a.shape[-1])):
        up, here, down = (loss.value(a + sign * step, y) for sign in (1, 0, -1))
        assume((np.abs(up - 2 * here + down) < 1e-3 * h).all())
        np.testing.assert_allclose(loss.gradient(a, y)[:, k], (up - down) / (2 * h), rtol=1e-6, atol=1e-7)


@every_loss
@few
@given(seed=seeds)
def test_targets_broadcast_over_variants(loss: Loss, seed: int) -> None:
    """A stack of outputs against one y gives the stack of what each gives alone."""
    rng = np.random.default_rng(seed)
    stack, y = draw_a(loss, rng, (2, 5, 3, 4)), draw_y(loss, rng, (3, 4))
    assert loss.value(stack, y).shape == (2, 5, 3)
    assert loss.gradient(stack, y).shape == stack.shape
    np.testing.assert_allclose(loss.value(stack, y)[1, 2], loss.value(stack[1, 2], y), rtol=1e-14)
    np.testing.assert_allclose(loss.gradient(stack, y)[1, 2], loss.gradient(stack[1, 2], y), rtol=1e-14)


@every_loss
@few
@given(seed=seeds)
def test_float32_stays_float32(loss: Loss, seed: int) -> None:
    """Value and slope keep the dtype, and are right to its precision."""
    a, y = pair(loss, seed)
    a32, y32 = a.astype(np.float32), y.astype(np.float32)
    value, gradient = loss.value(a32, y32), loss.gradient(a32, y32)
    assert value.dtype == np.float32
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(value, loss.value(a32.astype(float), y32.astype(float)), rtol=1e-4, atol=1e-5)


@every_loss
def test_gradient_belongs_to_the_caller(loss: Loss) -> None:
    """The slope is a fresh array: writing into it changes neither a nor y."""
    a, y = pair(loss, seed=0)
    before = a.copy(), y.copy()
    loss.gradient(a, y)[...] = 7
    np.testing.assert_array_equal((a, y), before)


LOGITS = [name for name in NAMES if VARIANTS.get(name) and VARIANTS[name].domain == (-np.inf, np.inf)]


@pytest.mark.parametrize("name", [n for n in LOGITS if n not in ("poisson_nll", "upstream", "none")])
def test_far_outputs_are_harmless(name: str) -> None:
    """Nothing overflows far out, in either pass: a warning would fail the test."""
    loss = VARIANTS[name]
    y = draw_y(loss, np.random.default_rng(1), (1, 4))
    a = np.array([[-1e4, -800.0, 800.0, 1e4]])
    assert np.isfinite(loss.value(a, y)).all()
    assert np.isfinite(loss.gradient(a, y)).all()


@pytest.mark.parametrize("name", ["cross_entropy", "kl_divergence"])
def test_classes_without_weight_cost_nothing(name: str) -> None:
    """A one-hot y, with 0 log 0 = 0, leaves -log of the true class's probability in both oracles."""
    loss = VARIANTS[name]
    a, y = np.array([[0.2, 0.3, 0.5]]), np.array([[0.0, 1.0, 0.0]])
    assert loss.value(a, y) == pytest.approx(-np.log(0.3))
    assert loss.torch
    assert loss.torch(torch, torch.tensor(a), torch.tensor(y)).item() == pytest.approx(-np.log(0.3))


@given(st.floats(1e-150, 1e-4))
def test_log_cosh_keeps_its_digits(r: float) -> None:
    """Near 0 log cosh r is r²/2 to the last digits, which difference quotients live on."""
    loss = LOSSES["log_cosh"]().value(np.array([[r]]), np.zeros((1, 1))).item()
    assert loss == pytest.approx(r**2 / 2 * (1 - r**2 / 6), rel=1e-15, abs=0)


def test_multiclass_hinge_by_hand() -> None:
    """With scores 2, 1.5, -1 and the first class right, only the second is inside the margin of 1."""
    loss, a, y = VARIANTS["multiclass_hinge"], np.array([[2.0, 1.5, -1.0]]), np.array([[1.0, 0.0, 0.0]])
    assert loss.value(a, y).tolist() == [0.5]
    assert loss.gradient(a, y).tolist() == [[-1.0, 1.0, 0.0]]
    assert LOSSES["multiclass_hinge"](averaged=True).value(a, y) == pytest.approx(0.5 / 3)


@pytest.mark.parametrize(
    ("name", "a", "y"),
    [("hinge", [1.0, -1.0], [1.0, -1.0]), ("multiclass_hinge", [2.0, 1.0, 1.0], [1.0, 0.0, 0.0])],
)
def test_a_margin_just_reached_is_enough(name: str, a: list[float], y: list[float]) -> None:
    """Exactly at the margin, the loss and its slope are 0."""
    at, target = np.array([a]), np.array([y])
    assert VARIANTS[name].value(at, target) == 0
    assert not VARIANTS[name].gradient(at, target).any()


def test_none_looks_at_no_target() -> None:
    """The loss `none` adds up the outputs, whatever y is."""
    assert VARIANTS["none"].value(np.array([[1.0, 2.0]]), np.array(np.nan)).tolist() == [3.0]


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [
        ("huber", {"delta": 0}, "delta must be above 0, not 0"),
        ("smooth_l1", {"beta": -1}, "beta must be above 0, not -1"),
        ("multiclass_hinge", {"margin": float("inf")}, "margin must be a finite number, not inf"),
        ("custom", {"formula": "y**2"}, "a does not occur in it"),
    ],
)
def test_bad_options_are_refused(name: str, options: dict[str, Any], complaint: str) -> None:
    """A senseless option is named, with its value."""
    with pytest.raises(ValueError, match=complaint):
        LOSSES[name](**options)
