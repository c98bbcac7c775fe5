"""Formulas in LaTeX."""

from __future__ import annotations

import pytest
from formula_texts import complaints, misplaced, said, tree

from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import (
    BigSum,
    Bracket,
    Derivative,
    Matrix,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)

a, b, h, i, j, l, w = map(Symbol, "abhijlw")  # noqa: E741
W, L = Symbol("W"), Symbol("L")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\delta_1^{(L)}", Scripted(Symbol("delta"), sup=L, fence="(", sub=(Number(1),))),
        (r"w_{ij}^{(l)}", Scripted(w, sup=l, fence="(", sub=(i, j))),
        (r"w^{l}_{i,j}", Scripted(w, sup=l, sub=(i, j))),
        (r"\mathbf{W}^3", Scripted(W, sup=Number(3))),
        (r"\mathbf W", W),
        (r"y_{\text{true}}", Scripted(Symbol("y"), sub=(Symbol("true"),))),
        (r"\theta^{\prime}", Scripted(Symbol("theta"), primes=1)),
        (r"\theta'", Scripted(Symbol("theta"), primes=1)),
        (r"{h_1^{(3)}}^2", Power(Scripted(h, sup=Number(3), fence="(", sub=(Number(1),)), Number(2))),
        (r"(a)^2", Power(Bracket(a), Number(2))),
        (r"W^T", Transpose(W)),
        (r"W^\top", Transpose(W)),
        (r"W^{\mathsf T}", Transpose(W)),
        (r"A^{[1]T}", Transpose(Scripted(Symbol("A"), sup=Number(1), fence="["))),
        (r"\frac12", Quotient(Number(1), Number(2))),
        (r"\tfrac{1}{2}", Quotient(Number(1), Number(2))),
        (r"\frac{a+b}{2}", Quotient(Bracket(Sum((a, b))), Number(2))),
        (r"\frac{\partial a}{\partial w}", Derivative(a, w)),
        (r"\frac{\partial}{\partial w} a b", Derivative(Product((a, b), ("",)), w)),
        (r"\frac{\partial }{\partial w}", Derivative(None, w)),
        (r"\frac{da}{dw}", Derivative(a, w)),
        (r"\frac{\mathrm{d}a}{\mathrm{d}w}", Derivative(a, w)),
        (r"\partial a / \partial w", Derivative(a, w)),
        (r"\sum_{j=1}^{n} a_j", BigSum((j,), Number(1), Symbol("n"), Scripted(a, sub=(j,)))),
        (r"\sum_i a", BigSum((i,), None, None, a)),
        (r"\begin{bmatrix} a & b \\ h & i \end{bmatrix}", Matrix(((a, b), (h, i)))),
        (r"\left[\begin{array}{cc} a & b \end{array}\right]", Matrix(((a, b),))),
        (r"\hat{y}_i", Scripted(Symbol("y_hat"), sub=(i,))),
        (r"\nabla_a L", Product((Scripted(Symbol("nabla"), sub=(a,)), L), ("",))),
        (r"\ell", l),
        (r"a^{\langle i \rangle}", Scripted(a, sup=i, fence="⟨")),
    ],
)
def test_a_text_has_this_tree(text: str, expected: object) -> None:
    """Commands that only change the look leave no trace; the others are nodes."""
    assert tree(f"${text}$") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\tanh^2 s", ["tanh^2 s"]),
        (
            r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
            ["delta^l = ((w^{l + 1})^T delta^{l + 1}) ⊙ sigma'(z^l)"],
        ),
        (r"2\left( x_1^{(L)} - y_n \right)^2", ["2 (x^(L)_{1} - y_{n})^2"]),
        (r"\bigl( a \bigr) \cdot b \times c", ["(a) · b · c"]),
        (r"dW^{[2]} = \frac1m dZ^{[2]} A^{[1]T}", ["dW^[2] = 1/m dZ^[2] A^[1]^T"]),
        (r"\mathbf Wx + b", ["W x + b"]),
        (r"sigmoid(x) \cdot w_{in}", ["sigmoid(x) · w_{in}"]),
        (r"\operatorname{diag}(a) \label{eq:1} \tag{3}.", ["diag(a)"]),
        (r"\underbrace{a+b}_{\text{the loss } C} c", ["(a + b) c"]),
        (r"a = b, \quad c = d \qquad x = y", ["a = b", "c = d", "x = y"]),
        (r"a = b \text{ and } c = d \implies x \equiv y", ["a = b", "c = d", "x ≡ y"]),
        (r"\begin{aligned} & a \\ & = b \\ & \cdot c \\ d &= e \end{aligned}", ["a = b · c", "d = e"]),
        (r"\begin{align*} a &= b \\[2pt] &= c \nonumber \end{align*}", ["a = b = c"]),
        (r"\begin{array}{rcl} a &=& b \\ c &=& d \end{array}", ["a = b", "c = d"]),
        ("\\delta = b\n= c % a note\nx = y", ["delta = b = c", "x = y"]),
        (r"\sqrt{a + b}^2 + \|x\|", ["sqrt(a + b)^2 + ‖x‖"]),
        (r"\theta \leftarrow \theta - \eta \nabla J", ["theta ← theta - eta nabla J"]),
        (r"\frac{\sigma\left(z\right)}{m} / f\left(x\right)", ["sigma(z)/m/f(x)"]),
        (r"dC/d\theta_1 + d/d\theta\, C", ["∂C/∂theta_{1} + ∂C/∂theta"]),
        (r"W^T d\mathbf{a}_2/d\mathbf{z} + \mathrm{d}C/\mathrm{d}z", ["W^T ∂a_{2}/∂z + ∂C/∂z"]),
        (r"1/d \sum_i x_i + W d / d", ["1/d Σ_{i} x_{i} + W d/d"]),
    ],
)
def test_a_text_is_taken_for_this(text: str, expected: list[str]) -> None:
    """A whole formula, written out in plain form."""
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\foo = 1", [r"\foo: \foo is not known: if it is a name, write \mathrm{foo}"]),
        (
            r"\delta = \begin{picture} a \end{picture}",
            [r"\begin{picture}: the environment picture is not read: write its lines one by one"],
        ),
        (
            r"\frac{\partial a}{w}",
            [r"\frac{\partial a}{w}: ∂ stands in one half of this fraction only, or alone"],
        ),
        (r"\frac{a}{b", ["{: the { is never closed"]),
        (
            r"a_1 + \dots + b_n",
            [r"\dots: dots stand for terms that only you know: write them out, or write a sum"],
        ),
    ],
)
def test_what_cant_be_read_is_pointed_at(text: str, expected: list[str]) -> None:
    """The complaint names the command or the bracket that is wrong."""
    assert complaints(text) == expected


def test_a_relation_within_brackets_is_none_of_the_chain() -> None:
    """After an unreadable side the reader goes on at the next relation of the chain itself."""
    (claim,) = read(r"\frobnicate{a, w=0} = b = h").claims
    assert (claim.sides, claim.relations, claim.whole) == ((b, h), ("=",), False)


def test_places_are_those_of_the_text() -> None:
    """A node's place holds the very commands it was written with."""
    text = r"\delta^{[1]T}_1 = \frac{\mathbf{a}}{2} \left(\sigma'(z)\right)^2 \hat{y}"
    (claim,) = read(text).claims
    assert text[slice(*claim.sides[0].span)] == r"\delta^{[1]T}_1"
    assert not any(misplaced(side, text) for side in claim.sides)
