"""The text of a point, read without evaluating anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradcheck.errors import UsageError
from gradcheck.expr.registry import CALLED
from gradcheck.function.point import point


def f(x: Any, W: Any, b: float = 0.5, flag: bool = True) -> None:
    """Called by nobody."""


def g(x: Any) -> None:
    """Called by nobody."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3]", [1.0, 2, 3]),
        ("x=[[1, 2], [3, -4e-1]]", [[1, 2], [3, -0.4]]),
        ("x=2", 2.0),
        ("x=-(2 + 1) / 4 * 2 ** 3", -6.0),
        ("ones(3) * 0.5 + [0, 1, 2]", [0.5, 1.5, 2.5]),
        ("zeros((2, 3))", np.zeros((2, 3))),
        ("np.ones(2, 1)", [[1], [1]]),
        ("arange(6).reshape(2, 3)", [[0, 1, 2], [3, 4, 5]]),
        ("arange(1, 2, 0.5)", [1, 1.5]),
        ("reshape(linspace(0, 1, 4), 2, 2).T", [[0, 2 / 3], [1 / 3, 1]]),
        ("eye(2) @ array([3, 4])", [3, 4]),
    ],
)
def test_expressions(text: str, expected: Any) -> None:
    """Numbers, lists, arithmetic and the named functions mean what they do in NumPy."""
    (x,) = point(text, g)
    np.testing.assert_allclose(x, expected)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[0, 2, 1]", "i"),
        ("3", "i"),
        ("arange(4) * 2 - 1", "i"),
        ("2 ** 3", "i"),
        ("int([0., 2.])", "i"),
        ("[0, 2., 1]", "f"),
        ("[0, 2] * 1.", "f"),
        ("[2, 4] / 2", "f"),
        ("float([0, 2])", "f"),
        ("2 ** -1", "f"),
        ("2 ** 70", "f"),
        ("zeros(3)", "f"),
        ("True", "b"),
    ],
)
def test_numbers_without_a_point_stay_whole(text: str, kind: str) -> None:
    """As in Python: 1 is whole, 1. is not, and neither is the result of a division or a very large one."""
    (x,) = point(text, g)
    assert np.asarray(x).dtype.kind == kind


@pytest.mark.parametrize("name", CALLED)
def test_functions_of_numbers_are_those_of_expressions(name: str) -> None:
    """Every one of the registry may be called, also as a library's, and makes what the operation makes."""
    operation = CALLED[name]
    arrays = [np.array([0.25, 0.5])] * (operation.arity - len(operation.defaults))
    (x,) = point(f"x=np.{name}({', '.join(['[0.25, 0.5]'] * len(arrays))})", g)
    np.testing.assert_array_equal(x, operation.value(*arrays, *operation.defaults))


def test_arrays_within_lists_and_dictionaries() -> None:
    """A list of arrays stays one, whatever their shapes; a dictionary is one."""
    (x,) = point("x=[randn(2, 3), zeros(3)]", g)
    assert [part.shape for part in x] == [(2, 3), (3,)]
    (x,) = point("x={'W': [[1., 2.]], 'layers': [(ones(2), 3), (ones(1), 4)]}", g)
    np.testing.assert_array_equal(x["W"], [[1, 2]])
    assert [n for _, n in x["layers"]] == [3, 4]


def test_arguments_that_go_by_name_alone() -> None:
    """They come last, whatever the order of the text; what is missing is named."""

    def h(w: Any, *, scale: Any, shift: float = 1.0) -> None:
        """Called by nobody."""

    assert point("scale=2., w=3.", h) == (3.0, 2.0)
    assert len(point(None, h)) == 2
    with pytest.raises(UsageError, match="no value for scale; write scale="):
        point("w=3.", h)


def test_random_numbers_are_seeded_and_differ_between_arguments() -> None:
    """The same text and seed give the same numbers; two arguments don't share theirs."""
    x, W = point("x=randn(3), W=np.random.randn(3)", f)
    again, _ = point("x=randn(3), W=randn(3)", f)
    other, _ = point("x=randn(3), W=randn(3)", f, seed=1)
    np.testing.assert_array_equal(x, again)
    assert not np.isin(x, W).any()
    assert not np.isin(x, other).any()


def test_arguments_go_by_name_with_defaults_up_to_the_last_one_given() -> None:
    """Order is that of the function, whatever the order of the text."""
    x, W, b, flag = point("W=2, x=1, flag=0", f)
    assert (x, W, b, flag) == (1, 2, 0.5, 0)
    assert len(point("1, W=2", f)) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x=1", "gives no value for W"),
        ("x=1, W=2, v=3", "there is no argument 'v'; there are x, W, b, flag"),
        ("1, 2, x=3", "x has two values"),
        ("x=[1, W=2", "can't be read"),
        ("1) + (2", "can't be read"),
        ("__import__('os').system('true')", "is not allowed"),
        ("x=().__class__", "is not allowed"),
        ("x=[i for i in [1]]", "is not allowed"),
        ("x=lambda: 1", "is not allowed"),
        ("x='text'", "is not allowed"),
        ("x=np.load(1)", "is not allowed"),
        ("x=exp()", r"exp takes 1 argument\(s\), not 0"),
        ("x=log(0)", "is not finite"),
        ("x=9**9**9**9", "is not finite"),
        ("x=zeros(10**9)", "more than 1000000 numbers"),
        ("x=zeros(2.5)", "no whole number"),
        ("x=arange(0, 1e12)", "more than 1000000 numbers"),
        ("x=arange(0, 1, 0)", "arange"),
        ("x=[[1, 2], [3]]", "inhomogeneous"),
        ("x=1/0", "is not finite"),
        ("x=" + "(" * 3000, "can't be read"),
        ("x=" + "1+" * 6000 + "1", "longer than"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    """Everything else is refused in one line that names it."""
    with pytest.raises(UsageError, match=message) as raised:
        point(text, f)
    assert "\n" not in str(raised.value)


@given(st.text(alphabet="x=[]()1.,+-*/ eyzorsnandint'", max_size=30))
@example("*x")
@example("**x")
@example("x=1, x=2")
@example("(")
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text raises anything but UsageError."""
    try:
        values = point(text, g)
    except UsageError:
        return
    assert all(value is None or np.asarray(value).dtype.kind in "fib" for value in values)


def test_files_of_arrays(tmp_path: Path) -> None:
    """An .npz goes by its names, an .npy is the first argument."""
    np.savez(tmp_path / "at.npz", W=np.eye(2), x=np.ones(2))
    x, W = point(str(tmp_path / "at.npz"), f)
    np.testing.assert_array_equal(x, np.ones(2))
    np.testing.assert_array_equal(W, np.eye(2))
    np.save(tmp_path / "at.npy", np.arange(3.0))
    np.testing.assert_array_equal(point(str(tmp_path / "at.npy"), g)[0], [0, 1, 2])


@pytest.mark.parametrize("content", [None, b"", b"not an archive", b"PK\x03\x04broken", "pickle"])
def test_files_that_are_no_arrays(tmp_path: Path, content: Any) -> None:
    """Missing, damaged and pickled files are refused in one line."""
    path = tmp_path / "at.npz"
    if content == "pickle":
        np.savez(path, x=np.array([{}], dtype=object))
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"^--at: .*at\.npz"):
        point(str(path), g)


def test_without_a_text_vectors_are_drawn_and_array_defaults_used() -> None:
    """Arguments without a default get five numbers, none of them near 0."""

    def h(x: Any, W: Any, scale: float = 2.0, c: Any = np.ones(3), last: int = 1) -> None:  # noqa: B008
        """Called by nobody."""

    x, W, scale, c = point(None, h)
    assert x.shape == W.shape == (5,)
    assert np.abs([x, W]).min() >= 0.5
    assert not np.isin(x, W).any()
    assert scale == 2.0
    np.testing.assert_array_equal(c, np.ones(3))


@pytest.mark.parametrize("f", [lambda x, *more, scale: x, lambda x, **more: x])
def test_what_goes_by_name_behind_a_star_is_refused_with_what_to_write(f: Any) -> None:
    """There is such an argument, and a function around it can be checked."""
    with pytest.raises(UsageError, match=r"def g\(x, scale\): return f\(x, scale=scale\)"):
        point("x=1., scale=2.", f)
