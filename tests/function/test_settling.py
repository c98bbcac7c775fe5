"""Nothing is blamed, or passed, before differences have settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradcheck.function.check import check_function
from gradcheck.function.tolerance import ROUNDED, Tolerance
from gradcheck.verdict.records import Quantity, Status
from halves import some

Function = Callable[..., Any]


def checked(f: Function, df: Function, x: Any, **options: Any) -> Quantity:
    (quantity,) = check_function(f, df, x, **options).quantities
    return quantity


def entropy(z: Any) -> float:
    return float(np.log(np.exp(z - z.max()).sum()) + z.max() - z[0])


def dentropy(z: Any) -> Any:
    e = np.exp(z - z.max())
    return e / e.sum() - np.eye(len(z))[0]


def bump(width: float) -> tuple[Function, Function]:
    return (
        lambda x: np.exp(-(((x - 0.5) / width) ** 2)).sum(),
        lambda x: -2 * (x - 0.5) / width**2 * np.exp(-(((x - 0.5) / width) ** 2)),
    )


DAY = 2 * np.pi / 86400

RIGHT: dict[str, tuple[Function, Function, Any]] = {
    "waves of 1e6": (lambda x: np.sin(1e6 * x).sum(), lambda x: 1e6 * np.cos(1e6 * x), [0.3, 1.7, 12]),
    "waves of 3e7": (lambda x: np.sin(3e7 * x).sum(), lambda x: 3e7 * np.cos(3e7 * x), [0.3, 1.7]),
    "days of unix time": (lambda t: np.sin(DAY * t).sum(), lambda t: DAY * np.cos(DAY * t), [1.6e9, 1.7e9]),
    "1/x at 1e-6": (lambda x: (1 / x).sum(), lambda x: -1 / x**2, [1e-6, 2.0]),
    "log at 1e-300": (lambda x: np.log(x).sum(), lambda x: 1 / x, [1e-300, 0.3]),
    "clipped log at 1e-9": (
        lambda p: -np.log(np.maximum(p, 1e-15)).sum(),
        lambda p: -1.0 * (p > 1e-15) / np.maximum(p, 1e-15),
        [1e-9, 0.3, 0.7],
    ),
    "log of 1e-12 + x": (lambda x: np.log(x + 1e-12).sum(), lambda x: 1 / (x + 1e-12), [0.0, 0.3]),
    "kernel far from 0": (
        lambda x: np.exp(-((x - 1000) ** 2) / 2).sum(),
        lambda x: (1000 - x) * np.exp(-((x - 1000) ** 2) / 2),
        [1000.5, 999.0, 1000.2],
    ),
    "likelihoods of 1e-141": (
        lambda x: np.exp(-(x**2).sum()),
        lambda x: -2 * x * np.exp(-(x**2).sum()),
        [10.0, 12.0, 9.0],
    ),
    "values of 1e-312": (lambda x: 1e-312 * (x**2).sum(), lambda x: 2e-312 * x, [1.0, 2.0, 3.0]),
    "values of 1e306": (lambda x: 1e306 * np.sin(x).sum(), lambda x: 1e306 * np.cos(x), [1.0, 2.0]),
    "arguments of 1e300": (lambda x: np.log(x).sum(), lambda x: 1 / x, [1e300, 3e307]),
    "arguments of 1e-150": (
        lambda x: np.tanh(x / 1e-150).sum(),
        lambda x: 1e150 / np.cosh(x / 1e-150) ** 2,
        [2e-151],
    ),
}
RIGHT |= {f"bumps of width {w:g}": (*bump(w), [0.5 + 0.3 * w, 0.5 - w, 0.2]) for w in (3e-3, 1e-4, 1e-7)}
RIGHT |= {
    f"logits of {z:g}": (entropy, dentropy, [z, 0.0, 1.0]) for z in (3.0, 30.0, 34.0, 36.5, 40.0, 100.0)
}


@pytest.mark.parametrize("name", some(RIGHT, 8))
def test_right_gradients_are_right_whatever_the_scale(name: str) -> None:
    """Features narrower than any fixed step, far from 0, tiny, huge or beside large constants."""
    f, df, x = RIGHT[name]
    assert checked(f, df, np.array(x, float)).status is Status.RIGHT


@pytest.mark.parametrize("name", some([n for n in RIGHT if not n.startswith("logits")], 3))
@pytest.mark.parametrize("factor", [0.0, 0.5, -1.0])
def test_what_is_plainly_wrong_is_called_so(name: str, factor: float) -> None:
    """Zeros, half of it and the wrong sign, on the same functions."""
    f, df, x = RIGHT[name]
    assert checked(f, lambda x: factor * df(x), np.array(x, float)).status is Status.WRONG


@pytest.mark.slow
@pytest.mark.parametrize("factor", [1.0, -100.0, 0.0])
@pytest.mark.parametrize("scale", [1e-5, 1e-9])
def test_what_rounding_hides_is_neither_right_nor_wrong(factor: float, scale: float) -> None:
    """Beside 1e14 a small square can't be seen: nobody can tell, of right and wrong answers alike."""
    x = np.array([1.0, 2.0])
    quantity = checked(lambda x: 1e14 + scale * (x**2).sum(), lambda x: factor * 2 * scale * x, x)
    assert quantity.status is Status.CANNOT_TELL
    assert quantity.message.startswith("rounding errors in the function, about ")
    assert "float64" not in quantity.help


def test_a_small_square_is_judged_on_its_own_scale() -> None:
    """x² at 1e-20, alone and beside an entry of 1: 3x is never right where x can be seen."""
    tiny = np.array([1e-20, -2e-20])
    assert checked(lambda x: (x**2).sum(), lambda x: 2 * x, tiny).status is Status.RIGHT
    assert checked(lambda x: (x**2).sum(), lambda x: 3 * x, tiny).status is Status.WRONG


@pytest.mark.slow
@pytest.mark.parametrize("factor", [2.0, 3.0, -1e5])
def test_what_underflows_is_neither_right_nor_wrong(factor: float) -> None:
    """x² at 1e-170 is 0, and so are its quotients at every step at which it isn't blurred."""
    quantity = checked(lambda x: (x**2).sum(), lambda x: factor * x, np.array([1e-170, -2e-170]))
    assert quantity.status is Status.CANNOT_TELL
    assert quantity.message == "next to this point the function is 0, for all that double precision shows"


@pytest.mark.parametrize("ratio", [1e3, 1e6, 1e9])
def test_an_entry_is_not_hidden_by_a_larger_one(ratio: float) -> None:
    """A wrong sign shows beside an entry that is 10⁹ times larger, as far as rounding allows."""
    x = np.array([1.0, 1.3])
    f = lambda w: ratio * w[0] ** 2 + w[1] ** 2  # noqa: E731
    assert checked(f, lambda w: np.array([2 * ratio * w[0], 2 * w[1]]), x).status is Status.RIGHT
    quantity = checked(f, lambda w: np.array([2 * ratio * w[0], -2 * w[1]]), x)
    assert [d.index for d in quantity.discrepancies if d.wrong] == [(1,)]


@pytest.mark.parametrize("frequency", some([1e11, 1e13, 1e14, 1e15, 1e17], 2))
@pytest.mark.parametrize("others", [0.0, 1e3, 1e9])
def test_an_alias_never_blames(frequency: float, others: float) -> None:
    """Waves that are as short as the last digits of x look like anything, with and without company."""
    x = np.array([1.7, 0.3])
    quantity = checked(
        lambda x: np.sin(frequency * x[0]) + others * x[1] ** 2,
        lambda x: np.array([frequency * np.cos(frequency * x[0]), 2 * others * x[1]]),
        x,
    )
    assert quantity.status is not Status.WRONG


def test_the_answer_s_own_rounding_is_forgiven() -> None:
    """Sigmoid minus one has few digits where the loss, by log1p, has all."""
    x = np.array([25.0, 30.0, 33.0])
    assert (
        checked(lambda x: np.log1p(np.exp(-x)).sum(), lambda x: 1 / (1 + np.exp(-x)) - 1, x).status
        is Status.RIGHT
    )


def test_a_clipped_entry_does_not_hide_its_neighbours() -> None:
    """Where one entry lies at the edge of a clip, the others are judged all the same."""
    quantity = checked(
        lambda x: np.log(1 / np.maximum(1e-20, x)).sum(),
        lambda x: np.where(x > 1e-20, -1 / np.maximum(x, 1e-20), 0.0),
        np.array([0.0, 0.3, 0.5]),
    )
    assert quantity.status is Status.CANNOT_TELL
    assert [d.index for d in quantity.discrepancies] == [(0,)]


@pytest.mark.parametrize("off", [-2.0, 1e-3, 1e-4, 1e-5])
def test_a_small_entry_is_looked_at_as_sharply_as_a_large_one(off: float) -> None:
    """A first look that is blurred by a larger entry does not suffice for a small one."""
    x = np.array([1.2, -0.7])
    right = np.array([2e3, 2e-3]) * x
    verdict = check_function(
        lambda x: float(1e3 * x[0] ** 2 + 1e-3 * x[1] ** 2), lambda x: right * np.array([1, 1 + off]), x
    )
    assert verdict.status is not Status.RIGHT
    assert abs(off) < 1e-3 or verdict.status is Status.WRONG


@pytest.mark.parametrize(
    ("f", "df", "x"),
    [
        (
            lambda x: np.log(x + np.sqrt(x * x - 1)).sum(),
            lambda x: 1 / np.sqrt((x - 1) * (x + 1)),
            [1.0001, 1.00001],
        ),
        (
            lambda x: np.sqrt(1 - x * x).sum(),
            lambda x: -x / np.sqrt((1 - x) * (1 + x)),
            [0.99999, -0.9999999],
        ),
        (lambda x: np.log(1 - x * x).sum(), lambda x: -2 * x / ((1 - x) * (1 + x)), [0.99999, 0.5]),
    ],
    ids=["arccosh", "circle", "logarithm"],
)
def test_rounding_that_the_last_digits_leave_as_it_is_counts(f: Function, df: Function, x: Any) -> None:
    """x² near 1 is rounded alike over thousands of last digits: a right gradient is right all the same."""
    assert checked(f, df, np.array(x)).status is Status.RIGHT
    assert checked(f, lambda x: df(x) / 2, np.array(x)).status is Status.WRONG


@pytest.mark.parametrize("steps", [100.0, 1e3, 1024.0, 1e4])
@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_nobody_can_tell_a_staircase_from_its_slope(steps: float, slope: float) -> None:
    """Steps that are far coarser than any rounding are no slope, and may have been meant as one."""
    x = np.array([0.3004, 1.8003])
    quantity = checked(lambda x: (np.floor(steps * x) / steps).sum(), lambda x: slope + 0 * x, x)
    assert quantity.status is Status.CANNOT_TELL


@pytest.mark.parametrize("gap", [1e-9, 3e-9, 1e-8])
def test_a_millionth_off_is_never_right_where_wider_steps_show_it(gap: float) -> None:
    """Beside a kink the finest steps are blurred; those that just don't reach it speak against the answer."""
    x = np.array([2.0 + gap, 2.0])
    assert checked(max, lambda x: 1.0 * (x == x.max()), x).status is Status.RIGHT
    assert checked(max, lambda x: (1 + 3e-6) * (x == x.max()), x).status is not Status.RIGHT


@pytest.mark.parametrize("gap", [3e-13, 1e-12])
def test_zeros_are_not_right_at_a_tie_that_finer_steps_resolve(gap: float) -> None:
    """The one-sided slopes of wider steps bound nothing where the finer ones show the side."""
    x = np.array([2.0 + gap, 2.0, -1.0])
    assert checked(max, lambda x: 1.0 * (x == x.max()), x).status is Status.RIGHT
    assert checked(max, lambda x: 0 * x, x).status is not Status.RIGHT


def single(x: Any) -> Any:
    return x.astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_the_bar_holds_in_a_function_of_single_precision(seed: int) -> None:
    """Steps so wide that rounding matters less are too wide to be extrapolated from unseen."""
    rng = np.random.RandomState(seed)
    x = single(rng.randn(5, 4))

    def backward(W: Any) -> Any:
        h = np.tanh(x @ single(W))
        return (x.T @ (2 * h * (1 - h * h))).astype(float)

    W = rng.randn(4, 3)
    assert checked(lambda W: float((np.tanh(x @ single(W)) ** 2).sum()), backward, W).status is Status.RIGHT


def test_round_numbers_hide_no_rounding_from_the_last_digits() -> None:
    """A line through years is computed exactly where w is 0.5, and not a few last digits beside it."""
    years, y = np.arange(2000, 2010), np.arange(10)
    verdict = check_function(
        lambda w, b: ((w * years + b - y) ** 2).mean(),
        lambda w, b: (2 * ((w * years + b - y) * years).mean(), 2 * (w * years + b - y).mean()),
        (0.5, -1000.0),
    )
    assert verdict.status is Status.RIGHT


@pytest.mark.parametrize(
    ("f", "df", "x"),
    [
        (
            lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1).sum(),
            lambda x: np.exp(np.minimum(x, 0)),
            [0.0, 1, -1, -30],
        ),
        (
            lambda x: np.where(np.abs(x) <= 1, x**2 / 2, np.abs(x) - 0.5).sum(),
            lambda x: np.clip(x, -1, 1),
            [1.0, -1, 0.3, -4],
        ),
    ],
    ids=["elu", "huber"],
)
def test_a_kink_of_the_slope_is_no_evidence_against_it(f: Function, df: Function, x: Any) -> None:
    """Where the second derivative jumps, quotients lie off by a multiple of the step."""
    assert checked(f, df, np.array(x)).status is Status.RIGHT


SCALES = np.array([2.4e4, 2.4e-5])

FAINT: dict[str, tuple[Function, Function, Any, int]] = {
    "squares beside 4e9": (lambda x: 4e9 + (x**2).sum(), lambda x: 2 * x, [-0.71, -0.82], 0),
    "beside a kink": (
        lambda x: (np.maximum(x, 0) + 0.3 * np.minimum(x, 0) + np.sin(x)).sum(),
        lambda x: (x > 0) + 0.3 * (x < 0) + np.cos(x),
        [-0.577, 0.196, -2.53e-10, -0.0112],
        2,
    ),
    "rounded by 5e9": (lambda x: (((5e9 + x) - 5e9) ** 2).sum(), lambda x: 2 * x, [-1.01, -2.19, 0.24], 0),
    "entropy of 4e-11": (
        lambda x: -(x * np.log(x)).sum(),
        lambda x: -np.log(x) - 1,
        [2.63e-7, 4.08e-11],
        1,
    ),
    "far out": (
        lambda x: (x / (1 + x**2)).sum(),
        lambda x: (1 - x**2) / (1 + x**2) ** 2,
        [1096878.7562274674, -18510536.650201574, 3.6783555818747296e-6, -113425.26664098036, -2.3638539e-4],
        1,
    ),
    "beside 1e9 times as much": (lambda x: (SCALES * x**2).sum(), lambda x: 2 * SCALES * x, [-1.37, 1.07], 1),
}
"""Functions, points, and an entry of which one quotient alone shows little."""


@pytest.mark.parametrize("name", some(FAINT, 2))
def test_a_millionth_off_is_never_right_where_many_steps_show_it(name: str) -> None:
    """Rounding that hides it at each step does not at all of them together."""
    f, df, x, i = FAINT[name]
    right = np.asarray(df(np.array(x)), float)
    off = right * (1 + 1e-6 * (np.arange(right.size) == i))
    assert checked(f, df, np.array(x)).status is Status.RIGHT
    assert checked(f, lambda x: off, np.array(x)).status is not Status.RIGHT


@pytest.mark.parametrize("relative", [1e-4, ROUNDED, 0.0])
def test_a_tolerance_that_was_asked_for_is_none_of_its_own(relative: float) -> None:
    """Whatever its value: nothing of it is taken for what rounding does by itself."""
    asked = Tolerance.given(relative, 0.0, single=False)
    assert asked.alone == asked
    assert Tolerance.given(None, 0.0, single=False).alone != Tolerance.given(None, 0.0, single=False)
