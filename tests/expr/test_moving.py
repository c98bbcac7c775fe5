"""Operations that move entries: what they are on small arrays, and what is no use of them."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.errors import ExprError
from gradcheck.expr.layout import Laid
from gradcheck.expr.lookup import TAKE
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.reader import Scope, Time, read
from gradcheck.expr.tree import Apply, Axes, Name, Size, nodes

LAYOUTS: dict[str, Axes] = {
    "x": ("n", "h"), "y": ("n", "v"), "R": ("n", "r"), "E": ("v", "d"), "U": ("u", "u'"),
    "ids": ("n",), "b": ("h", "1"), "s": ("n", "T", "d"),
}  # fmt: skip
AXES = {axis: (axis,) for axis in ("n", "h", "v", "r", "d", "u", "p", "i", "T", "f")}
NAMES = {name: (Name(name, tuple(a for a in layout if a != "1")), layout) for name, layout in LAYOUTS.items()}


def value(text: str, **lists: object) -> list[object]:
    """Of h along which 1, 2, 3, ... stand, unless said otherwise; as a list, its axes as they lie."""
    arrays = {name: np.array(numbers, float) for name, numbers in lists.items()}
    laid = read(text, Scope({name: NAMES[name] for name in arrays}, AXES))
    known = {name: Named(array, LAYOUTS[name]) for name, array in arrays.items()}
    lengths = {"h": 4, "p": 3, "i": 2, "v": 3, "r": 2, "f": 6, "n": 1, "d": 2, "u": 2, "T": 5}
    lengths |= {a: k for name in arrays for a, k in zip(LAYOUTS[name], arrays[name].shape, strict=True)}
    whole = arranged(evaluate(laid.expression, known, lengths), laid.layout, lengths)
    return whole.tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("text", "arrays", "expected"),
    [
        ("windows(x, h, p, i)", {"x": [[1, 2, 3, 4]]}, [[[1, 2], [2, 3], [3, 4]]]),
        ("windows(x, h, p, i, 2, 1)", {"x": [[1, 2, 3, 4]]}, [[[0, 1], [2, 3], [4, 0]]]),
        ("windows(x, h, p, i, stride=2, padding=1)", {"x": [[1, 2, 3, 4]]}, [[[0, 1], [2, 3], [4, 0]]]),
        ("overlap(windows(x, h, p, i), p, i, h)", {"x": [[1, 2, 3, 4]]}, [[1, 4, 6, 4]]),
        ("part(y, v, d)", {"y": [[1, 2, 3]]}, [[1, 2]]),
        ("part(y, v, d, -1)", {"y": [[1, 2, 3]]}, [[2, 3]]),
        ("pad(R, r, v, -1)", {"R": [[1, 2]]}, [[0, 1, 2]]),
        ("concat(x, y, T)", {"x": [[1, 2]], "y": [[3, 4, 5]]}, [[1, 2, 3, 4, 5]]),
        ("concat(R, 2 * R, r, h)", {"R": [[1, 2]]}, [[1, 2, 2, 4]]),
        ("flatten(E, v, d, f)", {"E": [[1, 2], [3, 4], [5, 6]]}, [1, 2, 3, 4, 5, 6]),
        ("flatten(E, d, v, f)", {"E": [[1, 2], [3, 4], [5, 6]]}, [1, 3, 5, 2, 4, 6]),
        (
            "unflatten(flatten(E, v, d, f), f, v, d)",
            {"E": [[1, 2], [3, 4], [5, 6]]},
            [[1, 2], [3, 4], [5, 6]],
        ),
        ("take(E, ids, v)", {"E": [[1, 2], [3, 4], [5, 6]], "ids": [2, 0]}, [[5, 6], [1, 2]]),
        ("take(y, ids, v)", {"y": [[1, 2, 3], [4, 5, 6]], "ids": [2, 0]}, [3, 4]),
        ("scatter(R, ids, n, v)", {"R": [[1, 2], [3, 4]], "ids": [1, 1]}, [[0, 0], [4, 6], [0, 0]]),
        ("rename(R, r, d)", {"R": [[1, 2]]}, [[1, 2]]),
        ("repeat(ids, d)", {"ids": [1, 2]}, [[1, 1], [2, 2]]),
        ("later(1, d, v)", {"E": [[0, 0], [0, 0], [0, 0]]}, [[0, 1, 1], [0, 0, 1]]),
        ("flip(y, v)", {"y": [[1, 2, 3]]}, [[3, 2, 1]]),
    ],
)
def test_entries_go_where_they_should(text: str, arrays: dict[str, object], expected: object) -> None:
    assert value(text, **arrays) == expected


@pytest.mark.parametrize("number", [3, -1])
def test_there_are_no_entries_beyond_the_last(number: int) -> None:
    with pytest.raises(ValueError, match="there are entries 0 to 2, and no"):
        value("take(E, ids, v)", E=[[1, 2], [3, 4], [5, 6]], ids=[0, number])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("windows(x, h, p)", "windows is called windows(x, h, p, i, stride=1, padding=0)"),
        ("windows(x)", "windows is called windows(x, h, p, i, stride=1, padding=0)"),
        ("windows(x, h, p, i, 1, 1, 1)", "windows is called windows(x, h, p, i, stride=1, padding=0)"),
        ("windows(x, h, p, i, 0)", "the stride is 1 or more, not 0"),
        ("windows(x, h, p, i, stride=0)", "the stride is 1 or more, not 0"),
        ("windows(x, h, p, i, 2, stride=2)", "windows is called windows(x, h, p, i, stride=1, padding=0)"),
        ("windows(x, h, p, i, pad=1)", "an axis goes by its name: write sum(x, n), without pad="),
        ("windows(x, h, p, i, 1, -1)", "the padding is 0 or more, not -1"),
        ("windows(x, h, p, i, 1.5)", "behind the axes stand whole numbers, written out"),
        ("windows(x, h, p, i, size(n))", "behind the axes stand whole numbers, written out"),
        ("windows(x, d, p, i)", "x has no axis d; it has [n, h]"),
        ("windows(x, h, n, i)", "x has an axis n besides the one that windows goes over or makes"),
        ("windows(x, h, p, p)", "windows makes an axis twice: give one another name"),
        ("windows(U, u, p, i)", "U has the axis u twice, and over which one windows goes is not clear"),
        ("flatten(x, n, n, f)", "flatten names an axis of x twice"),
        ("flatten(x, h, f)", "flatten is called flatten(x, c, h, w, f), with two axes or more for the one"),
        ("take(x, v)", "take is called take(E, ids, v)"),
        ("previous(s, s, T)", "s has an axis T besides the one that previous goes over or makes"),
        ("rename(R, r, n)", "R has an axis n already; it has [n, r]"),
        ("rename(R, r)", "rename is called rename(x, k, n): the array, its axis, and the new name"),
        ("repeat(R, n)", "R has an axis n besides the one that repeat goes over or makes"),
        ("part", "part is a function: write part(...)"),
        ("window(x, h, p, i)", "there is no function window; did you mean windows?"),
        ("sum(x, h, h)", "sum goes over h twice"),
    ],
)  # fmt: skip
def test_misuse_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ExprError) as refusal:
        read(text, Scope(NAMES, AXES))
    assert refusal.value.reason.split(": give ")[0] == complaint.split(": give ")[0]


@pytest.mark.parametrize("text", ["concat(x, E, f)", "concat(x, x, f)", "concat(b, x, f)", "concat(x, y)"])
def test_what_concat_cannot_join(text: str) -> None:
    with pytest.raises(ExprError, match="concat joins two arrays along the one axis in which they differ"):
        read(text, Scope(NAMES, AXES))


def test_no_operation_goes_over_the_loops_own_axis() -> None:
    scope = Scope(NAMES, AXES, Time("t", "T"))
    with pytest.raises(ExprError, match="no operation goes over T in a loop over it"):
        read("repeat(s[t], T)", scope)
    assert Size("T") in nodes(read("s[t] / size(T)", scope).expression)


@pytest.mark.parametrize(
    ("text", "lengths", "complaint"),
    [
        ("windows(x, h, p, i)", {"h": 5, "p": 3, "i": 3}, None),
        (
            "windows(x, h, p, i, 2)",
            {"h": 8, "p": 4, "i": 3},
            "windows of i = 3, with stride 2 and padding 0, over h = 8 give p = 3, and `sizes` says p = 4",
        ),
        (
            "windows(x, h, p, i)",
            {"h": 2, "p": 1, "i": 3},
            "windows of i = 3, with stride 1 and padding 0, over h = 2 do not fit in",
        ),
        ("part(x, h, u, 1)", {"h": 4, "u": 2}, None),
        ("part(x, h, u, 2)", {"h": 5, "u": 2}, "block 2 of length u = 2 is not within h = 5"),
        ("part(x, h, u, -3)", {"h": 5, "u": 2}, "block -3 of length u = 2 is not within h = 5"),
        ("concat(x, y, f)", {"h": 2, "v": 3, "f": 6}, "h = 2 and v = 3 give f = 5, and `sizes` says f = 6"),
        ("flatten(x, n, h, f)", {"n": 2, "h": 3, "f": 5}, "n = 2 * h = 3 give f = 6, and `sizes` says f = 5"),
        ("rename(x, h, d)", {"h": 2, "d": 3}, "h = 2 is renamed d, and `sizes` says d = 3"),
    ],
)
def test_lengths_that_depend_on_each_other(text: str, lengths: dict[str, int], complaint: str | None) -> None:
    expression = read(text, Scope(NAMES, AXES)).expression
    assert isinstance(expression, Apply)
    assert expression.operation.misfit(expression.over, lengths) == complaint  # type: ignore[attr-defined]


def test_axes_of_what_is_looked_up_stand_where_the_axis_stood() -> None:
    laid: Laid = read("take(E.T, ids, v)", Scope(NAMES, AXES))
    assert laid.layout == ("d", "n")
    assert isinstance(laid.expression, Apply)
    assert laid.expression.operation == TAKE
