"""Trees written out as text."""

from __future__ import annotations

import pytest
from formula_texts import misplaced, tree
from hypothesis import example, given
from hypothesis import strategies as st

from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Negative, Node, Number, Power, Product, Quotient, Sum, Symbol
from gradcheck.formulas.written import written

a, b, c = map(Symbol, "abc")

_NAMES = st.sampled_from(
    [
        "a",
        "w^3_{11}",
        "z^(2)",
        "a2_1",
        "δ",
        "s'",
        "W^T",
        "x^[1]",
        "y_{true}",
        "ŷ",
        "W³ᵀ",
        "x^{l+1}_{i,j+1}",
        "m",
    ]
)
_ATOMS = _NAMES | st.sampled_from(
    ["2", "0.5", "½", "∂C/∂w_{ij}", "∂/∂w", "∂²C/∂w∂b", "∂²/∂w∂b", "x²", "W[0, 1]", "[[a, b], [c, 2]]"]
)


def _larger(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from([" ", "*", " ⊙ ", " @ ", "/", " + ", " - ", "", " * -"])
    return st.one_of(
        st.builds("{}{}{}".format, smaller, operators, smaller),
        st.builds("({})".format, smaller),
        st.builds("[{}]".format, smaller),
        st.builds("|{}|".format, smaller.filter(lambda text: "|" not in text)),
        st.builds("{}({})".format, _NAMES, smaller),
        st.builds("({})^2".format, smaller),
        st.builds("({})^{{{}}}_1".format, smaller, smaller),
        st.builds("{}**{}".format, _NAMES, _ATOMS),
        st.builds("-{}".format, smaller),
        st.builds("Σ_{{k=1}}^n {}".format, smaller),
        st.builds("f({}, {})".format, smaller, smaller),
        st.builds("∂({})/∂w".format, smaller),
        st.builds("{}.sum(axis=0)".format, _NAMES),
        st.builds("{}.T".format, smaller),
    )


@given(st.recursive(_ATOMS, _larger, max_leaves=12))
@example("(a)a.sum(axis=0)")
def test_plain_text_survives(text: str) -> None:
    """What is read, written and read again is the same tree, and every node lies within its parent."""
    for claim in read(text).claims:
        for side in claim.sides:
            assert tree(written(side)) == side
            assert not misplaced(side, text)


_TEX = st.sampled_from(
    [
        r"\delta^{(l)}_j",
        r"\mathbf W^{[1]T}",
        r"\hat y",
        r"\frac12",
        r"x^\prime",
        r"\partial C/\partial w",
        "h_1^2",
        "2",
    ]
)


def _tex(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from([" ", r" \cdot ", r" \odot ", "/", "+", "-"])
    return st.one_of(
        st.builds("{}{}{}".format, smaller, operators, smaller),
        st.builds(r"\left({}\right)".format, smaller),
        st.builds(r"\frac{{{}}}{{{}}}".format, smaller, smaller),
        st.builds(r"\frac{{\partial {}}}{{\partial {}}}".format, smaller, smaller),
        st.builds(r"\frac{{\partial}}{{\partial w}} {}".format, smaller),
        st.builds(r"{{{}}}^2".format, smaller),
        st.builds(r"{{{}}}_{{ij}}".format, smaller),
        st.builds(r"\sigma'({})".format, smaller),
        st.builds(r"\sqrt{{{}}}".format, smaller),
        st.builds(r"\sum_{{k}} {}".format, smaller),
        st.builds(r"\| {} \|".format, smaller),
        st.builds(r"\begin{{bmatrix}} {} & a \\ b & c \end{{bmatrix}}".format, smaller),
    )


@given(st.recursive(_TEX, _tex, max_leaves=10))
def test_latex_survives(text: str) -> None:
    """What is read in LaTeX and written in plain form is the same tree, and every node lies in its place."""
    document = f"${text}$"
    for claim in read(document).claims:
        for side in claim.sides:
            assert tree(written(side)) == side
            assert not misplaced(side, document)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Product((Sum((a, b)), c), ("*",)), "(a + b) * c"),
        (Quotient(Product((a, b), ("*",)), Sum((b, Negative(c)))), "(a * b)/(b - c)"),
        (Power(Sum((a, b)), Number(2.0)), "(a + b)^2"),
        (Negative(Sum((a, b))), "-(a + b)"),
        (Sum((a, Sum((b, c)))), "a + (b + c)"),
    ],
)
def test_a_tree_that_was_never_text_gets_brackets(node: Node, expected: str) -> None:
    """Where a part would fall apart, it is put in brackets."""
    assert written(node) == expected
