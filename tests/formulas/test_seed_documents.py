"""The formulas of the four questions that this project began with."""

from __future__ import annotations

import pytest
from formula_texts import said, tree
from seed_formulas import FOUR_EQUATIONS, MATRIX_FORMULA, POSTED_CHAIN, TANH_DELTA

from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import (
    Bracket,
    Derivative,
    Matrix,
    Negative,
    Number,
    Power,
    Product,
    Scripted,
    Sum,
    Symbol,
)
from gradcheck.formulas.walk import nodes

DOCUMENTS = [TANH_DELTA, POSTED_CHAIN, MATRIX_FORMULA, FOUR_EQUATIONS]


@pytest.mark.parametrize(("text", "expected"), [pair for document in DOCUMENTS for pair in document])
def test_every_formula_is_read(text: str, expected: str) -> None:
    """Each formula is one claim, and says in plain form what was posted."""
    assert said(text) == [expected]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_are_read_in_order(document: list[tuple[str, str]]) -> None:
    """Between prose, the formulas of a document are found one by one, with the lines they stand on."""
    text = "".join(f"Some words, then\n  • {formula} and some more.\n" for formula, _ in document)
    claims = read(text).claims
    assert said(text) == [expected for _, expected in document]
    assert [claim.line for claim in claims] == [2 * i + 2 for i in range(len(document))]


def test_the_steps_of_the_tanh_delta_are_sides_of_one_chain() -> None:
    """A derivation in an aligned block is one claim with a side for every step."""
    (claim,) = read(TANH_DELTA[-1][0]).claims
    assert (len(claim.sides), set(claim.relations), claim.inline) == (7, {"="}, False)


def test_a_layer_and_a_power_on_one_letter_are_told_apart() -> None:
    """In y² - h⁽³⁾² the first 2 may be either; (3) is a layer, and the 2 outside the braces a power."""
    (claim,) = read(next(text for text, _ in POSTED_CHAIN if text.startswith("$J$ ="))).claims
    h = Scripted(Symbol("h"), sup=Number(3), fence="(", sub=(Number(1),))
    y = Scripted(Symbol("y"), sup=Number(2), sub=(Symbol("true"),))
    assert claim.sides[1] == Sum((y, Negative(Power(h, Number(2)))))


def test_a_matrix_keeps_its_rows() -> None:
    """A matrix is read entry by entry, the one that is printed twice as it is printed."""
    (claim,) = read(next(text for text, _ in MATRIX_FORMULA if r"w_{21}^2 \\ w_{21}^2" in text)).claims
    places = [[(1, 1), (2, 1)], [(2, 1), (2, 2)]]
    rows = [
        [Scripted(Symbol("w"), sup=Number(2), sub=(Number(i), Number(j))) for i, j in row] for row in places
    ]
    found = [node for node, _ in nodes(claim.sides[2]) if isinstance(node, Matrix)]
    assert Matrix(tuple(map(tuple, rows))) in found


def test_a_derivative_before_a_square_takes_all_of_it() -> None:
    """∂/∂w in front applies to the whole product that follows."""
    (claim,) = read(next(text for text, _ in FOUR_EQUATIONS if "[\\sigma" in text)).claims
    derivative = claim.sides[0]
    assert isinstance(derivative, Derivative)
    assert isinstance(derivative.of, Product)
    assert isinstance(derivative.of.factors[1], Power)


def test_a_derivative_without_anything_is_kept() -> None:
    """∂/∂w = … says nothing of what is derived, and stays so."""
    (claim,) = read(FOUR_EQUATIONS[-1][0]).claims
    assert isinstance(claim.sides[0], Derivative)
    assert claim.sides[0].of is None


def test_the_brackets_of_the_own_answer_are_kept() -> None:
    """A product in brackets that stands between stars keeps its brackets."""
    side = tree("a^1_1*((a^3-y)s'(z^3_1))*s'(z^2_1)")
    assert isinstance(side, Product)
    assert isinstance(side.factors[1], Bracket)
    assert side.operators == ("*", "*", "")
