"""Arguments that hold several arrays, and the gradients by them."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gradcheck.errors import UsageError
from gradcheck.function.check import check_function
from gradcheck.function.trees import Branch, MisfitError, built, leaves, spread, tree
from gradcheck.function.values import FLOATS
from gradcheck.verdict.records import Status, Verdict

RNG = np.random.RandomState(3)
X, W, B = RNG.randn(3), RNG.randn(2, 3), RNG.randn(2)

Weights = namedtuple("Weights", "W b")


@dataclass
class Layer:
    """A layer as a course may write it."""

    W: Any
    b: Any
    momentum: float = 0.9


class Model:
    """A model as a course may write it."""

    def __init__(self) -> None:
        self.W, self.b, self.cache, self.name = W, B, None, "model"


def of_mapping(p: Any) -> dict[str, Any]:
    return {"W": p["W"], "b": p["b"]}


def value(W: Any, b: Any) -> float:
    return float(np.tanh(W @ X + b).sum())


def slopes(W: Any, b: Any) -> tuple[Any, Any]:
    s = 1 - np.tanh(W @ X + b) ** 2
    return np.outer(s, X), s


Function = Callable[..., Any]

HOLDERS: dict[str, tuple[Any, Function, Function]] = {
    "a list": ([W, B], lambda p: value(*p), lambda p: list(slopes(*p))),
    "a tuple": ((W, B), lambda p: value(*p), lambda p: slopes(*p)),
    "a dictionary": (
        {"W": W, "b": B},
        lambda p: value(**p),
        lambda p: dict(zip(("W", "b"), slopes(**p), strict=True)),
    ),
    "names with a d": (
        OrderedDict(W=W, b=B, rate=0.1, kind="tanh"),
        lambda p: value(p["W"], p["b"]),
        lambda p: dict(zip(("db", "dW"), slopes(p["W"], p["b"])[::-1], strict=True)),
    ),
    "a named tuple": (Weights(W, B), lambda p: value(*p), lambda p: Weights(*slopes(*p))),
    "a dataclass": (Layer(W, B), lambda p: value(p.W, p.b), lambda p: Layer(*slopes(p.W, p.b))),
    "an object": (
        Model(),
        lambda p: value(p.W, p.b),
        lambda p: dict(zip(("W", "b"), slopes(p.W, p.b), strict=True)),
    ),
    "a namespace": (
        SimpleNamespace(W=W, b=B),
        lambda p: value(p.W, p.b),
        lambda p: SimpleNamespace(**dict(zip(("dW", "db"), slopes(p.W, p.b), strict=True))),
    ),
    "layers": (
        {"layers": [(W, B)]},
        lambda p: value(*p["layers"][0]),
        lambda p: {"layers": [slopes(*p["layers"][0])]},
    ),
}


@pytest.mark.parametrize("name", HOLDERS)
def test_gradients_by_what_holds_several_arrays(name: str) -> None:
    """Every array has a verdict of its own, right for a right gradient; half of one is found."""
    p, f, df = HOLDERS[name]
    verdict = check_function(f, df, (p,))
    assert [q.status for q in verdict.quantities if q.name.endswith(("W", "b", "']", "]"))]
    assert verdict.status is Status.RIGHT, verdict
    assert len(verdict.quantities) == 2


def test_entries_are_named_by_the_way_to_them() -> None:
    """theta[0][1, 2], params['b'][0]."""
    p = {"layers": [(W, B)]}

    def wrong(p: Any) -> Any:
        dW, db = slopes(*p["layers"][0])
        dW[1, 2] += 0.1
        return {"layers": [(dW, db)]}

    first, second = check_function(lambda p: value(*p["layers"][0]), wrong, (p,)).quantities
    assert (first.symbol, first.status) == ("dp['layers'][0][0]", Status.WRONG)
    assert [d.label for d in first.discrepancies] == ["p['layers'][0][0][1, 2]"]
    assert (second.symbol, second.status) == ("dp['layers'][0][1]", Status.RIGHT)


def _only_message(verdict: Verdict) -> tuple[str | None, str, str]:
    first = verdict.quantities[0]
    return first.reason, first.message, first.help


@pytest.mark.parametrize(
    ("p", "answer", "message", "advice"),
    [
        ([W, B], W, "dp is one array, as df returns it", "give a list of 2"),
        ([W, B], {"W": W}, "dp is a dictionary with the keys W, as df returns it", "give a list of 2"),
        ({"W": W, "b": B}, (W, B), "dp is a tuple of 2, as df returns it", "give a dictionary"),
        ({"W": W, "b": B}, None, "dp is None, as df returns it", "give a dictionary with the keys W, b"),
        (Layer(W, B), [1.0], "dp is a list of 1, as df returns it", "give a dictionary with"),
    ],
)  # fmt: skip
def test_a_gradient_of_another_form_is_told_which(p: Any, answer: Any, message: str, advice: str) -> None:
    """What it is, and what to give instead."""
    found = _only_message(check_function(lambda p: 1.0, lambda p: answer, (p,)))
    assert found[:2] == ("missing", message)
    assert found[2].startswith(advice)


def test_a_missing_array_is_named() -> None:
    """The array that a dictionary lacks is an error of its own; a single number may be left out."""
    p = {"W": W, "b": B, "rate": 0.1}
    verdict = check_function(lambda p: value(p["W"], p["b"]), lambda p: {"W": slopes(p["W"], p["b"])[0]}, p)
    assert [(q.name, q.status) for q in verdict.quantities] == [
        ("dp['W']", Status.RIGHT),
        ("dp['b']", Status.ERROR),
    ]
    assert verdict.quantities[1].message == "dp['b'] is not in the dictionary"
    assert verdict.notes == ("p['rate'] is taken as fixed",)


def test_a_gradient_by_the_parameters_alone_must_be_said_to_be() -> None:
    """Nothing is taken as fixed in silence: with data beside the parameters, wrt says what is asked."""

    def f(p: Any, x: Any) -> float:
        return float((p["W"] @ x).sum())

    def df(p: Any, x: Any) -> Any:
        return {"W": np.tile(x, (2, 1))}

    first, *_ = check_function(f, df, ({"W": W}, X)).quantities
    assert first.message == "df returns one gradient for the arguments p, x"
    assert first.help == "it has the form of p: if it is by p alone, say so with --wrt p, or wrt='p'"
    assert check_function(f, df, ({"W": W}, X), wrt="p").status is Status.RIGHT


def test_settings_are_no_parameters() -> None:
    """An object that holds nothing but numbers and names is passed on as it is."""
    seen = []

    def f(x: Any, settings: Any) -> Any:
        seen.append(settings)
        return (x**2).sum()

    settings = SimpleNamespace(rate=0.1, name="adam")
    assert check_function(f, lambda x, settings: 2 * x, (X, settings)).status is Status.RIGHT
    assert all(one is settings for one in seen)


def test_the_caller_s_arrays_are_never_touched() -> None:
    """A function may write into what it is given, however deep it lies; that is noted."""
    p = {"layers": [W.copy()]}

    def f(p: Any) -> Any:
        p["layers"][0] *= 2
        p["more"] = 1
        return (p["layers"][0] ** 2).sum()

    verdict = check_function(f, lambda p: {"layers": [8 * p["layers"][0]]}, p)
    assert verdict.status is Status.RIGHT
    assert verdict.notes == ("f changes p['layers'][0] in place; every call gets fresh copies here",)
    np.testing.assert_array_equal(p["layers"][0], W)


def test_a_circle_ends() -> None:
    """An object that holds itself is taken apart once."""
    model = Model()
    model.cache = model  # type: ignore[assignment]
    root = tree("m", model)
    assert [leaf.name for leaf in leaves(root) if leaf.kind in FLOATS] == ["m.W", "m.b"]


NUMBERS = arrays(np.float64, st.integers(1, 3), elements=st.floats(-9, 9))
TREES = st.recursive(
    NUMBERS,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.text("ab"), inner, min_size=1),
    max_leaves=6,
)


@given(TREES)
def test_what_is_taken_apart_is_put_together_again(p: Any) -> None:
    """A tree's own values build what it was made of; as a gradient, it goes to the values by name."""
    root = tree("p", p)
    whole = built(root, lambda leaf: leaf.value)
    parts = spread(root, p)
    assert list(parts) == [leaf.name for leaf in leaves(root)]
    for leaf in leaves(root):
        np.testing.assert_array_equal(parts[leaf.name], leaf.value)
    assert repr(whole) == repr(p)
    if isinstance(root, Branch):
        with pytest.raises(MisfitError):
            spread(root, 1.0)


@pytest.mark.parametrize(
    ("p", "message"),
    [
        (np.ma.masked_array([1.0, 2.0], [False, True]), "p is a masked array; give p.filled(0), say"),
        (np.array([1 + 2j]), "p is complex; give its real and its imaginary part as arguments of their own"),
        (np.array([1.0, None]), "p is an array of Python objects; give an array of floats"),
        (np.array([True, False]), "p holds truth values; give numbers"),
        ("text", "of p none holds real numbers"),
    ],
)
def test_what_cannot_be_moved_is_told_what_to_give(p: Any, message: str) -> None:
    """Alone, it is refused; beside floats, it is passed on and noted."""
    with pytest.raises(UsageError, match="nothing to differentiate by") as raised:
        check_function(lambda p: 1.0, lambda p: p, (p,))
    assert str(raised.value) == f"nothing to differentiate by: {message}"
    verdict = check_function(lambda x, p: (x**2).sum(), lambda x, p: 2 * x, (X, p))
    assert verdict.status is Status.RIGHT
    obstacle = message.partition(";")[0]
    assert verdict.notes == ((f"{obstacle} and is taken as fixed",) if ";" in message else ())
    with pytest.raises(UsageError, match=r"^wrt: p "):
        check_function(lambda x, p: (x**2).sum(), lambda x, p: 2 * x, (X, p), wrt="p")


def test_pandas_and_sparse_arrays() -> None:
    """As data, they are passed on; to differentiate by, they are told what to give."""
    pandas, sparse = pytest.importorskip("pandas"), pytest.importorskip("scipy.sparse")
    table, matrix = pandas.DataFrame(W), sparse.csr_matrix(W)
    for data, total in ((table, lambda d: d.to_numpy()), (matrix, lambda d: d.toarray())):
        verdict = check_function(
            lambda x, d, t=total: (t(d) @ x).sum(), lambda x, d, t=total: t(d).sum(0), (X, data)
        )
        assert verdict.status is Status.RIGHT
        with pytest.raises(UsageError, match=r"give p\.to"):
            check_function(lambda p: 1.0, lambda p: p, (data,))
    assert check_function(lambda x: (x**2).sum(), lambda x: pandas.Series(2 * x), X).status is Status.RIGHT
    (quantity,) = check_function(lambda x: (x**2).sum(), lambda x: sparse.csr_matrix(2 * x), W).quantities
    assert (quantity.message, quantity.help) == ("dx is sparse (csr_matrix)", "return its .toarray()")


def test_matrices_and_arrays_in_fortran_s_order_stay_so() -> None:
    """The function gets arrays of the kind that were given, at every point."""
    seen = set()

    def f(M: Any) -> float:
        seen.add((type(M), M.flags.f_contiguous))
        return float(np.asarray(M).sum())

    check_function(f, lambda M: np.ones((2, 3)), W.view(np.matrix))
    check_function(f, lambda M: np.ones((2, 3)), np.asfortranarray(W))
    assert seen == {(np.matrix, False), (np.ndarray, True)}
