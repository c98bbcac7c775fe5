"""Layers of which equations are all that is known: a spec asks for everything about them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from gradcheck.errors import SpecError
from gradcheck.fresh import with_fresh_case
from gradcheck.oracle.answer import answered
from gradcheck.specification.read import parse
from gradcheck.specification.records import Spec
from halves import some

NETWORKS = {
    "layer_norm": ("4", "[dense: {units: 3}, layer_norm, dense: {units: 2}]", "half_squared_error"),
    "batch_norm": ("4", "[dense: {units: 3}, batch_norm, dense: {units: 2}]", "half_squared_error"),
    "lstm": (
        "[3, 2]",
        "[lstm: {units: 2}, flatten, dense: {units: 2, activation: softmax}]",
        "cross_entropy",
    ),
    "attention": ("[3, 2]", "[attention: {units: 2, causal: true}]", "upstream"),
    "pooling": ("[1, 5, 5]", "[conv2d: {filters: 2, size: 2}, max_pool2d: {size: 2}]", "upstream"),
    "embedding": ("3", "[embedding: {vocabulary: 5, units: 2}, attention: {units: 2}]", "upstream"),
    "group_norm": ("[4, 3, 3]", "[group_norm: {groups: 2}]", "upstream"),
}


def asked(network: str, notation: str, check: str) -> Spec:
    """A spec of one of the networks."""
    inputs, layers, loss = NETWORKS[network]
    text = f"title: t\nnotation: {notation}\nnetwork: {{inputs: {inputs}, layers: {layers}}}\nloss: {loss}\n"
    return parse(f"{text}check: [{check}]\ncases: [{{batch: 2}}, {{batch: 3}}]\n".encode(), "s.yaml")


@pytest.mark.parametrize("notation", some(["plain", "ng", "cs231n"], 1))
@pytest.mark.parametrize("network", some(NETWORKS, 2))
def test_everything_that_has_a_name_can_be_asked(network: str, notation: str) -> None:
    """Both oracles answer it, and a case drawn for one submission is answered by the passes alike."""
    with pytest.raises(SpecError) as caught:
        asked(network, notation, "nothing")
    (names,) = re.findall("there is (.*)", str(caught.value))
    spec = asked(network, notation, names)
    key = answered(spec)
    assert all(np.isfinite(entry.autograd).all() for case in key.cases for entry in case.entries.values())
    fresh = with_fresh_case(key, 1, "submission").fresh[0]
    truth = {name: entry.autograd for name, entry in fresh.entries.items()}
    assert truth.keys() == {*spec.check}
    assert {name: array.shape for name, array in truth.items()} == {
        name: entry.autograd.shape for name, entry in key.cases[0].entries.items()
    }


def test_what_stands_for_another_quantity_is_not_asked() -> None:
    """The state of a recurrence is its output."""
    with pytest.raises(SpecError, match="this network has no quantity h1"):
        asked("lstm", "plain", "h1")


def test_whole_numbers_have_no_gradient() -> None:
    """What an embedding looks up can't move a little."""
    with pytest.raises(SpecError, match="this network has no quantity dx"):
        asked("embedding", "plain", "dx")
    key = answered(asked("embedding", "plain", "dE1"))
    assert key.cases[0].inputs["x"].dtype == np.int64  # type: ignore[union-attr]
