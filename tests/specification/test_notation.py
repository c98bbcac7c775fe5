"""A notation names, arranges and prints the quantities of a network as its source does."""

import json
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.arrays import Array
from gradcheck.layers import LAYERS, Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.losses import LOSSES
from gradcheck.specification.notation import Notation, resolved
from gradcheck.specification.quantity import computed
from gradcheck.specification.shipped import NOTATIONS, shipped

sigmoid, softmax = ACTIVATIONS["sigmoid"](), ACTIVATIONS["softmax"]()
dense, conv2d, rnn, flatten = (LAYERS[name] for name in ("dense", "conv2d", "rnn", "flatten"))
NETWORK = Stack((dense(3, sigmoid), dense(2, softmax, bias=False)), (4,), LOSSES["half_squared_error"]())
MIXED = Stack((conv2d(2, 2), flatten(), dense(3, sigmoid)), (1, 4, 3), LOSSES["squared_error"]())
LAYER = Stack((dense(3),), (2,), LOSSES["upstream"]())
TIMES = Stack((rnn(3),), (4, 2), LOSSES["upstream"]())
STACKS = {"network": NETWORK, "mixed": MIXED, "layer": LAYER, "times": TIMES}


def notation_of(name: str, stack: Stack = NETWORK, **changes: Any) -> Notation:
    return resolved(name, shipped(name), stack, changes.get("letters", {}), changes.get("numbers", {}))


def values_of(stack: Stack, examples: int, seed: int = 0) -> dict[str, Array]:
    """An array for every quantity, in canonical layout, no number occurring twice."""
    rng = np.random.default_rng(seed)
    shapes = stack.shapes(examples) | stack.parameters
    shapes |= {f"d{name}": shape for name, shape in shapes.items()}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS.keys())
@pytest.mark.parametrize("name", NOTATIONS)
def test_symbols_are_distinct_names(name: str, stack: Stack) -> None:
    """Every quantity has a name of its own that Python takes, and is found by it."""
    notation = notation_of(name, stack)
    symbols = notation.symbols(stack)
    assert len(symbols) == len(notation.quantities(stack))
    assert all(symbol.isidentifier() for symbol in symbols)
    assert all(notation.canonical(symbol, stack) == quantity for symbol, quantity in symbols.items())
    assert notation.canonical("nothing", stack) is None


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("plain", "x y W1 b1 z1 a1 J dz1_dW1 da1_dz1 dz1 da1 dW1 db1 dx"),
        ("nielsen", "x y W2 b2 z2 a2 C dz2_dW2 da2_dz2 delta2 da2 dW2 db2 dx"),
        ("adventures", "x y W1 b1 z2 h2 J dz2_dW1 dh2_dz2 delta2 dh2 dW1 db1 dx"),
        ("lfd", "x y W1 - s1 x1 e ds1_dW1 dx1_ds1 delta1 dx1 dW1 - dx"),
        ("ng", "X Y W1 b1 Z1 A1 J dZ1_dW1 dA1_dZ1 dZ1 dA1 dW1 db1 dX"),
        ("cs231n", "X y W1 b1 z1 h1 loss dz1_dW1 dh1_dz1 dz1 dh1 dW1 db1 dX"),
    ],
)
def test_the_letters_of_each_source(name: str, symbols: str) -> None:
    """A layer of a network in the words of its source; a bias that is folded away has none."""
    names = ["x", "y", "W1", "b1", "z1", "a1", "J", "dz1/dW1", "da1/dz1", "dz1", "da1", "dW1", "db1", "dx"]
    notation = notation_of(name)
    known = notation.quantities(NETWORK)
    assert [notation.symbol(n) if n in known else "-" for n in names] == symbols.split()


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("plain", "x dout W b z out J dz_dW dout_dz dz dW db dx"),
        ("nielsen", "x dout W b z out C dz_dW dout_dz delta dW db dx"),
        ("lfd", "x dout W s out e ds_dW dout_ds delta dW dx"),
        ("ng", "X dout W b Z out J dZ_dW dout_dZ dZ dW db dX"),
        ("cs231n", "x dout w b z out loss dz_dw dout_dz dz dw db dx"),
    ],
)
def test_a_layer_alone_has_no_numbers(name: str, symbols: str) -> None:
    """With an upstream gradient dout, and the gradient of the output, which is given, left out."""
    assert list(notation_of(name, LAYER).symbols(LAYER)) == symbols.split()


@pytest.mark.parametrize(
    ("name", "quantity", "index", "printed"),
    [
        ("nielsen", "W1", (0, 1), "w²₁₂"),
        ("nielsen", "dW1", (0, 1), "w²₁₂"),
        ("nielsen", "W1", (0, 11), "w²₁,₁₂"),
        ("nielsen", "db1", (2, 0), "b²₃"),
        ("nielsen", "dz1", (0, 2), "δ²₁ of sample 3"),
        ("nielsen", "da2/dz2", (0, 2), "(∂a³/∂z³)₁ of sample 3"),
        ("nielsen", "J", (), "C"),
        ("adventures", "dW1", (0, 1), "w^(1)_{12}"),
        ("adventures", "dW2", (10, 1), "w^(2)_{11,2}"),
        ("adventures", "dz1", (0, 2), "δ^(2)_{1} of sample 3"),
        ("lfd", "dW1", (0, 1), "w^(1)_{02}"),
        ("lfd", "dW1", (1, 0), "w^(1)_{11}"),
        ("lfd", "dW2", (0, 0), "w^(2)_{11}"),
        ("lfd", "x", (2, 0), "x^(0)_{1} of sample 3"),
        ("lfd", "dz1", (2, 0), "δ^(1)_{1} of sample 3"),
        ("ng", "dW1", (0, 1), "W^[1]_{12}"),
        ("ng", "dz1", (0, 2), "dZ^[1]_{1} of sample 3"),
        ("ng", "da2/dz2", (2, 0, 1), "(∂A^[2]/∂Z^[2])_{12} of sample 3"),
        ("plain", "dW1", (0, 2), "W1[0, 2]"),
        ("plain", "dz1", (4, 0), "dz1[4, 0]"),
        ("plain", "z1", (4, 0), "z1[4, 0]"),
        ("plain", "db1", (2,), "b1[2]"),
        ("cs231n", "dW2", (0, 12), "W2[0, 12]"),
    ],
)
def test_an_entry_is_printed_as_its_source_does(
    name: str, quantity: str, index: tuple[int, ...], printed: str
) -> None:
    """Indices start where the source starts them, stay readable with several digits, and name the sample."""
    assert notation_of(name).entry(quantity, index) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("nielsen", "W² δ² dW2 ∂a²/∂z² da²"),
        ("adventures", "W^(1) δ^(2) dW1 ∂h^(2)/∂z^(2) dh^(2)"),
        ("plain", "W1 dz1 dW1 ∂a1/∂z1 da1"),
        ("ng", "W^[1] dZ^[1] dW1 ∂A^[1]/∂Z^[1] dA^[1]"),
    ],
)
def test_a_whole_is_printed_with_its_number(name: str, printed: str) -> None:
    """A gradient that `run` sets goes by its name there."""
    notation = notation_of(name)
    assert [notation.pretty(n) for n in ("W1", "dz1", "dW1", "da1/dz1", "da1")] == printed.split()


@pytest.mark.slow
@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS.keys())
@given(name=st.sampled_from(NOTATIONS), examples=st.integers(1, 5), seed=st.integers(0, 100))
def test_presenting_only_rearranges(name: str, stack: Stack, examples: int, seed: int) -> None:
    """Not a number is lost, added or changed, and one quantity's numbers stay together."""
    values, notation = values_of(stack, examples, seed), notation_of(name, stack)
    shown = notation.present(values)
    assert set(notation.unfolded(shown)) == values.keys()
    for quantity, array in shown.items():
        parts = [values[part].ravel() for part in notation.unfolded([quantity])]
        assert Counter(array.ravel().tolist()) == Counter(np.concatenate(parts).tolist())


@pytest.mark.slow
@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS.keys())
@given(name=st.sampled_from(NOTATIONS), examples=st.integers(1, 5), seed=st.integers(0, 100))
def test_what_was_presented_can_be_restored(name: str, stack: Stack, examples: int, seed: int) -> None:
    """From the learner's layout back to the canonical one, every quantity is as it was."""
    values, notation = values_of(stack, examples, seed), notation_of(name, stack)
    restored = notation.restored(notation.present(values))
    assert restored.keys() == values.keys()
    assert all(np.array_equal(restored[quantity], values[quantity]) for quantity in values)


@given(examples=st.integers(1, 5))
def test_shapes_are_those_of_the_source(examples: int) -> None:
    """Samples as rows or columns, W into or out of a layer, b as a vector, a column or part of W."""
    shapes = {
        name: {n: a.shape for n, a in notation_of(name).present(values_of(NETWORK, examples)).items()}
        for name in NOTATIONS
    }
    assert shapes["plain"] == {n: a.shape for n, a in values_of(NETWORK, examples).items()}
    assert shapes["cs231n"] == shapes["plain"]
    for columns in ("nielsen", "ng", "adventures"):
        known = notation_of(columns).known
        assert shapes[columns] == {
            n: (shape[0], 1) if known[n].base == "b" else shape[::-1] for n, shape in shapes["plain"].items()
        }
    assert shapes["lfd"].keys() == shapes["plain"].keys() - {"b1", "db1"}
    assert shapes["lfd"]["W1"] == shapes["lfd"]["dW1"] == (5, 3)
    assert shapes["lfd"]["W2"] == (3, 2)


def test_a_folded_bias_is_the_first_row_of_the_weights() -> None:
    """As weights that meet x₀ = 1; in a W that leads from columns to rows it is the first column."""
    values, lfd = values_of(NETWORK, 2), notation_of("lfd")
    assert np.array_equal(lfd.present(values)["dW1"], np.vstack([values["db1"], values["dW1"]]))
    turned = replace(lfd, weights="out_in").present(values)["dW1"]
    assert np.array_equal(turned, np.vstack([values["db1"], values["dW1"]]).T)


def test_only_a_matrix_takes_a_bias_in() -> None:
    """A convolution's filters and a recurrent layer's two matrices leave the bias a vector of its own."""
    assert notation_of("lfd", MIXED).folded == (3,)
    assert notation_of("lfd", TIMES).folded == ()
    assert notation_of("lfd", TIMES).present(values_of(TIMES, 2))["b1"].shape == (3,)


def test_arrays_of_more_axes_are_left_alone() -> None:
    """Images, times and filters keep their axes in every notation."""
    for name, stack in product(NOTATIONS, (MIXED, TIMES)):
        values = values_of(stack, 2)
        shown = notation_of(name, stack).present(values)
        assert all(np.array_equal(shown[n], a) for n, a in values.items() if a.ndim > 2)


def test_unfolding_names_what_is_merged() -> None:
    """W stands for W and b, dW for dW and db, where the bias is folded."""
    assert notation_of("lfd").unfolded(["dW1", "dW2", "z1", "W1"]) == ["dW1", "db1", "dW2", "z1", "W1", "b1"]
    assert notation_of("plain").unfolded(["dW1", "z1"]) == ["dW1", "z1"]


def test_a_spec_may_have_its_own_letters_and_numbers() -> None:
    """They hold in names and in print; the gradient of what is renumbered is renumbered."""
    notation = notation_of("adventures", letters={"z": "s{n}", "dz": "d{n}"}, numbers={"z": -1})
    assert [notation.symbol(n) for n in ("z1", "dz1", "da2/dz2", "a1")] == ["s1", "d1", "dh3_ds2", "h2"]
    assert notation.pretty("dz1") == "d^(1)"
    assert notation.entry("z2", (0, 0)) == "s^(2)_{1} of sample 1"


def test_one_letter_can_be_numbered_alone() -> None:
    """A number of dz's own goes before z's."""
    notation = notation_of("nielsen", numbers={"z": -1, "dz": 0})
    assert [notation.symbol(n) for n in ("z1", "dz1")] == ["z1", "delta2"]


def test_what_is_given_upstream_is_not_computed() -> None:
    """The gradient of the last output is dout up to the reduction, and no quantity of its own."""
    assert "da1" not in computed(LAYER)
    assert "da1" in computed(NETWORK)


@pytest.mark.parametrize("name", NOTATIONS)
def test_a_notation_is_plain_data(name: str) -> None:
    """After a way through JSON it is the same."""
    notation = notation_of(name)
    assert Notation.build(json.loads(json.dumps(notation.data))) == notation
