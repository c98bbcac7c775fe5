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
from making import Drawn, Gradients, evaluated, faults, network, penalty
from reading import read, values

from gradcheck.layers import Stack
from gradcheck.layers.conv2d import Conv2d
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.edits import NoSuchMistakeError
from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.example import example
from gradcheck.mistakes.records import Mistake
from gradcheck.mistakes.statements import Statements
from gradcheck.specification.cases import draw
from gradcheck.specification.notation import Notation, resolved
from gradcheck.specification.shipped import NOTATIONS, shipped

DEEP = network(3, [(4, "sigmoid"), (5, "tanh"), (2, "sigmoid")], "half_squared_error")
SQUARE = network(3, [(3, "tanh"), (3, "relu"), (3, "sigmoid")], "squared_error")
DENSE = {
    "deep": DEEP,
    "square": SQUARE,
    "summed": network(3, [(3, "leaky_relu"), (3, "elu"), (3, "softplus")], "mean_squared_error", "sum"),
    "penalised": replace(DEEP, penalty=penalty("lambda/2m")),
    "sizes": replace(SQUARE, penalty=penalty("lambda", norm="l1")),
    "classes": network(3, [(4, "arctan"), (3, "softmax")], "cross_entropy"),
    "scores": network(3, [(4, "relu"), (3, "identity")], "cross_entropy_with_logits"),
    "logarithms": network(3, [(4, "sigmoid"), (3, "log_softmax")], "nll"),
    "yes or no": network(3, [(4, "tanh"), (2, "sigmoid")], "binary_cross_entropy"),
    "odds": network(3, [(4, "tanh"), (2, "identity")], "binary_cross_entropy_with_logits"),
}


def notation(name: str, stack: Stack, **more: Any) -> Notation:
    letters, numbers = more.get("letters", {}), more.get("numbers", {})
    return resolved(name, shipped(name), stack, letters, numbers)


def statements(name: str, layer: int = 2, stack: Stack = DEEP, **more: Any) -> Statements:
    return Statements(notation(name, stack), Equations(stack), layer, **more)


def make_everywhere(mistake: Mistake, case: Drawn) -> Iterator[tuple[int, Gradients, dict[str, float]]]:
    """Layers where the mistake can be made, what comes of it, and what its unknown number is there."""
    for fault in faults(mistake, case.stack):
        try:
            gradients = case.gradients(fault)
        except NoSuchMistakeError:
            continue
        if len(fault.layers) == 1:
            unknown = {mistake.unknown: fault.unknown} if mistake.unknown else {}
            yield fault.layers[0], gradients, unknown


def assert_true(equation: str, stated: Statements, case: Drawn, gradients: Gradients) -> None:
    """What stands on the right comes to what the quantity on the left is."""
    quantity, formula = equation.split(" = ", 1)
    names = values(stated, case.points[0], gradients)
    read_back = np.broadcast_to(read(formula, stated.notation.name, names), np.shape(names[quantity]))
    assert np.allclose(read_back, names[quantity], rtol=1e-9, atol=1e-14), equation


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "nielsen"])
@pytest.mark.parametrize("stack", DENSE.values(), ids=DENSE.keys())
def test_statements_are_true(name: str, stack: Stack) -> None:
    """What is called right makes the right numbers, what is called wrong those of the mistake."""
    case, count = Drawn(draw(stack, 5, 3)), 0
    right_ones = case.gradients()
    for mistake in CATALOGUE.values():
        for layer, gradients, unknown in make_everywhere(mistake, case):
            stated = Statements(notation(name, stack), case.equations, layer, unknown)
            for right, wrong in stated.of_mistake(mistake):
                assert_true(right, stated, case, right_ones)
                assert_true(wrong, stated, case, gradients)
                count += 1
    assert count > 50


@pytest.mark.parametrize(
    ("name", "formulas"),
    [
        ("plain", "dz3 @ W3.T * tanh′(z2) | a1.T @ dz2 | np.sum(dz2, axis=0) | dz2 = da2"),
        ("cs231n", "dz3 @ W3.T * tanh′(z2) | h1.T @ dz2 | np.sum(dz2, axis=0) | dz2 = dh2"),
        ("nielsen", "(W⁴)ᵀ δ⁴ ⊙ tanh′(z³) | δ³ (a²)ᵀ | Σ_samples δ³ | δ³ = ∂C/∂a³"),
        (
            "adventures",
            "(W^(3))ᵀ δ^(4) ⊙ tanh′(z^(3)) | δ^(3) (h^(2))ᵀ | Σ_samples δ^(3) | δ^(3) = ∂J/∂h^(3)",
        ),
        ("lfd", "δ^(3) (W^(3))ᵀ ⊙ tanh′(s^(2)) | (x^(1))ᵀ δ^(2) | Σ_samples δ^(2) | δ^(2) = ∂e/∂x^(2)"),
        ("ng", "(W^[3])ᵀ dZ^[3] ⊙ tanh′(Z^[2]) | dZ^[2] (A^[1])ᵀ | Σ_samples dZ^[2] | dZ^[2] = dA^[2]"),
    ],
)
def test_the_rules_in_every_notation(name: str, formulas: str) -> None:
    """Letters, numbers, orientation and signs are the source's own."""
    stated = statements(name)
    rules = "{dz_next @ W_next.T * slope(z)} | %s | {sum(dz, n)} | {dz} = {da}"
    right = stated.of_mistake(CATALOGUE["dw-transposed"])[0].right.partition(" = ")[2]
    assert stated.clause(rules) % right == formulas


@pytest.mark.parametrize(
    ("formula", "mathematics", "code"),
    [
        ("(a - y) / (a * (1 - a))", "(a³ − y) / (a³ ⊙ (1 − a³))", "(a2 - y) / (a2 * (1 - a2))"),
        ("-y / a", "−y / a³", "-y / a2"),
        ("-(a - y)", "y − a³", "y - a2"),
        ("a / y * z", "a³ ⊙ z³ / y", "a2 * z2 / y"),
        ("1 - a^2", "1 − (a³)²", "1 - a2**2"),
        ("2 * W", "2 · W³", "2 * W2"),
        ("share * a", "a³ / m", "a2 / m"),
        ("sum(dz_next, v)", "Σ_units δ⁴", "np.sum(dz3, axis=1)"),
        ("sum(a, u) * z", "(Σ_units a³) ⊙ z³", "np.sum(a2, axis=1, keepdims=True) * z2"),
        ("first_sample(dz, n)", "first_sample(δ³)", "first_sample(dz2)"),
        ("(z > 0) * da", "[z³ > 0] ⊙ ∂C/∂a³", "1.0 * (z2 > 0) * da2"),
        (
            "first_unit(first_unit(z, u) + z, u)",
            "only_first_unit(only_first_unit(z³) + z³)",
            "only_first_unit(only_first_unit(z2) + z2)",
        ),
        ("max(0, z)", "max(0, z³)", "np.maximum(0, z2)"),
        ("sigmoid(a)", "σ(a³)", "sigmoid(a2)"),
        ("slope_next(z_next)", "σ′(z⁴)", "sigmoid′(z3)"),
        ("a_prev", "a²", "a1"),
        ("dW_mirror + dW_first", "dW3 + dW2", "dW2 + dW1"),
        ("dz @ (W - eta * dW).T", "((W³)ᵀ − η · dW3ᵀ) δ³", "dz2 @ (W2.T - eta * dW2.T)"),
    ],
)
def test_every_kind_of_formula(formula: str, mathematics: str, code: str) -> None:
    """As paper and as code."""
    assert statements("nielsen").formula(formula) == mathematics
    assert statements("plain").formula(formula) == code


def sheets() -> st.SearchStrategy[str]:
    """Formulas of arrays with a row a sample and a column a unit of the layer."""
    leaves = st.sampled_from(
        ["z", "a", "da", "dz", "slope(z)", "(1 - a)", "(dz_next @ W_next.T)", "(sum(da * a, u) * z)"]
    )
    scalars = st.sampled_from(["2", "0.5", "m", "share", "(share / 3)", "eta"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        return st.one_of(
            pair,
            inner.map(lambda v: f"({v} @ W.T @ W)"),
            st.tuples(inner, scalars, st.sampled_from("*/")).map(lambda t: f"({t[0]} {t[2]} {t[1]})"),
            st.tuples(scalars, inner).map(lambda t: f"({t[0]} * {t[1]})"),
            inner.map(lambda v: f"(-{v})"),
            inner.map(lambda v: f"({v} / (2 + {v}^2))"),
            inner.map(lambda v: f"tanh({v})"),
            inner.map(lambda v: f"first_unit({v}, u)"),
        )

    return st.recursive(leaves, larger, max_leaves=8)


CASE = Drawn(draw(DEEP, 4, 11))
RIGHT = CASE.gradients()


@pytest.mark.slow
@given(sheet=sheets(), name=st.sampled_from(NOTATIONS))
def test_a_formula_means_what_the_catalogue_means(sheet: str, name: str) -> None:
    """Read back with the usual precedence it makes the same numbers, in the layout that the quantity has."""
    stated = Statements(notation(name, DEEP), CASE.equations, 2, {"eta": 0.1})
    names = values(stated, CASE.points[0], RIGHT)
    true = evaluated(sheet, CASE.points[0], 2, eta=0.1)
    shown = stated.notation.present({"dz2": true})["dz2"]
    read_back = np.broadcast_to(read(stated.formula(sheet), name, names), shown.shape)
    size = 1 + np.abs(shown).max()  # what cancels leaves roundoff
    assert np.allclose(read_back, shown, rtol=1e-5, atol=1e-5 * size)


def test_one_example_alone() -> None:
    """Nobody divides by m or sums over samples who has but one."""
    stated = statements("nielsen", 3, single=True)
    assert stated.of_mistake(CATALOGUE["db-not-summed"]) == (("db4 = δ⁴", "db4 = δ⁴"),)
    assert stated.formula("share * (a - y)") == "a⁴ − y"


def test_a_sum_over_the_batch() -> None:
    """Then J holds the whole of each example."""
    assert statements("nielsen", 3, DENSE["summed"]).formula("share * (a - y)") == "a⁴ − y"


def test_an_identity_is_left_out() -> None:
    """No learner multiplies by the slope of a straight line, or applies it."""
    (stated,) = statements("plain", 2, DENSE["scores"]).of_mistake(CATALOGUE["one-hot-forgotten"])
    assert stated.right == "dz2 = (softmax(a2, axis=1) - y) / m"


def test_a_known_number_stands_in_the_formula() -> None:
    """Where it is known what somebody multiplied by, it stands there."""
    mistake = CATALOGUE["stray-constant"]
    stated = statements("nielsen", 2, values={"k": 4})
    assert stated.clause(mistake.says) == "dW3 is multiplied by 4"
    assert stated.of_mistake(mistake) == (("dW3 = δ³ (a²)ᵀ", "dW3 = 4 · δ³ (a²)ᵀ"),)


def test_a_bias_that_is_part_of_the_weights() -> None:
    """Learning From Data has no b: it is the weights' row 0."""
    stated = statements("lfd")
    assert stated.of_mistake(CATALOGUE["db-left-out"])[0].right == "row 0 of dW2 = Σ_samples δ^(2)"
    assert stated.formula("2 * b") == "2 · row 0 of W^(2)"


def test_letters_and_numbers_of_a_spec() -> None:
    """A spec's letters stand in formulas, too; a letter that it gives to ∂J/∂a is that."""
    own = notation("nielsen", DEEP, letters={"a": "h{n}", "da": "e{n}"}, numbers={"a": -1})
    stated = Statements(own, Equations(DEEP), 2)
    assert stated.formula("da * slope(z)") == "e² ⊙ tanh′(z³)"
    assert stated.formula("a_prev") == "h¹"


def test_the_input_is_the_first_layers() -> None:
    """a_prev of layer 1 is x, and what goes back to it is dx."""
    stated = statements("ng", 1)
    assert stated.clause("{a_prev}, {da_prev}") == "X, dX"
    (statement,) = replace(stated, layer=0).of_mistake(CATALOGUE["weights-left-out"])
    assert statement == ("dX = (W^[1])ᵀ dZ^[1]", "dX = Σ_units dZ^[1]")


@pytest.mark.parametrize(
    ("slug", "right", "wrong"),
    [
        ("output-sign-flipped", "δ³ = (a³ − y) / m", "δ³ = (y − a³) / m"),
        ("softmax-diagonal-only", "δ³ = (a³ − y) / m", "δ³ = ∂C/∂a³ ⊙ a³ ⊙ (1 − a³)"),
        ("one-hot-forgotten", "δ³ = (a³ − y) / m", "δ³ = a³ / m"),
    ],
)
def test_a_softmax(slug: str, right: str, wrong: str) -> None:
    """Its δ is written as people write it where all cancels, also for a mistake that stands in ∂C/∂a."""
    assert statements("nielsen", 2, DENSE["classes"]).of_mistake(CATALOGUE[slug]) == ((right, wrong),)


@pytest.mark.parametrize(
    ("slug", "mathematics", "code"),
    [
        (
            "conv-kernel-not-rotated",
            "dx = overlap_add(Σ_filters (δ ⊙ flip(W)))",
            "dx = overlap_add(Σ_filters (dz ⊙ flip(w)))",
        ),
        ("bias-wrong-axes", "db = Σ_samples,filters,places δ", "db = Σ_samples,filters,places dz"),
        ("rnn-next-step-lost", "δₜ = doutₜ ⊙ tanh′(zₜ)", "dz[:, t] = dout[:, t] * tanh′(z[:, t])"),
        (
            "rnn-weights-not-transposed",
            "δₜ = (doutₜ + δₜ₊₁ Whᵀ) ⊙ tanh′(zₜ)",
            "dz[:, t] = (dout[:, t] + (dz[:, t + 1] @ Wh if t + 1 < T else 0)) * tanh′(z[:, t])",
        ),
        (
            "rnn-time-off-by-one",
            "dWh = Σₜ δₜᵀ outₜ",
            "dWh = sum(out[:, t].T @ dz[:, t] for t in range(T))",
        ),
    ],
)
def test_other_layers(slug: str, mathematics: str, code: str) -> None:
    """What a convolution's places and a recurrent layer's times make is said, too."""
    images = Stack((Conv2d(2, 3),), (1, 4, 4), LOSSES["upstream"](), "sum")
    times = Stack((Rnn(3),), (4, 2), LOSSES["upstream"](), "sum")
    stack = times if slug.startswith("rnn") else images
    for name, wrong in (("nielsen", mathematics), ("cs231n", code)):
        assert [one.wrong for one in statements(name, 1, stack).of_mistake(CATALOGUE[slug])] == [wrong]


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTATIONS)
def test_every_mistake_has_an_entry(name: str) -> None:
    """Without a spec: of a place where it can be made, with formulas that differ, and no braces left."""
    for mistake in CATALOGUE.values():
        stated = example(mistake, name)
        there = stated.equations.stack, stated.layer
        assert mistake.where.holds(*there) or mistake.slug == "accumulates-over-calls"
        equations = stated.of_mistake(mistake)
        assert any(right != wrong for right, wrong in equations), mistake.slug
        texts = [stated.clause(mistake.says), *(text for pair in equations for text in pair)]
        assert not any(sign in text for text in texts for sign in ("{", "}", "_prev", "_next", "share"))


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("plain", "dz[l] = dz[l+1] @ W[l+1].T * g′(z[l])"),
        ("cs231n", "dz[l] = dz[l+1] @ W[l+1].T * g′(z[l])"),
        ("nielsen", "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ g′(zˡ)"),
        ("adventures", "δ^(l) = (W^(l))ᵀ δ^(l+1) ⊙ g′(z^(l))"),
        ("lfd", "δ^(l) = δ^(l+1) (W^(l+1))ᵀ ⊙ g′(s^(l))"),
        ("ng", "dZ^[l] = (W^[l+1])ᵀ dZ^[l+1] ⊙ g′(Z^[l])"),
    ],
)
def test_layers_without_numbers(name: str, right: str) -> None:
    """The quantity that is spoken of is at l, and the others where the source numbers them from there."""
    mistake = CATALOGUE["hidden-slope-omitted"]
    (statement,) = example(mistake, name).of_mistake(mistake)
    assert statement.right == right


@pytest.mark.parametrize(
    ("slug", "name", "wrong"),
    [
        ("output-delta-reused", "nielsen", "δˡ = (Wˡ⁺¹)ᵀ δᴸ ⊙ g′(zˡ)"),
        ("layers-swapped", "adventures", "∂J/∂W^(l) = ∂J/∂W^(L-l)"),
        ("layers-swapped", "plain", "dW[l] = dW[L-l+1]"),
        ("own-output-as-input", "adventures", "∂J/∂W^(l) = δ^(l+1) (h^(l+1))ᵀ"),
        ("penalty-factor-two", "nielsen", "∂C/∂Wˡ = δˡ (aˡ⁻¹)ᵀ + 2 · λ · Wˡ"),
    ],
)
def test_layers_far_from_this_one(slug: str, name: str, wrong: str) -> None:
    """The last is L, and all are counted as the source counts them."""
    assert example(CATALOGUE[slug], name).of_mistake(CATALOGUE[slug])[0].wrong == wrong


@pytest.mark.slow
def test_statements_need_nothing_heavy() -> None:
    """A report that names a mistake costs no import of what reads specs or differentiates."""
    code = (
        "import sys, gradcheck.mistakes.statements; print({'torch', 'pydantic', 'yaml'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
