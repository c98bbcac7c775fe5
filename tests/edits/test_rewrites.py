"""All that can be changed in an expression, over every equation of the example networks and of stacks."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import get_args

import pytest

from gradcheck.edits.candidates import Candidates
from gradcheck.edits.context import Context
from gradcheck.edits.edit import Edit, Kind
from gradcheck.edits.kinds import CATEGORIES, KINDS
from gradcheck.edits.rewrites import rewrites
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.simplify import simplified
from gradcheck.expr.tree import Expr, Name
from gradcheck.network.backward import backward
from gradcheck.network.read import read_network
from gradcheck.specification.read import read as read_spec

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
    return [(one, edit) for one in candidates() for name in one.whole.equations for edit in one.of(name)]


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
        for group in (*one.groups, *one.forward_groups):
            names = [edit.equation for edit in group]
            assert len(names) == len(set(names)) > 0
            assert len({edit.kind for edit in group}) == 1


AXES = {"W": ("u", "d"), "x": ("n", "d"), "z": ("n", "u"), "dz": ("n", "u"), "dx": ("n", "d")}
CASES = {
    "factor": ("dz * z", "dz"),
    "term": ("dz + z", "z"),
    "sign": ("dz - z", "dz + z"),
    "doubled": ("dz * z", "dz * z * z"),
    "inverted": ("dz * z", "dz / z"),
    "mean": ("sum(dz, n)", "sum(dz, n) / size(n)"),
    "unsummed": ("sum(dz, n)", "dz"),
    "axis": ("sum(dz * z, u) * z", "sum(dz * z, n) * z"),
    "total": ("sum(dz, n)", "sum(dz, n, u)"),
    "power": ("dz * (1 - z^2)", "dz * (1 - z)"),
    "other": ("dz * z", "dz * rename(x, d, u)"),
    "identity": ("dz * exp(z)", "dz * z"),
    "only": ("dz + z + dz * z", "dz * z"),
    "split": ("sum(dz * z, n)", "sum(dz, n) * sum(z, n)"),
}
"""Kind -> an expression, and one that an edit of that kind makes of it."""


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_rewrites_an_expression(kind: Kind) -> None:
    """In the plain dialect."""
    names = {name: (Name(name, axes), axes) for name, axes in AXES.items()}
    scope = Scope(names, {axis: (axis,) for axis in "nud"})
    before, after = (simplified(read(text, scope).expression) for text in CASES[kind])
    context = Context([name for name, _ in names.values()], {"dz", "dx"}, _same)
    made = [simplified(one.whole) for one in rewrites(before, context) if one.kind == kind]
    assert after in made
