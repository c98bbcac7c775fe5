"""Formulas typed as plain text."""

from __future__ import annotations

import pytest
from formula_texts import complaints, misplaced, said, tree

from gradcheck.expr.registry import CALLED
from gradcheck.formulas.dialect import read
from gradcheck.formulas.errors import complaint
from gradcheck.formulas.names import FUNCTIONS
from gradcheck.formulas.tree import (
    Arguments,
    Bracket,
    Derivative,
    Matrix,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import followed_by_bracket

a, b, c, x, z = map(Symbol, "abcxz")
W, y = Symbol("W"), Symbol("y")


def n(value: float) -> Number:
    return Number(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a^2_1", Scripted(a, sup=n(2), sub=(n(1),))),
        ("a²₁", Scripted(a, sup=n(2), sub=(n(1),))),
        ("a2_1", Symbol("a2_1")),
        ("y_true", Symbol("y_true")),
        ("ŷ", Symbol("y_hat")),
        ("δ", Symbol("delta")),
        ("𝛿", Symbol("delta")),
        ("z^(2)", Scripted(z, sup=n(2), fence="(")),
        ("z⁽²⁾", Scripted(z, sup=n(2), fence="(")),
        ("z^[2]", Scripted(z, sup=n(2), fence="[")),
        ("zˡ⁺¹", Scripted(z, sup=Sum((Symbol("l"), n(1))))),
        ("z^(2)^2", Power(Scripted(z, sup=n(2), fence="("), n(2))),
        ("x**2", Power(x, n(2))),
        ("(x)^2", Power(Bracket(x), n(2))),
        ("x**-1", Power(x, Negative(n(1)))),
        ("w^3_{11}", Scripted(Symbol("w"), sup=n(3), sub=(n(1), n(1)))),
        ("w_{12,3}", Scripted(Symbol("w"), sub=(n(12), n(3)))),
        ("w^l_ij", Scripted(Symbol("w"), sup=Symbol("l"), sub=(Symbol("i"), Symbol("j")))),
        ("y_{true}", Scripted(y, sub=(Symbol("true"),))),
        ("W³ᵀ", Transpose(Scripted(W, sup=n(3)))),
        ("W3.T", Transpose(Symbol("W3"))),
        ("W^T", Transpose(W)),
        ("W'", Scripted(W, primes=1)),
        ("½", n(0.5)),
        ("W @ dC/da", Product((W, Quotient(Symbol("dC"), Symbol("da"))), ("@",))),
        ("W @ a/b", Quotient(Product((W, a), ("@",)), b)),
        ("ŷ_i", Symbol("y_hat_i")),
        ("yhat_i", Symbol("y_hat_i")),
        ("dŷ", Symbol("dy_hat")),
        ("∂C/∂a", Derivative(Symbol("C"), a)),
        ("dC/dw3_11", Quotient(Symbol("dC"), Symbol("dw3_11"))),
        ("[[a, b], [c, x]]", Matrix(((a, b), (c, x)))),
        ("[a; b]", Matrix(((a,), (b,)))),
        ("np.exp(-z)", Product((Symbol("exp"), Bracket(Negative(z))), ("",))),
        ("np.dot(W.T, b)", Product((Symbol("dot"), Bracket(Arguments((Transpose(W), b)))), ("",))),
        ("W.dot(b)", Product((W, Bracket(b)), ("@",))),
    ],
)
def test_a_text_has_this_tree(text: str, expected: object) -> None:
    """What is typed is told apart by its form alone: layers, powers, indices, transposes, names."""
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("delta2 = (W3.T @ delta3) * dsigmoid(z2)", ["delta2 = (W3^T @ delta3) * dsigmoid(z2)"]),
        ("dC/dw3_11 = a2_1*(a3_1 - y)*s'(z3_1)", ["dC/dw3_11 = a2_1 * (a3_1 - y) * s'(z3_1)"]),
        ("δ² = (W³)ᵀ δ³ ⊙ σ′(z²)", ["delta^2 = (W^3)^T delta^3 ⊙ sigma'(z^2)"]),
        ("∂C/∂w³₁₁ = ½·2(a³ − y) a²₁", ["∂C/∂w^3_{1,1} = 0.5 · 2 (a^3 - y) a^2_{1}"]),
        ("∂J/∂h ∂h/∂z · ∂z/∂w", ["∂J/∂h ∂h/∂z · ∂z/∂w"]),
        ("∂σ(z)/∂z", ["∂sigma(z)/∂z"]),
        ("∂/∂w ½(a − y)²", ["∂/∂w 0.5 (a - y)^2"]),
        ("ησ′(z)", ["eta sigma'(z)"]),
        ("np.dot(W.T, d) * np.exp(-z) / (1 + np.exp(-z))**2", ["dot(W^T, d) * exp(-z)/(1 + exp(-z))^2"]),
        ("db = dz.sum(axis=0, keepdims=True)", ["db = sum(dz, axis=0, keepdims=True)"]),
        ("1/f(x)", ["1/f(x)"]),
        ("a * -f (x)", ["a * -f(x)"]),
        ("1/m (a - y)", ["1/m (a - y)"]),
        ("dJ/da * da/dz", ["dJ/da * da/dz"]),
        ("X.T @ dz / m", ["X^T @ dz/m"]),
        ("-a*b + -c", ["-a * b - c"]),
        ("Σ_k w_kj δ_k", ["Σ_{k} w_kj delta_k"]),
        ("Σ_{k=1}^{n} a_k + b", ["Σ_{k=1}^{n} a_k + b"]),
        ("sum_{k=1}^n a_k b_k + c", ["Σ_{k=1}^{n} a_k b_k + c"]),
        ("sum_(k) a_k", ["Σ_{k} a_k"]),
        ("(z2 > 0) * d", ["(z2 > 0) * d"]),
        ("W3[0, 1] = x", ["W3[0, 1] = x"]),
        ("|a - y| + ||x||^2", ["|a - y| + ‖x‖^2"]),
        ("w := w - η*dw", ["w := w - eta * dw"]),
        ("x\u200b = 2\u2062y", ["x = 2 y"]),
    ],
)
def test_a_text_is_taken_for_this(text: str, expected: list[str]) -> None:
    """A whole formula, written out again, says what was typed."""
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b\n  = c\n  = d", ["a = b = c = d"]),
        ("a = b\nc = d  # why", ["a = b", "c = d"]),
        ("a = (b\n + c)", ["a = (b + c)"]),
        ("a = b +\n c", ["a = b + c"]),
        ("a = b\n + c", ["a = b + c"]),
        ("a =\n b", ["a = b"]),
        ("a = b\n-c = d", ["a = b", "-c = d"]),
        ("• a = b\n- c = d\n2. x = y", ["a = b", "c = d", "x = y"]),
        ("a = b, so c = d ⇒ x = y.", ["a = b", "c = d", "x = y"]),
        ("This is what I get:\na = b\nIs it right?", ["a = b"]),
        ("Output layer: a = b", ["a = b"]),
        ("(a) = b\n(b) c = x", ["(a) = b", "c = x"]),
        ("W x b\na δ δ", ["W x b", "a delta delta"]),
    ],
)
def test_lines_make_claims(text: str, expected: list[str]) -> None:
    """A line that begins or ends with a sign goes on; every other line is a claim of its own."""
    assert said(text) == expected


def test_places_are_those_of_the_text_as_typed() -> None:
    """A node knows where it stands, whatever was normalised on the way."""
    text = "ignored = 0\nδ³₁₁ = np.exp(½)"
    claim = read(text).claims[1]
    assert claim.line == 2
    assert [text[slice(*side.span)] for side in claim.sides] == ["δ³₁₁", "np.exp(½)"]
    assert not any(misplaced(side, text) for side in claim.sides)


def test_a_name_before_a_bracket_is_told() -> None:
    """Whether f(x) is a call is left open, but that it may be one can be asked."""
    product = tree("2 f'(x)^2 (a) b")
    assert isinstance(product, Product)
    assert [followed_by_bracket(product, i) for i in range(4)] == [False, True, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b * = c", ["=: = is out of place here"]),
        ("a = (b", ["(: the ( is never closed"]),
        ("a = b)", ["): the ) closes nothing, or comes too early"]),
        ("a = b +", [": something is missing here"]),
        ("a.real = b", [".real: .real is nothing that is known of an array: write .T, .dot(…) or .sum(…)"]),
        ("a = b + … + c", ["…: dots stand for terms that only you know: write them out, or write a sum"]),
        ("[[a, b], [c]]", ["[[a, b], [c]]: the rows of this matrix have 2, 1 entries"]),
        ("∂²C/∂w", ["∂²C/∂w: ∂ stands 2 times above and not so below"]),
        ("∂^7 C/∂w^7", ["7: derivatives are read up to the third"]),
        ("a^1_2_3", ["_: this has two subscripts"]),
    ],
)
def test_what_cant_be_read_is_pointed_at(text: str, expected: list[str]) -> None:
    """The complaint names the very characters that are wrong."""
    assert complaints(text) == expected


def test_a_complaint_is_drawn_with_a_caret() -> None:
    """What is wrong, the line with a caret under it, and what to do."""
    text = "x = y\na = b * ) c"
    (unread,) = read(text).unread
    assert str(complaint(unread, text, "answer.txt")).splitlines() == [
        "answer.txt:2:9: the ) closes nothing, or comes too early",
        "    a = b * ) c",
        "            ^",
        "help: look at the brackets before it",
    ]


def test_an_unreadable_step_leaves_the_others() -> None:
    """One bad side of a chain is left out, and the chain says that it isn't whole."""
    (chain, other) = read("a = b + ] = d\nx = y").claims
    assert chain.sides == (a, Symbol("d"))
    assert not chain.whole
    assert other.whole


@pytest.mark.parametrize("name", [n for n, f in CALLED.items() if f.arity == 1 and n.isalpha()])
def test_functions_of_the_registry_are_words(name: str) -> None:
    """Each is one name, and no product of letters; of LaTeX, a command."""
    assert name in FUNCTIONS
