"""What follows from what in a spec's network, as a report draws it."""

from __future__ import annotations

from pathlib import Path

import pytest
from spec_examples import edited

from gradcheck.specification.graph import MOST
from gradcheck.specification.read import parse, read
from gradcheck.specification.records import Node

ROOT = Path(__file__).parents[2]
SPECS = sorted([*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/*/examples/specs/*.yaml")])


def nodes(path: Path) -> dict[str, Node]:
    return {node.quantity: node for node in read(path).graph}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_all_that_is_asked_for_is_drawn(path: Path) -> None:
    """Every node stands behind those that it reads, and every checked quantity is there, or its value is."""
    spec = read(path)
    seen: set[str] = set()
    for node in spec.graph:
        looped = {"h", "a1", "r1"}  # of a recurrence, the last time's
        assert {*node.reads} - looped <= seen
        seen.add(node.quantity)
    assert {*spec.check, *spec.accept} <= seen | {node.gradient for node in spec.graph}


def test_layers() -> None:
    """By canonical names, with the symbols of the notation; what is compared with has no gradient."""
    graph = nodes(ROOT / "specs" / "two_layer.yaml")
    assert graph["z1"] == Node("z1", "z²", "computed", ("W1", "b1", "x"), "dz1", "δ²")
    assert graph["W1"] == Node("W1", "W²", "parameter", (), "dW1", "dW2")
    assert graph["y"] == Node("y", "y", "input")
    assert graph["J"] == Node("J", "C", "computed", ("y", "a2"))


def test_upstream_gradients() -> None:
    """The sum that stands for what follows is not drawn: no course writes it."""
    graph = nodes(ROOT / "specs" / "conv_layer.yaml")
    assert not {"J", "dout"} & graph.keys()
    assert graph["a1"].gradient_symbol == "dout"


def test_what_has_no_name_is_seen_through() -> None:
    """The inner state of a recurrent layer, and a bias that is a part of the weights."""
    assert nodes(ROOT / "specs" / "rnn_layer.yaml")["a1"].reads == ("z1",)
    graph = nodes(ROOT / "specs" / "tanh_delta.yaml")
    assert graph["z1"].reads == ("W1", "x")
    assert "b1" not in graph


def test_local_derivatives() -> None:
    """Where they are asked for, with what they relate."""
    graph = nodes(ROOT / "specs" / "chain_function.yaml")
    assert graph["da2/dz2"].reads == ("a2", "z2")
    assert [node.quantity for node in graph.values() if node.kind == "local"] == ["da2/dz2", "dz2/dW2"]


def test_a_large_network_has_no_graph() -> None:
    """A drawing of many quantities is no help."""
    layer = "    - dense: {units: 3, activation: sigmoid}\n"
    text = edited((layer, layer * (MOST // 4)), ("  - {batch: 7, widths: [3, 5, 2]}\n", ""))
    text = edited(("check: [dW3, dW2, db2]\naccept: [delta3, delta2]", "check: [dW2]"), text=text)
    text = edited(("points: {dW3: 4, dW2: 4, db2: 2}\n", ""), text=text)
    assert parse(text.encode(), "specs/x.yaml").graph == ()
