"""All that can be changed in an expression, over every equation of the example networks and of stacks."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import get_args

import pytest

from gradcheck.diagnosis.changes import Changes
from gradcheck.edits.candidates import Candidates
from gradcheck.edits.context import Context
from gradcheck.edits.edit import Edit, Kind
from gradcheck.edits.kinds import CATEGORIES, KINDS
from gradcheck.edits.rewrites import rewrites
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.simplify import simplified
from gradcheck.expr.tree import Axes, Expr, Name
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.backward import backward
from gradcheck.network.read import read_network
from gradcheck.network.records import Network
from gradcheck.network.write import writer_of
from gradcheck.specification.read import read as read_spec
from halves import some

SPECS = sorted((Path(__file__).parents[1] / "network" / "examples" / "specs").glob("*.yaml"))
CONVOLUTION = """
z = sum(windows(x, h, p, i, 2, 1) * w, c, i) + b
a = b + relu(z)
J = mean(sum(where(a > y, (a - y)^2, exp(-a)), f, p), n)
"""
LOOKUP = """
e = take(E, ids, v)
a = tanh(e @ W)
J = mean(sum(max(0, 1 - y * a)^2, u), n) + lam * sum(W^2, d, u)
"""


@cache
def candidates() -> list[Candidates]:
    """Of the examples, of a convolution and of words looked up; all axes are as long as all others."""
    models = [model for model in (read_spec(spec).model for spec in SPECS) if model]
    found = [
        Candidates(
            m.network,
            m.whole,
            m.parameters,
            [dict.fromkeys(m.sizes, 2)],
            partial(backward, upstream=m.upstream or None),
            _none,
        )
        for m in models
    ]
    given = {"x": ("n", "c", "h"), "w": ("f", "c", "i"), "b": ("f",), "y": ("n", "f", "p")}
    words = {"E": ("v", "d"), "ids": ("n",), "W": ("d", "u"), "y": ("n", "u"), "lam": ()}
    for text, of, axes in ((CONVOLUTION, given, "nchpif"), (LOOKUP, words, "vdun")):
        network = read_network(text, of, list(axes), {})
        reverse = backward(network, by_name=True)
        whole = type(network)(network.given, (*network.steps, *reverse.steps))
        parameters = frozenset(of) & {"w", "b", "E", "W"}
        found.append(
            Candidates(
                network, whole, parameters, [dict.fromkeys(axes, 2)], partial(backward, by_name=True), _none
            )
        )
    return found


def _same(one: str, other: str) -> bool:
    return True


def _none(name: str, expression: Expr) -> bool:
    return False


@cache
def every_edit() -> list[tuple[Candidates, Edit]]:
    """Of all equations, forward and backward."""
    single = [(one, edit) for one in candidates() for name in one.whole.equations for edit in one.of(name)]
    return [*single, *((one, edit) for one in candidates() for group in one.throughout for edit in group)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_edit(kind: Kind) -> None:
    """A kind that has words has edits, and one that has edits has words."""
    assert Counter(edit.kind for _, edit in every_edit())[kind] > 0


@pytest.mark.slow
def test_an_edit_changes_its_equation() -> None:
    """Once in one way: no two of an equation make the same expression, and none the right one."""
    for one in candidates():
        for name, equation in one.whole.equations.items():
            made = [edit.new for edit in one.of(name)]
            assert equation.expression not in made
            assert len(set(made)) == len(made)


def test_every_kind_has_a_category() -> None:
    """Those of mistakes that have names, too."""
    assert CATEGORIES.keys() == {*get_args(Kind)}
    assert KINDS.keys() <= CATEGORIES.keys()


@pytest.mark.slow
def test_an_edit_has_words() -> None:
    assert {edit.kind for _, edit in every_edit()} <= KINDS.keys()


@pytest.mark.slow
def test_groups_change_equations_once_each() -> None:
    """What is changed alike is of one kind."""
    for one in candidates():
        for group in (*one.groups, *one.forward_groups, *one.throughout):
            names = [edit.equation for edit in group]
            assert len(names) == len(set(names)) > 0
            assert len({edit.kind for edit in group}) == 1


AXES = {"W": ("u", "d"), "x": ("n", "d"), "z": ("n", "u"), "dz": ("n", "u"), "dx": ("n", "d")}
CASES: list[tuple[Kind, str, str]] = [
    ("factor", "dz * z", "dz"),
    ("term", "dz + z", "z"),
    ("sign", "dz - z", "dz + z"),
    ("doubled", "dz * z", "dz * z * z"),
    ("inverted", "dz * z", "dz / z"),
    ("mean", "sum(dz, n)", "sum(dz, n) / size(n)"),
    ("mean", "sum(dz, n, u)", "sum(dz, n, u) / (size(n) * size(u))"),
    ("summed", "mean(dz, n)", "sum(dz, n)"),
    ("function", "where(z > 0, dz, sign(z))", "dz"),
    ("axis", "sum(dz * z, u) * z", "sum(dz * z, n) * z"),
    ("total", "sum(dz, n)", "sum(dz, n, u)"),
    ("power", "dz * (1 - z^2)", "dz * (1 - z)"),
    ("other", "dz * z", "dz * rename(x, d, u)"),
    ("identity", "dz * exp(z)", "dz * z"),
    ("only", "dz + z + dz * z", "dz * z"),
    ("split", "sum(dz * z, n)", "sum(dz, n) * sum(z, n)"),
    ("factor", "dz / (z * exp(z))", "dz"),
    ("factor", "where(z > 0, dz, sign(z))", "where(z > 0, dz, 1)"),
    ("inverted", "dz / 0.8", "0.8 * dz"),
    ("only", "dz * z / 0.8", "dz"),
    ("bracket", "dz + z * exp(z)", "z * exp(z) + dz * z"),
    ("identity", "dz * (abs(z) <= 1)", "dz * (z <= 1)"),
    ("other", "dz / sqrt(size(u))", "dz / size(u)"),
    ("other", "dz / sqrt(size(u))", "dz / sqrt(size(d))"),
    ("other", "softmax(z, u)", "exp(z)"),
    ("other", "softmax(z, u)", "exp(z) / sum(exp(z), n, u)"),
    ("other", "max(z, u)", "mean(z, u)"),
    ("other", "max(z, u)", "min(z, u)"),
]
"""A kind, an expression, and one that an edit of that kind makes of it."""


@pytest.mark.parametrize(("kind", "before", "after"), CASES)
def test_each_kind_rewrites_an_expression(kind: Kind, before: str, after: str) -> None:
    """In the plain dialect."""
    names = {name: (Name(name, axes), axes) for name, axes in AXES.items()}
    scope = Scope(names, {axis: (axis,) for axis in "nud"})
    right, wrong = (simplified(read(text, scope).expression) for text in (before, after))
    context = Context([name for name, _ in names.values()], {"dz", "dx"}, _same)
    made = [simplified(one.whole) for one in rewrites(right, context) if one.kind == kind]
    assert wrong in made


RATINGS = """
pu = take(P, u, U)
e = sum(pu * Q, k) - r
J = sum(s * e^2, n) / sum(s, n) + lam * sum(P^2, U, k)
"""
RATED: dict[str, Axes] = {"P": ("U", "k"), "u": ("n",), "Q": ("n", "k"), "r": ("n",), "s": ("n",), "lam": ()}
RECURRENT = "h[-1] = h0\nfor t in T:\n  h[t] = tanh(x[t] * W + h[t-1])\nJ = sum((h - y)^2, n, T)"
TIMED: dict[str, Axes] = {"x": ("n", "T"), "h0": ("n",), "W": (), "y": ("n", "T")}
POOLED = "m = max(windows(x * W, h, p, i, 2, 1), i)\nJ = sum((m - y)^2, n, p)"
PLACED: dict[str, Axes] = {"x": ("n", "h"), "W": ("h",), "y": ("n", "p")}
GATED = "s = r * h\nc = tanh(s @ W)\nJ = sum(c, n, u)"
BOTH: dict[str, Axes] = {"r": ("n", "u"), "h": ("n", "u"), "W": ("u", "u")}
SCORES = "S = Q * W\nP = softmax(S, s)\nJ = sum(P * y, n, t, s)"
HIDDEN = SCORES.replace("W", "W - 1e9 * later(1, t, s)", 1)
LOOKED: dict[str, Axes] = {"Q": ("n", "t", "s"), "W": ("s",), "y": ("n", "t", "s")}
WRITTEN = [
    (RATINGS, RATED, "P Q", "dP = 2 * lam * sign(P) + scatter(dpu, u, n, U)"),
    (RATINGS, RATED, "P Q", "dP = 2 * lam * scatter(take(P, u, U), u, n, U) + scatter(dpu, u, n, U)"),
    (RATINGS, RATED, "P Q", "dP = 2 * lam * P * size(n) / sum(s, n) + scatter(dpu, u, n, U)"),
    (RATINGS, RATED, "P Q", "J = sum(s * e^2, n) / size(n) + lam * sum(P^2, U, k)"),
    (RECURRENT, TIMED, "W", "h[-1] = 0"),
    (RECURRENT, TIMED, "W", "dh[t] = 2 * (h[t] - y[t])"),
    (RECURRENT, TIMED, "W", "J = sum((h - one_after(y.T))^2, n, T)"),
    (RECURRENT, TIMED, "W", "dh[t] = 2 * (h[t] - y[t]) + 2 * (h[t+1] - y[t+1]) * (1 - h[t+1]^2)"),
    (GATED, BOTH, "W", "c = tanh(r * (h @ W))"),
    (SCORES, LOOKED, "W", "S = Q * W - 1000000000 * later(1, t, s)"),
    (HIDDEN, LOOKED, "W", "S = Q * W - 1000000000 * (s >= t)"),
    (HIDDEN, LOOKED, "W", "S = Q * W * (1 - later(1, t, s))"),
    (POOLED, PLACED, "W", "m = mean(windows(x * W, h, p, i, 2, 1), i)"),
    (POOLED, PLACED, "W", "m = max(windows_of_repeated_border(x * W), i)"),
]


@pytest.mark.parametrize(("text", "of", "parameters", "equation"), some(WRITTEN, 2))
def test_an_equation_is_written_with_one_thing_changed(
    text: str, of: dict[str, Axes], parameters: str, equation: str
) -> None:
    axes = sorted({axis for layout in of.values() for axis in layout} | set("i" if of is PLACED else ""))
    network, reverse = read_network(text, of, axes), partial(backward, by_name=True)
    whole = Network(network.given, (*network.steps, *reverse(network).steps))
    lengths = [dict.fromkeys(axes, 2)]
    one = Candidates(network, whole, frozenset(parameters.split()), lengths, reverse, _none)
    changes = Changes(whole, writer_of(whole, Plain()), (), network.equations)
    single = (edit for name in whole.equations for edit in one.of(name))
    edits = [*single, *(edit for group in one.throughout for edit in group)]
    known = (edit for edit in edits if edit.new.reads.isdisjoint(("factor", "rate")))
    assert equation in map(changes.equation, known)
