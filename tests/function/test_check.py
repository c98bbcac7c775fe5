"""The verdict on one function's gradient, by differences alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.api import gradcheck
from gradcheck.errors import GradientError, UsageError
from gradcheck.function.check import check_function
from gradcheck.verdict.records import Quantity, Status, Verdict
from halves import some

Function = Callable[..., Any]
RNG = np.random.RandomState(7)
W20 = RNG.randn(20)
U20 = RNG.uniform(0.2, 1.0, 20)


def only(verdict: Verdict) -> Quantity:
    (quantity,) = verdict.quantities
    return quantity


def said(f: Function, df: Function | None, *x: Any, **options: Any) -> Status:
    return check_function(f, df, x, **options).status


# Correct gradients that other checkers call wrong.

HARD: dict[str, tuple[Function, Function, Any]] = {
    "large constant": (lambda w: 1e6 + 1e-2 * np.sin(w).sum(), lambda w: 1e-2 * np.cos(w), W20),
    "squares of 1e6": (lambda w: (w**2).sum(), lambda w: 2 * w, 1e6 * W20),
    "squares of 1e9": (lambda w: (w**2).sum(), lambda w: 2 * w, 1e9 * W20),
    "logarithms of 1e-4": (lambda w: np.log(w).sum(), lambda w: 1 / w, 1e-4 * U20),
    "logarithms of 1e-9": (lambda w: np.log(w).sum(), lambda w: 1 / w, 1e-9 * U20),
    "steep exponentials": (lambda w: np.exp(5 * w).sum(), lambda w: 5 * np.exp(5 * w), W20),
    "roots near 0": (lambda w: np.sqrt(w).sum(), lambda w: 0.5 / np.sqrt(w), np.array([1e-3, 1e-6, 1e-10])),
    "cancellation": (lambda w: ((1e8 + w) - 1e8).sum(), np.ones_like, W20),
    "constant": (lambda w: np.exp(w).sum() / np.exp(w).sum(), lambda w: 1e-17 * w, W20),
    "zero everywhere": (lambda w: np.maximum(-1 - w**2, 0).sum(), np.zeros_like, W20),
    "single entry": (lambda w: w**3, lambda w: 3 * w**2, 0.5),
    "rounded to 6 digits": (lambda w: np.round((w**2).sum(), 6), lambda w: 2 * w, W20),
    "many periods": (lambda w: np.sin(50 * w).sum(), lambda w: 50 * np.cos(50 * w), W20),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_correct_gradients_of_hard_functions_are_right(name: str) -> None:
    """Neither large values, tiny arguments, steepness nor cancellation make a right gradient fail."""
    f, df, x = HARD[name]
    assert said(f, df, x) is Status.RIGHT


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["squares of 1e6", "logarithms of 1e-4", "steep exponentials", "many periods"]
)
def test_hard_functions_don_t_hide_a_wrong_entry(name: str) -> None:
    """One entry off by 1e-6 of the largest is called wrong on those functions too, and alone."""
    f, df, x = HARD[name]
    assert _wrong_entries(f, _spoilt(df, 3, 1e-6), x) == [3]


def _spoilt(df: Function, entry: int, by: float) -> Function:
    def spoilt(*x: Any) -> Any:
        g = np.array(df(*x), float)
        g.flat[entry] += by * np.abs(g).max()
        return g

    return spoilt


def _wrong_entries(f: Function, df: Function, x: Any) -> list[int]:
    return [d.index[0] for d in only(check_function(f, df, x)).discrepancies if d.wrong]


@pytest.mark.slow
@pytest.mark.parametrize("g", [0.0, 1e-20, -1e-290])
def test_roundoff_at_a_minimum_is_right(g: float) -> None:
    """Where f and its slope are 0, a gradient is right that is 0 but for roundoff, and no other."""
    assert said(lambda w: (w**2).sum(), lambda w: np.full(4, g), np.zeros(4)) is Status.RIGHT
    assert said(lambda w: (w**2).sum(), lambda w: np.full(4, 1e-6), np.zeros(4)) is Status.WRONG


# Kinks, jumps and noise.


@pytest.mark.parametrize("slope", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("others", [[], [1.3, -0.7]])
def test_any_subgradient_at_a_kink_is_right(slope: float, others: list[float]) -> None:
    """At 0, ReLU's gradient may be any number from 0 to 1."""
    x = np.array([0.0, *others])
    assert said(lambda x: np.maximum(x, 0).sum(), lambda x: np.where(x == 0, slope, x > 0), x) is Status.RIGHT


@pytest.mark.parametrize("slope", some([-0.01, 1.01, 2.0, -1.0], 2))
def test_no_other_slope_at_a_kink_is_right(slope: float) -> None:
    """Outside the one-sided slopes nobody can tell, where it is right all around, and else it is wrong."""
    x = np.array([0.0, 1.3, -0.7])
    quantity = only(
        check_function(lambda x: np.maximum(x, 0).sum(), lambda x: np.where(x == 0, slope, x > 0), x)
    )
    assert quantity.status is Status.CANNOT_TELL
    assert quantity.message == "the function has a kink at this point; around it the gradient is right"
    assert said(lambda x: np.maximum(x, 0).sum(), lambda x: np.full(3, slope), x) is Status.WRONG


def test_a_tie_of_maxima_may_be_shared_or_not() -> None:
    """The gradient of a maximum may go to one of the largest, or be shared."""
    x = np.array([2.0, 2.0, 1.0])
    for g in ([1.0, 0, 0], [0, 1.0, 0], [0.5, 0.5, 0]):
        assert said(np.max, lambda x, g=g: np.array(g), x) is Status.RIGHT


@pytest.mark.parametrize("x", [0.0, 1e-5, -1e-5, 2.0])
def test_absolute_values_near_their_kink(x: float) -> None:
    """sign(x) is right at 0 and however near to it; twice as much is wrong."""
    assert said(np.abs, np.sign, np.array([x])) is Status.RIGHT
    assert said(np.abs, lambda x: 2 * np.sign(x) + 2 * (x == 0), np.array([x])) is Status.WRONG


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-10, 1e-6, 1e-3, 1.0]))
@settings(max_examples=40, deadline=None)
def test_noise_never_makes_a_right_gradient_wrong(seed: int, size: float) -> None:
    """Whatever the size of a jitter that repeats itself, the smooth part's gradient is not wrong."""
    rng = np.random.RandomState(seed)
    w, u = rng.randn(2, 6)

    def f(w: Any) -> float:
        return float(
            (u * w**2).sum() + size * np.random.RandomState(abs(hash(w.tobytes())) % 2**32).uniform(-1, 1)
        )

    assert said(f, lambda w: 2 * u * w, w) is not Status.WRONG


def test_a_jump_is_no_reason_to_call_a_gradient_wrong() -> None:
    """Where f jumps there is no slope to compare with: nobody can tell."""
    x = np.array([1.0, 0.5, 3.0])
    quantity = only(check_function(lambda x: np.floor(x).sum(), np.zeros_like, x))
    assert quantity.status is Status.CANNOT_TELL
    assert {(0,), (2,)} <= {d.index for d in quantity.discrepancies}
    assert quantity.message == "difference quotients don't settle at these entries"


def test_a_staircase_is_not_judged_by_its_steps() -> None:
    """A function of many small steps looks smooth to wide differences and flat to narrow ones."""
    assert said(lambda w: np.floor(256 * w).sum() / 256, np.zeros_like, W20) is Status.CANNOT_TELL


def test_an_infinite_gradient_where_there_is_no_slope_is_not_wrong() -> None:
    """√x has no slope at 0, so infinity isn't wrong there; at 1 it is."""

    def slope(x: Any) -> Any:
        with np.errstate(divide="ignore"):
            return 0.5 / np.sqrt(x)

    def f(x: Any) -> Any:
        return np.sqrt(x).sum()

    assert said(f, slope, np.array([0.0, 1.0])) is Status.CANNOT_TELL
    assert said(f, lambda x: np.array([0.5, np.inf]), np.ones(2)) is Status.WRONG


def test_raising_outside_its_domain_only_narrows_the_step() -> None:
    """A function that refuses negative numbers is checked by smaller steps, not refused."""

    def f(x: Any) -> float:
        if (x <= 0).any():
            raise ValueError("negative")
        return float(np.log(x).sum())

    assert said(f, lambda x: 1 / x, np.array([1e-3, 2.0])) is Status.RIGHT


# Power.


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1), st.integers(0, 7), st.sampled_from([1e-6, -1e-6, 1e-4, -1.0]))
@settings(max_examples=60, deadline=None)
def test_one_entry_off_by_a_millionth_is_always_caught(seed: int, entry: int, by: float) -> None:
    """A product of random smooth factors: its own gradient is right, and one entry off is wrong, alone."""
    rng = np.random.RandomState(seed)
    x, a, b = rng.uniform(-1.5, 1.5, 8), rng.uniform(0.3, 2, 8), rng.uniform(-1, 1, 8)

    def f(x: Any) -> float:
        return float(np.prod(2 + np.sin(a * x)) + (b * x**3).sum())

    def df(x: Any) -> Any:
        return np.prod(2 + np.sin(a * x)) * a * np.cos(a * x) / (2 + np.sin(a * x)) + 3 * b * x**2

    assert said(f, df, x) is Status.RIGHT
    assert _wrong_entries(f, _spoilt(df, entry, by), x) == [entry]


@pytest.mark.slow
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=6), st.floats(-1e3, 1e3))
@settings(max_examples=60, deadline=None)
def test_polynomials_are_right(coefficients: list[float], scale: float) -> None:
    """The textbook derivative of any polynomial is right at any size of the argument."""
    p = np.polynomial.Polynomial(coefficients)
    assert said(p, p.deriv(), np.array([scale * 0.7])) is not Status.WRONG


def test_a_smooth_function_costs_nine_calls_a_coordinate() -> None:
    """One look settles what is smooth and right."""
    calls = []

    def f(w: Any) -> Any:
        calls.append(1)
        return np.tanh(w).sum() ** 2

    x = RNG.randn(50)
    check_function(f, lambda w: 2 * np.tanh(w).sum() * (1 - np.tanh(w) ** 2), x)
    assert len(calls) <= 9 * x.size


# Functions with arrays for values.

X, W = RNG.randn(4, 3), RNG.randn(3, 2)


def layer(x: Any, W: Any) -> Any:
    return np.tanh(x @ W)


def layer_back(x: Any, W: Any, dout: Any) -> Any:
    dz = dout * (1 - np.tanh(x @ W) ** 2)
    return dz @ W.T, x.T @ dz


def test_an_array_is_checked_through_upstream_gradients() -> None:
    """Each argument gets a verdict; three upstream gradients are used."""
    verdict = check_function(layer, layer_back, (X, W))
    assert [(q.name, q.status, q.cases) for q in verdict.quantities] == [
        ("dx", Status.RIGHT, 3),
        ("dW", Status.RIGHT, 3),
    ]


def test_a_backward_pass_that_ignores_the_upstream_gradient_is_wrong() -> None:
    """Upstream gradients are never all ones."""
    verdict = check_function(layer, lambda x, W, dout: layer_back(x, W, np.ones_like(dout)), (X, W))
    assert verdict.status is Status.WRONG


def test_the_zero_gradient_of_a_softmax_is_caught() -> None:
    """The outputs of a softmax add up to 1, so that ones upstream would hide a gradient of zeros."""
    quantity = only(
        check_function(
            lambda x: np.exp(x) / np.exp(x).sum(), lambda x, dout: np.zeros_like(x), np.array([0.1, 0.5, -1])
        )
    )
    assert (quantity.status, quantity.message) == (Status.WRONG, "dx is all zeros")


def jacobian_of_layer(x: Any) -> Any:
    return np.einsum("no,io,nm->nomi", 1 - np.tanh(x @ W) ** 2, W, np.eye(len(x)))


def test_every_entry_of_a_jacobian_is_checked() -> None:
    """One wrong entry of the Jacobian is named by both of its ends."""

    def f(x: Any) -> Any:
        return layer(x, W)

    assert said(f, jacobian_of_layer, X, jacobian=True) is Status.RIGHT

    def wrong(x: Any) -> Any:
        J = jacobian_of_layer(x)
        J[1, 0, 2, 1] += 1e-6
        return J

    quantity = only(check_function(f, wrong, X, jacobian=True))
    assert [d.label for d in quantity.discrepancies] == ["∂f[1, 0]/∂x[2, 1]"]


# What is noticed and named.


def half(x: Any) -> float:
    return float((x**2).sum() / 2)


def test_a_function_may_return_its_gradient_with_its_value() -> None:
    """Without df, f returns (value, gradient)."""
    assert said(lambda x: (half(x), x), None, W20) is Status.RIGHT
    assert said(lambda x: (half(x), 2 * x), None, W20) is Status.WRONG
    quantity = only(check_function(half, None, W20))
    assert quantity.reason == "missing"
    assert quantity.message == "half returns no gradient with its value"


def test_changes_in_place_are_noted_and_do_no_harm() -> None:
    """Functions that write into their arguments get fresh copies, and are told."""

    def f(x: Any) -> Any:
        x *= 2
        return (x**2).sum()

    def df(x: Any) -> Any:
        x *= 8
        return x

    verdict = check_function(f, df, W20)
    assert verdict.status is Status.RIGHT
    assert verdict.notes == (
        "f changes x in place; every call gets fresh copies here",
        "df changes x in place; every call gets fresh copies here",
    )


def test_a_random_function_can_t_be_judged() -> None:
    """A function that gives something else on each call is said to."""
    rng = np.random.RandomState(0)
    quantity = only(
        check_function(lambda x: half(x * (rng.rand(x.size) < 0.5)), lambda x: x, W20, name="drop")
    )
    assert (quantity.status, quantity.reason) == (Status.CANNOT_TELL, "unrepeatable")


@pytest.mark.parametrize("upstream", [False, True])
def test_gradients_that_pile_up_are_noticed(upstream: bool) -> None:
    """A gradient twice as large on the second call is called so, with the remedy."""
    g = np.zeros(20)

    def df(x: Any, dout: Any = 1.0) -> Any:
        nonlocal g
        g = g + x * dout
        return g

    f: Function = (lambda x: x**2 / 2) if upstream else half
    quantity = only(check_function(f, df, W20))
    assert (quantity.status, quantity.reason) == (Status.WRONG, "unrepeatable")
    assert quantity.message.endswith("exactly twice as much")
    assert quantity.help.startswith("gradients pile up")


def test_a_buffer_that_is_used_again_is_no_fault() -> None:
    """What a function returned is copied before it is called again."""
    buffer = np.zeros(20)

    def df(x: Any) -> Any:
        np.copyto(buffer, x)
        return buffer

    assert said(half, df, W20) is Status.RIGHT


@pytest.mark.parametrize(
    ("answer", "status", "reason", "message"),
    [
        (None, Status.ERROR, "not numbers", "dx is None; is a `return` missing?"),
        ("3", Status.ERROR, "not numbers", "dx is a string; give a NumPy array"),
        (
            np.ones(3) * 1j,
            Status.ERROR,
            "not numbers",
            "dx is complex (complex128)",
        ),
        (np.ones(3, np.float16), Status.ERROR, "precision", "dx is float16, whose 3 digits tell nothing"),
        (np.ones((3, 1)), Status.WRONG, "shape", "dx has shape (3, 1), not (3,)"),
        (np.array([np.nan, 1, 1]), Status.WRONG, "not finite", "1 of 3 numbers of dx is NaN"),
        (np.array([np.inf, 1, 1]), Status.WRONG, "not finite", "1 of 3 numbers of dx is infinite"),
        (np.zeros(3), Status.WRONG, "values", "dx is all zeros"),
        ([1.0, 2.0, 3.0], Status.RIGHT, None, ""),
        ((np.array([1.0, 2.0, 3.0]),), Status.RIGHT, None, ""),
        ({"dx": np.array([1.0, 2.0, 3.0])}, Status.RIGHT, None, ""),
        ({"x": np.array([1.0, 2.0, 3.0])}, Status.RIGHT, None, ""),
        ({"y": 1.0}, Status.ERROR, "missing", "df returns a dictionary without a gradient"),
        ((1.0, 2.0), Status.ERROR, "missing", "df returns 2 gradients for the argument x"),
    ],
)
def test_answers_of_every_kind(answer: Any, status: Status, reason: str | None, message: str) -> None:
    """Whatever df returns gets a line of its own."""

    def df(x: Any) -> Any:
        return answer

    quantity = only(check_function(half, df, np.array([1.0, 2.0, 3.0])))
    assert (quantity.status, quantity.reason, quantity.message) == (status, reason, message)


@pytest.mark.parametrize(
    ("rearranged", "advice"),
    [
        (lambda g: g.T, "its transpose has the right numbers"),
        (lambda g: g.ravel(), "the numbers themselves are right: only the shape is not"),
        (lambda g: 2 * g.T, ""),
        (lambda g: g[:1], ""),
    ],
)
def test_a_wrong_shape_says_what_the_numbers_are_worth(rearranged: Function, advice: str) -> None:
    """A transposed or flattened gradient is told apart from a wrong one."""
    quantity = only(check_function(half, rearranged, X))
    assert (quantity.reason, quantity.help) == ("shape", advice)


def test_single_precision_is_judged_as_such() -> None:
    """A float32 gradient is right to its own precision, and the quantity says so."""
    quantity = only(check_function(half, lambda x: x.astype(np.float32), W20))
    assert (quantity.status, quantity.single, quantity.relative_tolerance) == (Status.RIGHT, True, 1e-5)
    assert said(half, lambda x: (x * (1 + 1e-4)).astype(np.float32), W20) is Status.WRONG


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_arguments_become_float64(dtype: type) -> None:
    """Differences need float64 arguments; f gets them, and a note says so."""
    seen = set()

    def f(x: Any) -> float:
        seen.add(x.dtype)
        return half(x)

    verdict = check_function(f, lambda x: x, np.array([1, 2, 3], dtype))
    assert verdict.status is Status.RIGHT
    assert seen == {np.dtype(np.float64)}
    assert "float64" in verdict.notes[0]


def test_whole_numbers_beside_floats_are_left_alone() -> None:
    """Labels stay whole numbers, and are said not to be checked."""

    def nll(z: Any, labels: Any) -> Any:
        return -np.log(np.exp(z) / np.exp(z).sum(1, keepdims=True))[np.arange(len(z)), labels].sum()

    def dnll(z: Any, labels: Any) -> Any:
        p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        p[np.arange(len(z)), labels] -= 1
        return p

    verdict = check_function(nll, dnll, (X, np.array([0, 2, 1, 1])))
    assert verdict.status is Status.RIGHT
    assert verdict.notes == (
        "labels holds whole numbers, taken as fixed; write 1. for 1, or name it in wrt, to differentiate "
        "by it",
    )


def test_every_float_argument_is_checked_by_default() -> None:
    """A wrong gradient by the last of several arguments is found, arrays and numbers alike."""

    def f(x: Any, w: Any, b: float) -> Any:
        return np.sin(x @ w + b)

    def df(x: Any, w: Any, b: float) -> Any:
        c = np.cos(x @ w + b)
        return c * w, c * x, 2 * c

    verdict = check_function(f, df, (W20, U20, 0.3))
    assert [q.status for q in verdict.quantities] == [Status.RIGHT, Status.RIGHT, Status.WRONG]


def test_wrt_chooses_arguments() -> None:
    """df may return the chosen gradient alone, or all of them in order."""

    def f(x: Any, w: Any) -> Any:
        return x @ w

    for df in (lambda x, w: x, lambda x, w: (w, x), lambda x, w: {"w": x}):
        verdict = check_function(f, df, (W20, U20), wrt="w")
        assert [(q.name, q.status) for q in verdict.quantities] == [("dw", Status.RIGHT)]


@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        ((W20,), {"wrt": "y"}, "wrt: there is no argument 'y'; there are x"),
        (("text",), {}, "nothing to differentiate by"),
        ((W20 * 1j,), {}, "x is complex"),
        ((W20,), {"names": ["a", "b"]}, "1 argument needs a name, not a, b"),
    ],
)
def test_calls_without_sense_are_refused(x: Any, options: Any, message: str) -> None:
    """Wrong arguments of the check itself raise UsageError, before anything runs."""
    with pytest.raises(UsageError, match=message.split(";")[0]):
        check_function(half, lambda x: x, x, **options)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "f returns None; is a `return` missing?"),
        ("text", "f returns a string; give a NumPy array"),
        ((1.0, "cache"), "f returns a tuple of 2"),
        (np.nan, "f is NaN at this point"),
        (np.inf, "f is infinite at this point"),
    ],
)
def test_values_without_sense_are_named(value: Any, message: str) -> None:
    """Whatever f returns in place of a number is said in one line."""

    def f(x: Any) -> Any:
        return value

    quantity = only(check_function(f, lambda x: x, W20))
    assert quantity.message == message
    assert quantity.status is (Status.CANNOT_TELL if isinstance(value, float) else Status.ERROR)


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), RecursionError("deep")])
def test_an_exception_is_told_in_the_user_s_own_lines(error: BaseException) -> None:
    """The traceback holds the user's lines and none of the harness."""

    def df(x: Any) -> Any:
        raise error

    verdict = check_function(half, df, W20)
    assert verdict.failure is not None
    assert verdict.failure.message.startswith(type(error).__name__)
    assert any("raise error" in line for line in verdict.failure.trace)
    assert not any("gradcheck/function" in line for line in verdict.failure.trace)
    assert only(verdict).reason == "failed"


def test_an_interrupt_is_let_through() -> None:
    """Ctrl-C ends the check."""

    def f(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_function(f, lambda x: x, W20)


def test_labels_speak_of_the_argument() -> None:
    """Entries are named by the function's own names for its arguments, or by those given."""

    def f(theta: Any) -> float:
        return half(theta)

    assert only(check_function(f, _spoilt(lambda t: t, 2, 0.1), X)).discrepancies[0].label == "theta[0, 2]"
    named = only(check_function(f, _spoilt(lambda t: t, 2, 0.1), X, names=["θ"]))
    assert (named.symbol, named.discrepancies[0].label) == ("dθ", "θ[0, 2]")


def test_gradcheck_raises_the_report() -> None:
    """In a test, a wrong gradient is an AssertionError that names the entry; a right one is silence."""
    gradcheck(half, lambda x: x, W20)
    with pytest.raises(AssertionError, match=r"x\[3\]") as raised:
        gradcheck(half, _spoilt(lambda x: x, 3, 1e-3), W20)
    assert isinstance(raised.value, GradientError)


def test_nothing_heavy_is_imported() -> None:
    """A check needs no library but NumPy, and not even its random numbers."""
    code = (
        "import sys, numpy as np\n"
        "before = set(sys.modules)\n"  # what NumPy itself brings along depends on its version
        "from gradcheck.function.check import check_function\n"
        "print(check_function(lambda x: x**2, lambda x, d: 2 * x * d, np.array([1.0, 2.0])).status)\n"
        "check_function(lambda p: (p[0]**2).sum(), lambda p: [2 * p[0]], [np.ones(2)])\n"
        "heavy = {*'torch jax pandas scipy yaml pydantic numpy.random gradcheck.layers'.split()}\n"
        "print(heavy & (set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "right\nset()\n"


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_an_argument_without_entries_is_right(shape: tuple[int, ...]) -> None:
    """There is nothing in it that could be wrong; beside others, too."""
    alone = check_function(lambda x: float((x**2).sum()), lambda x: 2 * x, np.zeros(shape))
    beside = check_function(
        lambda x, y: float((x**2).sum() + y.sum()),
        lambda x, y: (2 * x, np.ones(3)),
        (np.zeros(shape), np.ones(3)),
    )
    assert alone.status is beside.status is Status.RIGHT


@pytest.mark.parametrize("shape", [(1, 0), (0, 3), (2,)])
def test_nothing_in_another_shape_is_wrong_by_its_shape(shape: tuple[int, ...]) -> None:
    """There are no numbers that could be right in it, and no fault of the check's own."""
    verdict = check_function(
        lambda x, y: float((x**2).sum() + y.sum()),
        lambda x, y: (np.zeros(shape), np.ones(3)),
        (np.zeros(0), np.ones(3)),
    )
    dx, dy = verdict.quantities
    assert (dx.status, dx.message, dx.help) == (Status.WRONG, f"dx has shape {shape}, not (0,)", "")
    assert dy.status is Status.RIGHT
