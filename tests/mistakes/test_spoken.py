"""Formulas of the catalogue as each notation says them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import faults, network
from reading import read, values

from gradcheck.losses import LOSSES
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers.conv2d import Conv2d
from gradcheck.maths.layers.rnn import Rnn
from gradcheck.maths.penalty import Penalty
from gradcheck.mistakes.anywhere import anywhere
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.names import FUNCTIONS, Gradients, Names
from gradcheck.mistakes.records import Mistake
from gradcheck.mistakes.reverse import NoSuchMistakeError, reverse
from gradcheck.mistakes.scene import Scene
from gradcheck.mistakes.speaker import Speaker
from gradcheck.mistakes.spoken import clause, equation, spoken, statements
from gradcheck.spec.cases import draw
from gradcheck.spec.notation import Notation, resolved
from gradcheck.spec.shipped import NOTATIONS, shipped

DEEP = network(3, [(4, "sigmoid"), (5, "tanh"), (2, "sigmoid")], "half_squared_error")
SQUARE = network(3, [(3, "tanh"), (3, "relu"), (3, "sigmoid")], "squared_error")
PENALTY = Penalty(norm="l2", strength=0.3, constant="lambda/2m", covers=frozenset("W"))
DENSE = {
    "deep": DEEP,
    "square": SQUARE,
    "summed": network(3, [(3, "leaky_relu"), (3, "elu"), (3, "softplus")], "mean_squared_error", "sum"),
    "penalised": replace(DEEP, penalty=PENALTY),
    "sizes": replace(SQUARE, penalty=replace(PENALTY, norm="l1", constant="lambda")),
    "classes": network(3, [(4, "arctan"), (3, "softmax")], "cross_entropy"),
    "scores": network(3, [(4, "relu"), (3, "identity")], "cross_entropy_with_logits"),
    "logarithms": network(3, [(4, "sigmoid"), (3, "log_softmax")], "nll"),
    "yes or no": network(3, [(4, "tanh"), (2, "sigmoid")], "binary_cross_entropy"),
    "odds": network(3, [(4, "tanh"), (2, "identity")], "binary_cross_entropy_with_logits"),
}


def notation(name: str, chain: Chain, **own: Any) -> Notation:
    letters, numbers = own.get("letters", {}), own.get("numbers", {})
    return resolved(name, shipped(name), chain, letters, numbers)


def speaker(name: str, layer: int = 2, chain: Chain = DEEP, **own: Any) -> Speaker:
    return Speaker(notation(name, chain), chain, layer, **own)


def made(mistake: Mistake, scene: Scene) -> Iterator[tuple[int, Gradients, dict[str, float]]]:
    """Layers where the mistake can be made, what comes of it, and what its unknown number is there."""
    for fault in faults(mistake, scene.chain):
        try:
            gradients = reverse(scene, [fault])
        except NoSuchMistakeError:
            continue
        if len(fault.layers) == 1:
            unknown = {mistake.unknown: fault.unknown} if mistake.unknown else {}
            yield fault.layers[0], gradients, unknown


def assert_true(equation: str, spk: Speaker, scene: Scene, gradients: Gradients) -> None:
    """What stands on the right comes to what the quantity on the left is."""
    quantity, formula = equation.split(" = ", 1)
    names = values(spk, scene, gradients)
    told = np.broadcast_to(read(formula, spk, names), np.shape(names[quantity]))
    assert np.allclose(told, names[quantity], rtol=1e-9, atol=1e-14), equation


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "nielsen"])
@pytest.mark.parametrize("chain", DENSE.values(), ids=DENSE.keys())
def test_statements_are_true(name: str, chain: Chain) -> None:
    """What is called right makes the right numbers, what is called wrong those of the mistake."""
    scene, told = Scene(draw(chain, 5, 3)), 0
    right_ones = reverse(scene)
    for mistake in CATALOGUE.values():
        for layer, gradients, unknown in made(mistake, scene):
            spk = speaker(name, layer, chain, values=unknown)
            for right, wrong in statements(mistake, spk):
                assert_true(right, spk, scene, right_ones)
                assert_true(wrong, spk, scene, gradients)
                told += 1
    assert told > 50


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plain", "dz3 @ W3.T * tanh′(z2) | a1.T @ dz2 | dz2.sum(axis=0) | dz2 = da2"),
        ("cs231n", "dz3 @ W3.T * tanh′(z2) | h1.T @ dz2 | dz2.sum(axis=0) | dz2 = dh2"),
        ("nielsen", "(W⁴)ᵀ δ⁴ ⊙ tanh′(z³) | δ³ (a²)ᵀ | Σ_samples δ³ | δ³ = ∂C/∂a³"),
        (
            "adventures",
            "(W^(3))ᵀ δ^(4) ⊙ tanh′(z^(3)) | δ^(3) (h^(2))ᵀ | Σ_samples δ^(3) | δ^(3) = ∂J/∂h^(3)",
        ),
        ("lfd", "δ^(3) (W^(3))ᵀ ⊙ tanh′(s^(2)) | (x^(1))ᵀ δ^(2) | Σ_samples δ^(2) | δ^(2) = ∂e/∂x^(2)"),
        ("ng", "(W^[3])ᵀ dZ^[3] ⊙ tanh′(Z^[2]) | dZ^[2] (A^[1])ᵀ | Σ_samples dZ^[2] | dZ^[2] = dA^[2]"),
    ],
)
def test_the_rules_in_every_notation(name: str, said: str) -> None:
    """Letters, numbers, orientation and signs are the source's own."""
    rules = "{dz_next @ T(W_next) * slope(z)} | {T(a_prev) @ dz} | {total(dz)} | {dz} = {da}"
    assert clause(rules, speaker(name)) == said


@pytest.mark.parametrize(
    ("formula", "mathematics", "code"),
    [
        ("(a - y) / (a * (1 - a))", "(a³ - y) / (a³ ⊙ (1 - a³))", "(a2 - y) / (a2 * (1 - a2))"),
        ("-y / a", "-y / a³", "-y / a2"),
        ("-(a - y)", "-(a³ - y)", "-(a2 - y)"),
        ("a - (y - z)", "a³ - y + z³", "a2 - y + z2"),
        ("a - -y", "a³ + y", "a2 + y"),
        ("a / y * z", "a³ ⊙ z³ / y", "a2 * z2 / y"),
        ("1 - a**2", "1 - (a³)²", "1 - a2**2"),
        ("(-a)**2", "(-a³)²", "(-a2)**2"),
        ("2 * W", "2 W³", "2 * W2"),
        ("lam / 2 * 2 * W", "λ W³", "lam * W2"),
        ("lam / (2 * m) * W", "λ/(2m) W³", "0.5 * lam * W2 / m"),
        ("m * a / n_first", "m/n_first a³", "m * a2 / n_first"),
        ("share * a / share", "a³", "a2"),
        ("share * share * a", "1/m² a³", "a2 / m / m"),
        ("a / 2", "½ a³", "0.5 * a2"),
        ("a / 3", "⅓ a³", "a2 / 3"),
        ("0.15 * a", "0.15 a³", "0.15 * a2"),
        ("0.30000000012 * a", "0.3 a³", "0.3 * a2"),
        ("0 * a + z", "z³", "z2"),
        ("0 * a", "0", "0"),
        ("1 / m", "1/m", "1 / m"),
        ("k * eta * a", "k η a³", "k * eta * a2"),
        ("row_sum(dz_next) * ones(a)", "Σ_units δ⁴", "dz3.sum(axis=1, keepdims=True)"),
        ("row_sum(a) * z", "(Σ_units a³) ⊙ z³", "a2.sum(axis=1, keepdims=True) * z2"),
        ("row_sum(a * z)", "Σ_units (a³ ⊙ z³)", "(a2 * z2).sum(axis=1, keepdims=True)"),
        ("total(dz) / m", "1/m Σ_samples δ³", "dz2.sum(axis=0) / m"),
        ("whole(dz)", "Σ_all δ³", "dz2.sum()"),
        ("first_example(dz)", "δ³ of the first sample", "dz2[0]"),
        ("zeros(W)", "0", "0"),
        ("last_unit(ones(a))", "last_unit(ones)", "last_unit(ones)"),
        ("positive(z) * da", "1[z³ > 0] ⊙ ∂C/∂a³", "(z2 > 0) * da2"),
        ("max0(z)", "max(0, z³)", "maximum(0, z2)"),
        ("sigma(a)", "σ(a³)", "sigmoid(a2)"),
        ("g(z) + g_prev(z)", "tanh(z³) + σ(z³)", "tanh(z2) + sigmoid(z2)"),
        ("slope_next(z_next)", "σ′(z⁴)", "sigmoid′(z3)"),
        ("slope(z1)", "σ′(z²)", "sigmoid′(z1)"),
        ("a_prev * a_next * a_last", "a² ⊙ a⁴ ⊙ a⁴", "a1 * a3 * a3"),
        ("dW_mirror + dW_first", "dW3 + dW2", "dW2 + dW1"),
        ("T(W - eta * dW)", "W³ - η dW3", "W2 - eta * dW2"),
        ("dz @ T(W - eta * dW)", "(W³ - η dW3)ᵀ δ³", "dz2 @ (W2 - eta * dW2).T"),
        ("dz @ (W @ W_next)", "W⁴ W³ δ³", "dz2 @ (W2 @ W3)"),
        ("dz @ W * z @ W_next", "W⁴ (W³ δ³ ⊙ z³)", "(dz2 @ W2 * z2) @ W3"),
        ("z * (dz @ W)", "z³ ⊙ W³ δ³", "z2 * (dz2 @ W2)"),
        ("dz @ T(bias_first(b, W))", "(bias_first(b³, W³))ᵀ δ³", "dz2 @ bias_first(b2, W2).T"),
        ("dz * diagonal(W)", "δ³ ⊙ diag(W³)", "dz2 * diag(W2)"),
    ],
)
def test_every_kind_of_formula(formula: str, mathematics: str, code: str) -> None:
    """Numbers and scalars are collected, brackets stand where they must, what changes nothing is not said."""
    assert spoken(formula, speaker("nielsen")) == mathematics
    assert spoken(formula, speaker("plain")) == code


def sheets() -> st.SearchStrategy[str]:
    """Formulas of arrays with a row a sample, in a network whose layers all have three units."""
    leaves = st.sampled_from(
        ["z", "a", "da", "dz", "dz_next", "a_prev", "slope(z)", "a_last", "(1 - a)", "y"]
    )
    weights = st.sampled_from(["W", "W_next", "T(W)", "T(W_next - 0.1 * dW_next)", "(W * dW)"])
    scalars = st.sampled_from(["2", "0.5", "m", "share", "(share / 3)", "eta"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        return st.one_of(
            pair,
            st.tuples(inner, weights).map(lambda t: f"({t[0]} @ {t[1]})"),
            st.tuples(inner, scalars, st.sampled_from("*/")).map(lambda t: f"({t[0]} {t[2]} {t[1]})"),
            st.tuples(scalars, inner).map(lambda t: f"({t[0]} * {t[1]})"),
            inner.map(lambda v: f"(-{v})"),
            inner.map(lambda v: f"({v} / (2 + {v}**2))"),
            inner.map(lambda v: f"(row_sum({v}) * z)"),
            inner.map(lambda v: f"tanh({v})"),
            inner.map(lambda v: f"first_unit({v})"),
        )

    return st.recursive(leaves, larger, max_leaves=8)


EQUAL = network(3, [(3, "tanh"), (3, "arctan"), (3, "sigmoid")], "half_squared_error")
SCENE = Scene(draw(EQUAL, 4, 11))
RIGHT = reverse(SCENE)


@pytest.mark.slow
@given(sheet=sheets(), name=st.sampled_from(NOTATIONS))
def test_a_formula_means_what_the_catalogue_means(sheet: str, name: str) -> None:
    """Read back with the usual precedence it makes the same numbers, in the layout that the quantity has."""
    spk = speaker(name, 2, EQUAL, values={"eta": 0.1})
    names = values(spk, SCENE, RIGHT)
    meant = {"dz": sheet, "dW": f"T(a_prev) @ {sheet}", "db": f"total({sheet})"}
    for quantity, formula in meant.items():
        if quantity == "db" and name == "lfd":
            continue  # There b is a row of W.
        true = eval(formula, dict(FUNCTIONS), Names(SCENE, RIGHT, 2, None, {"eta": 0.1}))
        shown = spk.notation.present({f"{quantity}2": true})[f"{quantity}2"]
        told = read(equation(quantity, formula, spk).split(" = ", 1)[1], spk, names)
        size = (
            1 + np.abs(shown).max()
        )  # numbers are told to six digits or so, and what cancels leaves roundoff
        assert np.allclose(np.broadcast_to(told, shown.shape), shown, rtol=1e-5, atol=1e-5 * size)


def test_one_example_alone() -> None:
    """Nobody divides by m or sums over samples who has but one."""
    spk = speaker("nielsen", 3, single=True)
    assert statements(CATALOGUE["db-not-summed"], spk) == (("db4 = δ⁴", "db4 = δ⁴"),)
    assert spoken("share * (a - y)", spk) == "a⁴ - y"


def test_a_sum_over_the_batch() -> None:
    """Then J holds the whole of each example."""
    assert spoken("share * (a - y)", speaker("nielsen", 3, DENSE["summed"])) == "a⁴ - y"


def test_an_identity_is_not_said() -> None:
    """No learner multiplies by the slope of a straight line, or applies it."""
    spk = speaker("plain", 2, DENSE["scores"])
    assert spoken("da * slope(z) + g(z)", spk) == "da2 + z2"


def test_a_known_number_is_said() -> None:
    """Where it is known what somebody multiplied by, it stands there."""
    mistake = CATALOGUE["stray-constant"]
    spk = speaker("nielsen", 2, values={"k": 4})
    assert clause(mistake.says, spk) == "dW3 is multiplied by 4"
    assert statements(mistake, spk) == (("dW3 = δ³ (a²)ᵀ", "dW3 = 4 δ³ (a²)ᵀ"),)


def test_a_bias_that_is_part_of_the_weights() -> None:
    """Learning From Data has no b: it is the weights' row 0."""
    told = "row 0 of dW2 = Σ_samples δ^(2)"
    assert equation("db", "total(dz)", speaker("lfd")) == told
    assert spoken("2 * b", speaker("lfd")) == "2 (row 0 of W^(2))"


def test_letters_and_numbers_of_a_spec_of_its_own() -> None:
    """A spec's letters stand in formulas, too; a letter that it gives to ∂J/∂a is that."""
    own = notation("nielsen", DEEP, letters={"a": "h{n}", "da": "e{n}"}, numbers={"a": -1})
    spk = Speaker(own, DEEP, 2)
    assert spoken("da * slope(z)", spk) == "e² ⊙ tanh′(z³)"
    assert spoken("T(a_prev) @ dz", spk) == "δ³ (h¹)ᵀ"


def test_the_input_is_the_first_layers() -> None:
    """a_prev of layer 1 is x, and what goes back to it is dx."""
    spk = speaker("ng", 1)
    assert clause("{a_prev}, {da_prev}", spk) == "X, dX"
    assert equation("da", "dz_next @ T(W_next)", replace(spk, layer=0)) == "dX = (W^[1])ᵀ dZ^[1]"


@pytest.mark.parametrize(
    ("slug", "right", "wrong"),
    [
        ("output-sign-flipped", "∂C/∂a³ = -y / (m a³)", "∂C/∂a³ = y / (m a³)"),
        ("softmax-diagonal-only", "δ³ = 1/m (a³ - y)", "δ³ = ∂C/∂a³ ⊙ a³ ⊙ (1 - a³)"),
        ("one-hot-forgotten", "δ³ = 1/m (a³ - y)", "δ³ = 1/m a³"),
    ],
)
def test_a_softmax(slug: str, right: str, wrong: str) -> None:
    """Its δ is said in short where all cancels; ∂J/∂a, from which no short way leads to δ, by itself."""
    assert statements(CATALOGUE[slug], speaker("nielsen", 2, DENSE["classes"])) == ((right, wrong),)


@pytest.mark.parametrize(
    ("slug", "mathematics", "code"),
    [
        (
            "conv-kernel-not-rotated",
            "dx = conv_transpose(δ, rot180(W))",
            "dx = conv_transpose(dz, rot180(w))",
        ),
        (
            "bias-wrong-axes",
            "db = Σ_all axes but the last δ",
            "db = dz.sum(axis=(0, 1, 2))",
        ),
        ("rnn-next-step-lost", "δ = dout ⊙ tanh′(z)", "dz = dout * tanh′(z)"),
        (
            "rnn-weights-not-transposed",
            "δ = (dout + later(δ) Whᵀ) ⊙ tanh′(z)",
            "dz = (dout + later(dz) @ Wh) * tanh′(z)",
        ),
        ("rnn-time-off-by-one", "dWh = Σ_samples (δᵀ out)", "dWh = (out.T @ dz).sum(axis=0)"),
    ],
)
def test_other_layers(slug: str, mathematics: str, code: str) -> None:
    """What a convolution's places and a recurrent layer's times make is said, too."""
    images = Chain((Conv2d(2, 3),), (1, 4, 4), LOSSES["upstream"](), "sum")
    times = Chain((Rnn(3),), (4, 2), LOSSES["upstream"](), "sum")
    chain = times if slug.startswith("rnn") else images
    for name, wrong in (("nielsen", mathematics), ("cs231n", code)):
        assert [told.wrong for told in statements(CATALOGUE[slug], speaker(name, 1, chain))] == [wrong]


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTATIONS)
def test_every_mistake_can_be_told(name: str) -> None:
    """Without a spec: of a place where it can be made, with formulas that differ, and no braces left."""
    for mistake in CATALOGUE.values():
        spk = anywhere(mistake, name)
        assert mistake.where.holds(spk.chain, spk.layer) or mistake.slug == "accumulates-over-calls"
        said = [clause(mistake.says, spk), *(text for told in statements(mistake, spk) for text in told)]
        assert len(said) > 2, mistake.slug
        assert not any(sign in text for text in said for sign in ("{", "}", "_prev", "_next", "share"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plain", "dz[l] = dz[l+1] @ W[l+1].T * g′(z[l])"),
        ("cs231n", "dz[l] = dz[l+1] @ W[l+1].T * g′(z[l])"),
        ("nielsen", "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ g′(zˡ)"),
        ("adventures", "δ^(l) = (W^(l))ᵀ δ^(l+1) ⊙ g′(z^(l))"),
        ("lfd", "δ^(l) = δ^(l+1) (W^(l+1))ᵀ ⊙ g′(s^(l))"),
        ("ng", "dZ^[l] = (W^[l+1])ᵀ dZ^[l+1] ⊙ g′(Z^[l])"),
    ],
)
def test_layers_without_numbers(name: str, said: str) -> None:
    """The quantity that is told of is at l, and the others where the source numbers them from there."""
    (told,) = statements(CATALOGUE["hidden-slope-omitted"], anywhere(CATALOGUE["hidden-slope-omitted"], name))
    assert told.right == said


@pytest.mark.parametrize(
    ("slug", "name", "wrong"),
    [
        ("output-delta-reused", "nielsen", "δˡ = (Wˡ⁺¹)ᵀ δᴸ ⊙ g′(zˡ)"),
        ("layers-swapped", "adventures", "∂J/∂W^(l) = ∂J/∂W^(L-l)"),
        ("layers-swapped", "plain", "dW[l] = dW[L-l+1]"),
        ("own-output-as-input", "adventures", "∂J/∂W^(l) = δ^(l+1) (h^(l+1))ᵀ"),
        ("penalty-factor-two", "nielsen", "∂C/∂Wˡ = δˡ (aˡ⁻¹)ᵀ + 2λ Wˡ"),
    ],
)
def test_layers_far_from_the_one_at_hand(slug: str, name: str, wrong: str) -> None:
    """The last is L, and all are counted as the source counts them."""
    assert statements(CATALOGUE[slug], anywhere(CATALOGUE[slug], name))[0].wrong == wrong


def test_speaking_needs_nothing_heavy() -> None:
    """A report that names a mistake costs no import of what reads specs or differentiates."""
    code = "import sys, gradcheck.mistakes.spoken; print({'torch', 'pydantic', 'yaml'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
