"""How functions are called: by name, entry by entry, with an upstream gradient or without."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from gradcheck.api import gradcheck
from gradcheck.errors import GradientError, UsageError
from gradcheck.function.check import check_function
from gradcheck.function.gradient import works_entrywise
from gradcheck.verdict.records import Quantity, Status, Verdict

X = np.array([0.3, -1.2, 2.0])


def only(verdict: Verdict) -> Quantity:
    (quantity,) = verdict.quantities
    return quantity


# Arguments by name.


def scaled(w: Any, *, scale: Any, shift: float = 0.0) -> Any:
    return (scale * w**2).sum() + shift


def dscaled(w: Any, *, scale: Any, shift: float = 0.0) -> Any:
    return 2 * scale * w, (w**2).sum()


def test_arguments_that_go_by_name_alone() -> None:
    """They come last, or wherever `names` says; df may take them as it likes."""
    assert check_function(scaled, dscaled, (X, 2.0)).status is Status.RIGHT
    by_name = check_function(
        scaled, lambda w, scale: {"dw": 2 * scale * w, "dscale": (w**2).sum()}, (2.0, X), names=("scale", "w")
    )
    assert [(q.name, q.status) for q in by_name.quantities] == [
        ("dscale", Status.RIGHT),
        ("dw", Status.RIGHT),
    ]
    with pytest.raises(UsageError, match="scaled has no value for scale, which goes by name"):
        check_function(scaled, dscaled, X)


def test_partial_functions_and_stars() -> None:
    """What functools.partial leaves open is asked for; *values have numbers in their names."""
    f, df = partial(scaled, scale=2.0), partial(dscaled, scale=2.0)
    assert check_function(f, lambda w: df(w)[0], X).status is Status.RIGHT
    verdict = check_function(
        lambda *xs: sum((x**2).sum() for x in xs), lambda *xs: tuple(2 * x for x in xs), (X, X[:2])
    )
    assert [(q.name, q.status) for q in verdict.quantities] == [
        ("dxs0", Status.RIGHT),
        ("dxs1", Status.RIGHT),
    ]


def test_a_wrapper_that_takes_anything_is_called_by_position() -> None:
    """f(*args, **kwargs), as decorators leave it behind, is given nothing by name."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        assert not kwargs
        return (args[0] ** 2).sum()

    assert check_function(wrapper, lambda *a, **k: 2 * a[0], X, names=["w"]).status is Status.RIGHT


# Functions that work entry by entry.


@pytest.mark.parametrize(
    ("f", "slope", "status"),
    [
        (np.tanh, lambda x: 1 - np.tanh(x) ** 2, Status.RIGHT),
        (np.sin, np.cos, Status.RIGHT),
        (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1, Status.RIGHT),
        (lambda x, a=0.1: np.where(x > 0, x, a * x), lambda x, a=0.1: np.where(x > 0, 1, a), Status.RIGHT),
        (np.tanh, lambda x: 1 + np.tanh(x) ** 2, Status.WRONG),
    ],
)
def test_a_derivative_at_each_entry(f: Any, slope: Any, status: Status) -> None:
    """Without an upstream gradient, the derivative is held against f's at each entry, and a note says so."""
    verdict = check_function(f, slope, X)
    assert verdict.status is status
    assert any("works entry by entry" in note for note in verdict.notes)


def softmax(x: Any) -> Any:
    return np.exp(x) / np.exp(x).sum()


def test_functions_that_mix_entries_are_not_taken_entry_by_entry() -> None:
    """The derivative of a softmax is a matrix: its diagonal is neither right nor wrong."""
    quantity = only(check_function(softmax, lambda x: softmax(x) * (1 - softmax(x)), X))
    assert quantity.status is Status.ERROR
    assert quantity.message == "softmax returns an array of shape (3,), and df takes no upstream gradient"
    assert quantity.help.startswith(
        "let df take the gradient of a loss by softmax's value as its last argument"
    )


def test_two_entries_that_mix_are_seen_wherever_they_are() -> None:
    """Every pair of entries is looked at apart."""
    x = np.linspace(1, 2, 9)
    assert works_entrywise(np.sqrt, x)
    for i in range(9):
        for j in range(9):
            mixed = np.eye(9) + (i != j) * np.outer(np.eye(9)[i], np.eye(9)[j])
            assert works_entrywise(lambda x, m=mixed: m @ x, x) == (i == j)  # type: ignore[misc]


def test_a_derivative_where_a_jacobian_is_asked_for() -> None:
    """It says how the derivative at each entry is checked."""
    quantity = only(check_function(np.tanh, lambda x: 1 - np.tanh(x) ** 2, X, jacobian=True))
    assert (quantity.message, quantity.help) == (
        "dx has shape (3,), not (3, 3)",
        "a derivative at each entry is checked without jacobian; np.diag(…) makes a Jacobian of it",
    )


def test_a_backward_pass_of_a_loss_may_want_an_upstream_gradient() -> None:
    """Where f is a number and df can't do without, it is given 1."""
    assert check_function(lambda x: (x**2).sum(), lambda x, dout: 2 * x * dout, X).status is Status.RIGHT


# Numbers.


def loss(W: Any, y: Any) -> Any:
    z = W - W.max(1, keepdims=True)
    return -(z[np.arange(len(y)), y] - np.log(np.exp(z).sum(1))).mean()


def dloss(W: Any, y: Any) -> Any:
    p = np.exp(W - W.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)


def test_whole_numbers_are_moved_where_the_gradient_is_about_them() -> None:
    """Two gradients for a float and a whole number: both are checked, and the note says what became of it."""
    verdict = check_function(lambda w, n: n * (w**2).sum(), lambda w, n: (2 * n * w, (w**2).sum()), (X, 3))
    assert [(q.name, q.status) for q in verdict.quantities] == [("dw", Status.RIGHT), ("dn", Status.RIGHT)]
    assert verdict.notes == ("n holds whole numbers: your code gets them as float64",)


def test_labels_are_not_moved_for_an_answer_too_many() -> None:
    """Where floats won't do in their place, the answer is at fault, and its count is named."""
    quantity = only(check_function(loss, lambda W, y: (dloss(W, y), 0.0), (np.eye(3), [0, 2, 1])))
    assert quantity.message == "df returns 2 gradients for the argument W"


def test_labels_beside_whole_numbers_are_told_of() -> None:
    """With no float among them, all become floats; where that fails, it says what to write."""
    x = ([[1, 2, 3], [3, 1, 2]], [0, 2])
    first, *_ = check_function(loss, dloss, x).quantities
    assert first.help == (
        "W, y became floats, as there are no others: write those to differentiate by with a point "
        "(1. for 1), or name them in wrt, and the others stay whole"
    )
    assert check_function(loss, dloss, x, wrt="W").status is Status.RIGHT


def test_complex_data_is_held_fixed() -> None:
    """Complex arguments are passed on; complex values and gradients are told of, and their .real."""

    def f(x: Any, carrier: Any) -> float:
        return float(np.real(x * carrier).sum())

    verdict = check_function(f, lambda x, carrier: carrier.real, (X, np.array([1j, 1, 1 - 1j])))
    assert (verdict.status, verdict.notes) == (Status.RIGHT, ("carrier is complex and is taken as fixed",))
    value = only(check_function(lambda x: (x**2).sum() + 0j, lambda x: 2 * x, X))
    assert value.message == "the value of f is complex (complex128), with an imaginary part of 0"
    assert value.help == "take its real part: .real"
    gradient = only(check_function(lambda x: (x**2).sum(), lambda x: 2 * x + 0j, X))
    assert gradient.message == "dx is complex (complex128), with an imaginary part of 0"


def test_gradients_of_whole_numbers_may_be_right() -> None:
    """They are held to what they should be; only where fractions may be lacking does it say so."""
    assert check_function(lambda x: x.sum(), lambda x: np.ones(3, int), X).status is Status.RIGHT
    cut = only(check_function(lambda x: (x**2).sum(), lambda x: (2 * x).astype(int), X))
    assert "whose fractions are cut off" in cut.help
    far = only(check_function(lambda x: x.sum(), lambda x: np.full(3, 7), X))
    assert "fractions" not in far.help


# Settings, and what an error says.


def test_tolerances_relative_and_absolute() -> None:
    """rtol is measured by the largest entry, atol by itself; both are in the report."""

    def off(x: Any) -> Any:
        return 2 * x + 0.01

    def said(**options: Any) -> Status:
        return check_function(lambda x: (x**2).sum(), off, X, **options).status

    assert said() is said(rtol=1e-3) is said(atol=0.009) is Status.WRONG
    assert said(rtol=3e-3) is said(atol=0.011) is said(rtol=1e-3, atol=0.0065) is Status.RIGHT
    quantity = only(check_function(lambda x: (x**2).sum(), off, X, atol=0.5))
    assert (quantity.relative_tolerance, quantity.absolute_tolerance) == (1e-7, 0.5)


@pytest.mark.parametrize("options", [{"rtol": -1}, {"atol": float("nan")}, {"seconds": -2}])
def test_settings_without_sense(options: dict[str, float]) -> None:
    """A negative allowance is refused."""
    with pytest.raises(UsageError, match="give a number that is not negative"):
        check_function(lambda x: x, lambda x: x, X, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("df", "line"),
    [
        (lambda x: 2 * x * [1, 1, 2], "dx wrong: 1 of 3 entries, x[2] 8 instead of 4"),
        (lambda x: x[:2], "dx wrong: dx has shape (2,), not (3,)"),
        (lambda x: None, "dx error: dx is None; is a `return` missing?"),
    ],
)
def test_the_first_line_of_an_error_says_what_is_wrong(df: Any, line: str) -> None:
    """It is what pytest's summary shows; the report follows."""
    with pytest.raises(GradientError) as raised:
        gradcheck(lambda x: (x**2).sum(), df, X)
    first, blank, title, *_ = str(raised.value).split("\n")
    assert (first, blank) == (line, "")
    assert title.startswith("f ")


def test_points_are_not_mentioned_where_there_are_none() -> None:
    """A function earns none."""
    with pytest.raises(GradientError) as raised:
        gradcheck(lambda x: np.floor(x).sum(), lambda x: 0 * x, np.ones(3))
    assert "cannot tell" in str(raised.value)
    assert "point" not in str(raised.value).replace("at another point", "").replace("at this point", "")


def test_random_gradients_are_told_before_wrong_numbers() -> None:
    """Numbers that change from call to call are not compared."""
    rng = np.random.RandomState(1)
    quantity = only(check_function(lambda x: (x**2).sum(), lambda x: 7 * x * rng.rand(3), X))
    assert (quantity.status, quantity.reason, quantity.table) == (Status.WRONG, "unrepeatable", None)
    assert quantity.message == "a second call with the same data gives something else"


def test_nan_that_repeats_is_not_random() -> None:
    """NaN equals itself here: it is told as what it is."""
    quantity = only(check_function(lambda x: (x**2).sum(), lambda x: x * [np.nan, np.inf, 2], X))
    assert quantity.reason == "not finite"


def test_prints_are_heard_once(capsys: pytest.CaptureFixture[str]) -> None:
    """f is called many times, and its prints and warnings would be the same each time."""

    def f(x: Any) -> Any:
        print("here")
        return (x**2).sum()

    check_function(f, lambda x: 2 * x, X)
    assert capsys.readouterr().out == "here\n"
