"""Random expressions over quantities that lie in all sorts of ways, and values for these."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

import numpy as np
from hypothesis import strategies as st

from gradcheck.arrays import Array
from gradcheck.expr.along import LOG_SOFTMAX, LOGSUMEXP, MAX, MEAN, SOFTMAX, SUM
from gradcheck.expr.arithmetic import ADD, DIVIDE, GREATER, MULTIPLY, NEGATE, POWER, SUBTRACT, WHERE
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.layout import UNNAMED, lying
from gradcheck.expr.named import Named, arranged
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.registry import CALLED
from gradcheck.expr.structure import FIRST, NEXT, PREVIOUS
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number, Size, axis_of
from gradcheck.network.records import named

LENGTHS = {"n": 2, "T": 3, "d": 4, "u": 5, "k": 6, "q": 7}
QUANTITIES: Mapping[str, Axes] = {
    name: lying(tuple(axes.split()))
    for name, axes in {
        "x": "n d", "W": "d u", "z": "n u", "a": "u n", "b": "u", "w": "n", "c": "u 1", "r": "1 d", "s": "",
        "P": "n k", "K": "k d", "X": "n T d", "H": "T u n", "Q": "q n d", "U": "u u", "V": "u u",
    }.items()
}  # fmt: skip
NAMES = {name: Name(name, named(axes)) for name, axes in QUANTITIES.items()}
PI = Number(math.pi, symbol="pi")
BEFORE: Expr = Apply(MULTIPLY, (NAMES["s"], Number(2.0)))
"""What stands before the first time of all quantities."""

_rng = np.random.default_rng(0)
ARRAYS: Mapping[str, Array] = {
    name: _rng.uniform(-1, 1, [1 if axis == UNNAMED else LENGTHS[axis_of(axis)] for axis in axes])
    for name, axes in QUANTITIES.items()
}


def value(e: Expr, layout: Axes) -> Array:
    """The expression's value as an array that lies so."""
    known = {
        name: Named(array.squeeze(tuple(n for n, a in enumerate(QUANTITIES[name]) if a == UNNAMED)), q.axes)
        for (name, q), array in zip(NAMES.items(), ARRAYS.values(), strict=True)
    }
    array = arranged(evaluate(e, known, LENGTHS), named(layout), LENGTHS)
    return array.reshape([1 if axis == UNNAMED else LENGTHS[axis_of(axis)] for axis in layout])


def shuffled(axes: Axes, random: Random) -> Axes:
    """A layout of these axes, the second u of two behind the first."""
    return lying(tuple(axis_of(axis) for axis in random.sample(axes, len(axes))))


def _product(left: str, right: str) -> Expr:
    scope = Scope({name: (e, QUANTITIES[name]) for name, e in NAMES.items()}, {}, square=("u",))
    return read(f"{left} @ {right}", scope).expression


_SQUARES = [
    _product(*pair) for pair in [("z", "U"), ("U", "V"), ("U.T", "a"), ("z", "U.T"), ("a", "z"), ("U", "c")]
]
"""Products with square matrices, and one that is a square matrix."""
_LEAVES: list[Expr] = [
    *(e for name, e in NAMES.items() if name not in ("U", "V")),
    *(Number(1.0), Number(2.0), Number(0.25), Number(-3.0), PI, Size("n"), Size("d")),
]
_FUNCTIONS = [
    *(CALLED[name] for name in ("tanh", "sigmoid", "relu", "softplus", "silu", "erf", "abs", "sin")),
    NEGATE,
]


def _meet(*parts: Expr) -> bool:
    """Whether their axes may stand side by side: not too many, and no square array beside a vector."""
    axes = [set(part.axes) for part in parts]
    square = any("u'" in one for one in axes)
    return len(set.union(*axes)) <= 4 and not (square and any("u" in one and "u'" not in one for one in axes))


def _arithmetic(one: Expr, other: Expr) -> list[Expr]:
    """What arithmetic and choices make of two."""
    positive = Apply(ADD, (Number(1.0), Apply(POWER, (other, Number(2.0)))))
    larger = Apply(GREATER, (other, Number(0.25)))
    return [
        *(Apply(operation, (one, other)) for operation in (ADD, SUBTRACT, MULTIPLY)),
        Apply(DIVIDE, (one, positive)),
        Apply(MULTIPLY, (one, larger)),
        Apply(WHERE, (larger, one, other)),
    ]


def _alone(one: Expr) -> list[Expr]:
    """What is made of one: functions, functions along an axis, what stands a time before or after."""
    made: list[Expr] = [Apply(function, (one,)) for function in _FUNCTIONS]
    if "u'" not in one.axes:
        along = (SUM, MEAN, MAX, SOFTMAX, LOGSUMEXP, LOG_SOFTMAX)
        made += [Apply(operation, (one,), (axis,)) for operation in along for axis in one.axes]
    if "T" in one.axes:
        made += [
            Apply(NEXT, (one,), ("T",)),
            Apply(PREVIOUS, (one, BEFORE), ("T",)),
            Apply(FIRST, (one,), ("T",)),
        ]
    return made


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Expr:
    """Sums, products, contractions, functions, softmaxes, neighbours in time."""
    kind = draw(st.sampled_from(["leaf", "square", "alone", "arithmetic", "contraction", "contraction"]))
    if depth == 0 or kind == "leaf":
        return draw(st.sampled_from(_LEAVES))
    if kind == "square":
        return draw(st.sampled_from(_SQUARES))
    one = draw(expressions(depth - 1))
    if kind == "alone":
        return draw(st.sampled_from(_alone(one)))
    other = draw(expressions(depth - 1))
    if not _meet(one, other):
        return one
    if kind == "arithmetic":
        return draw(st.sampled_from(_arithmetic(one, other)))
    return draw(_contractions([one, other, *draw(st.lists(st.sampled_from(_LEAVES), max_size=1))]))


@st.composite
def _contractions(draw: st.DrawFn, parts: list[Expr]) -> Expr:
    """The sum of a product over some axes."""
    whole = parts[0]
    for part in parts[1:]:
        if "u'" not in (*whole.axes, *part.axes) and _meet(whole, part):
            whole = Apply(MULTIPLY, (whole, part))
    if "u'" in whole.axes or not whole.axes:
        return whole
    over = draw(st.lists(st.sampled_from(whole.axes), min_size=1, max_size=2, unique=True))
    return Apply(SUM, (whole,), tuple(over))
