"""Networks written: read back they are the same, and a reverse pass reads as a textbook has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion
from values import drawn, random_network

from gradcheck.expr.named import Lengths, Named, arranged
from gradcheck.expr.reader import Scope, Time, read
from gradcheck.expr.structure import PREVIOUS
from gradcheck.expr.tree import Expr, Name, axis_of
from gradcheck.expr.writing.dialect import Dialect, Moment
from gradcheck.expr.writing.paper import Latex, Paper, latex_symbol
from gradcheck.expr.writing.plain import Plain
from gradcheck.expr.writing.walk import neighbours
from gradcheck.network.backward import backward
from gradcheck.network.code import with_backward
from gradcheck.network.forward import run
from gradcheck.network.records import Equation, Loop, Network, Step, named
from gradcheck.network.write import write_network, writer_of
from graphs import EXAMPLES, GRAPHS, MOVING
from snapshot import Text

LONG = {axis: n for n, axis in enumerate("nTduvkqe", 2)}


def reread(network: Network, axes: Collection[str]) -> Network:
    """The network with every expression written plainly and read again."""
    writer = writer_of(network, Plain())
    names = {name: (network.quantity(name), layout) for name, layout in network.layouts.items()}
    loops = tuple(writer.loops)

    def again(equation: Equation, axis: str = "") -> Equation:
        time = Time(writer.loops[axis], axis) if axis else None
        moment = Moment(axis, writer.loops[axis]) if axis else None
        lies = tuple(a for a in equation.layout if a != axis)
        square = tuple(a for a in lies if a + "'" in lies)
        text = replace(writer, moment=moment).equation(equation.expression, lies)
        first: dict[str, Expr] = {
            node.arguments[0].text: node.arguments[1]
            for node in neighbours(equation.expression)
            if node.operation is PREVIOUS and isinstance(node.arguments[0], Name)
        }
        scope = Scope(names, {axis: (axis,) for axis in axes}, time, first, loops=loops, square=square)
        return replace(equation, expression=read(text, scope).expression)

    steps: list[Step] = [
        replace(step, equations=tuple(again(equation, step.axis) for equation in step.equations))
        if isinstance(step, Loop)
        else again(step)
        for step in network.steps
    ]
    return Network(network.given, tuple(steps))


@pytest.mark.parametrize("name", [*GRAPHS, *MOVING])
def test_a_network_that_is_read_again_is_the_same(name: str) -> None:
    """Its values are, and so is its text."""
    graph, lengths = MOVING[name] if name in MOVING else (GRAPHS[name], LONG)
    network = with_backward(*graph)
    axes = (
        lengths if name in MOVING else {axis_of(a) for lies in network.layouts.values() for a in named(lies)}
    )
    again = reread(network, axes)
    assert write_network(again, Plain()) == write_network(network, Plain())
    assert_same_values(network, again, drawn(network, lengths), lengths)


@pytest.mark.parametrize("count", [3, pytest.param(150, marks=pytest.mark.slow)])
def test_random_networks_that_are_read_again_are_the_same(count: int) -> None:
    for seed in range(count):
        network, lengths, given, upstream = random_network(seed)
        whole = with_backward(network, upstream)
        assert_same_values(whole, reread(whole, lengths), given, lengths)


def assert_same_values(
    network: Network, again: Network, given: Mapping[str, Named], lengths: Lengths
) -> None:
    before, after = run(network, given, lengths), run(again, given, lengths)
    for q in network.equations:
        lies = named(network.layouts[q])
        got, want = (arranged(each[q], lies, lengths) for each in (after, before))
        least = 1e-11 * np.max(np.abs(want), initial=1)
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=least, err_msg=q)


DIALECTS: Mapping[str, Dialect] = {"plain": Plain(), "paper": Paper(), "latex": Latex()}


@pytest.mark.parametrize("name", [*EXAMPLES, "dense", "layer_norm", "gates"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_reverse_pass_reads_as_a_textbook_has_it(
    name: str, dialect: str, snapshot: SnapshotAssertion
) -> None:
    """Read it in the snapshot."""
    text = write_network(backward(*GRAPHS[name]), DIALECTS[dialect], shapes=dialect == "plain")
    assert text == snapshot(extension_class=Text)


def test_a_notation_hands_in_the_symbols() -> None:
    """A symbol with a superscript is put in brackets before it is raised or turned."""
    text = write_network(
        backward(*GRAPHS["dense"]),
        Paper(
            symbol=lambda q: q.translate(str.maketrans("123", "¹²³")).replace("dz", "δ"),
            length=lambda axis: "m",
        ),
    )
    assert "da¹ = δ² (W²)ᵀ" in text
    assert "δ¹ = da¹ ⊙ (1 − (a¹)²)" in text
    assert "dp = −Y / (m · p)" in text
    latex = Latex(symbol=lambda q: {"dz1": r"\delta^{1}", "W1": "W^{1}"}.get(q, latex_symbol(q)))
    assert r"dx = \delta^{1} (W^{1})^\top" in write_network(backward(*GRAPHS["dense"]), latex)
