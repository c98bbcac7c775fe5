"""What may change in a right formula, and what may not."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.course.beside import SpecChecker

SPECS = Path(__file__).parent.parent.parent / "specs"
SAMPLES = settings(max_examples=25, deadline=None)

RIGHT = (
    ("dC/dw3_11", ("a2_1", "(a3_1 - y)", "s'(z3_1)")),
    ("dC/dw2_12", ("x_2", "w3_11", "(a3_1 - y)", "a3_1", "(1 - a3_1)", "a2_1", "(1 - a2_1)")),
    (r"∂C/∂b^2_{j}", (r"w^3_{1j}", r"δ^3_1", r"σ'(z^2_j)")),
    (r"∂C/∂w^l_{jk}", (r"a^{l-1}_k", r"δ^l_j")),
)
"""Left sides, and the factors of what they are."""
LETTERS = st.permutations("ijkpqr").map(lambda chosen: str.maketrans("jk", "".join(chosen[:2])))


@cache
def checker(spec: str = "two_layer") -> SpecChecker:
    """One for each spec."""
    return SpecChecker(SPECS / f"{spec}.yaml")


def judged(text: str, spec: str = "two_layer") -> Derivation:
    return checker(spec).check(text, "text")


def standing(text: str, spec: str = "two_layer") -> Standing:
    return judged(text, spec).standing


@st.composite
def products(draw: st.DrawFn) -> tuple[str, str]:
    """A right left side, and its factors in any order and in any brackets."""
    left, factors = draw(st.sampled_from(RIGHT))
    shown = [draw(st.sampled_from(("{}", "({})", "[{}]", "(({}))"))).format(f) for f in factors]
    return left, " * ".join(draw(st.permutations(shown)))


@pytest.mark.slow
@SAMPLES
@given(products())
def test_order_and_brackets_of_factors_do_not_matter(product: tuple[str, str]) -> None:
    """A product of numbers stays right."""
    left, right = product
    assert standing(f"{left} = {right}") is Standing.RIGHT


@pytest.mark.slow
@SAMPLES
@given(LETTERS)
def test_free_letters_have_any_name(letters: dict[int, int]) -> None:
    """w_jk and w_pq are the same entries."""
    text = r"∂C/∂w^l_{jk} = a^{l-1}_k δ^l_j".translate(letters)
    assert standing(text) is Standing.RIGHT


@pytest.mark.slow
@SAMPLES
@given(LETTERS)
def test_letters_in_the_wrong_places_are_wrong_under_any_name(letters: dict[int, int]) -> None:
    """And right are none of them."""
    text = r"∂C/∂w^l_{jk} = a^{l-1}_j δ^l_k".translate(letters)
    assert standing(text) is Standing.WRONG


@pytest.mark.slow
@SAMPLES
@given(products(), st.floats(-1e3, 1e3).map(lambda c: round(c, 3)))
def test_a_constant_too_many_is_wrong(product: tuple[str, str], constant: float) -> None:
    """Whichever but 1, also 0 and those near to 1; the claim is about something that is not 0."""
    assume(constant != 1)
    left, right = product
    sign = "-" if constant < 0 else ""
    assert standing(f"{left} = {sign}{abs(constant):.3f} * {right}") is Standing.WRONG


@pytest.mark.slow
@SAMPLES
@given(
    st.lists(st.sampled_from(["δ^3", "(a^3 - y) σ'(z^3)", "(a^3 - y) a^3 (1 - a^3)", "∂C/∂z^3"]), min_size=2)
)
def test_chains_of_equal_sides_are_right_in_any_order(sides: list[str]) -> None:
    """Equality goes both ways."""
    assert standing(" = ".join(sides)) is Standing.RIGHT


@pytest.mark.slow
@SAMPLES
@given(st.integers(1, 4), st.booleans())
def test_the_step_that_breaks_is_found(at: int, back: bool) -> None:
    """The first that is not what stands before it; the end may be right all the same."""
    sides = ["δ^3", *["(a^3 - y) σ'(z^3)"] * 4]
    sides[at] = "(a^3 + y) σ'(z^3)"
    if back:
        sides.append("∂C/∂z^3")
    claim = judged(" = ".join(sides)).claims[0]
    first = [step.standing for step in claim.steps].index(Standing.WRONG)
    assert first == at
    assert claim.end_right == (back or at < 4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("δ^2 = (W^3)^T δ^3 ⊙ σ'(z^2)", "δ^2 = W^3 δ^3 ⊙ σ'(z^2)"),
        ("dW3 = δ^3 (a^2)^T", "dW3 = a^2 (δ^3)^T"),
        ("z^2 = W^2 x + b^2", "z^2 = x W^2 + b^2"),
        ("C = 1/2 (a^3 - y)^2", "C = (a^3 - y)^2"),
        ("∂a^2_1/∂z^2_1 = a^2_1 (1 - a^2_1)", "∂a^2_1/∂z^2_1 = a^2_1 (1 - z^2_1)"),
        ("∂z^3_1/∂a^2_k = w^3_{1k}", "∂z^3_1/∂a^2_k = w^2_{1k}"),
        ("∂z^2_1/∂w^2_{21} = 0", "∂z^2_1/∂w^2_{21} = 1e-12 x_1"),
        ("σ(z) = 1/(1 + e^{-z})", "σ(z) = 1/(1 + e^{z})"),
    ],
)
def test_textbook_rules_are_right_and_their_near_misses_wrong(right: str, wrong: str) -> None:
    """Also those that differ from it by a number too small for an absolute tolerance."""
    assert standing(right) is Standing.RIGHT
    assert standing(wrong) is Standing.WRONG


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("δ^3 = 10^{200} 10^{200}", "infinite"),
        ("δ^3 = log(0 - 1)", "not a number"),
        ("δ^3 = η a^3", "the text does not say what eta is"),
        (r"C = \sum_{k=1}^{10000000} k", "over what k runs"),
        ("h = h + 1\nC = h", "the text does not say what h is"),
    ],
)
def test_what_has_no_finite_value_is_not_called_wrong(text: str, reason: str) -> None:
    """Nobody can tell, and the reason is said."""
    found = judged(text)
    assert found.standing is Standing.CANNOT_TELL
    assert any(reason in step.message for claim in found.claims for step in claim.steps)


def test_the_values_for_which_a_step_fails_are_said() -> None:
    """A formula with free letters that holds for some of them."""
    claim = judged(r"∂C/∂w^3_{1k} = δ^3_1 a^2_1").claims[0]
    assert claim.standing is Standing.WRONG
    assert any("it fails for k = " in note and "holds for other values" in note for note in claim.notes)


@pytest.mark.parametrize(
    "text",
    [
        r"z^2_j = \sum_k w^2_{kj} x_k + b^2_j",
        "z2_1 = w2_11*x_1 + w2_21*x_2 + b2_1",
    ],
    ids=repr,
)
def test_indices_in_the_other_order_are_told(text: str) -> None:
    """A wrong step that is right with w_jk for w_kj says so, and nothing of what was noticed before."""
    claim = judged(text).claims[0]
    assert claim.standing is Standing.WRONG
    assert claim.mistake.startswith("It is right with the indices of the weights in the other order")
    assert not claim.notes
    assert judged(text.replace("x_", "b_")).claims[0].mistake != claim.mistake


def test_an_entry_that_the_first_side_has_and_another_has_not_is_wrong() -> None:
    """The letters run over what the claim is about, not over what suits all sides."""
    assert standing(r"z^2_j = z^2_j x_j / x_j") is Standing.WRONG


@pytest.mark.parametrize(
    ("text", "by_chance"),
    [
        ("δ^2 = (W^3)^T δ^3 ⊙ σ'(z^2)", False),
        ("delta2 = W3.T * delta3 * dsigmoid(z2)", True),
        (r"δ^l_j = \sum_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)", False),
        ("C = 1/2 (a^3 - y)^2", False),
        ("∂C/∂w^3_{1k} = δ^3 a^2_k", False),
    ],
)
def test_what_holds_for_one_output_alone_is_told(text: str, by_chance: bool) -> None:
    """The spec has a case of other sizes; entries with numbers are about this network."""
    claim = judged(text).claims[0]
    assert claim.standing is Standing.RIGHT
    assert any("not for others, such as 3-" in note for note in claim.notes) == by_chance


SOUP = (
    r"= + - * / ^ _ ( ) [ ] { } . , ' 1 2 0 a3 z^2 W^3 δ^l x y C σ σ'(z^2) \frac \sum_k \delta \odot ∂ e^ T "
    r"dC/d w_{ij} h L l m exp sum np.sum axis=0 nabla_a ; \\ & $ 1e9 10^10^10 \begin{bmatrix} \end{bmatrix}"
)
TOKENS = st.sampled_from(SOUP.split(" "))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(TOKENS, max_size=25).map(" ".join)))
@example("a3 = " + "(" * 200)
@example("C = __import__('os')")
@example("\x00\x1b[31m = \x07")
def test_no_text_makes_the_check_fail(text: str) -> None:
    """Whatever is in it, something is said."""
    assert standing(text) in set(Standing)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        r"C = \sum_{k=1}^{9000} \sum_{j=1}^{9000} k j",
        "\n".join(["q0 = a3", *(f"q{n} = q{m} + q{m}" for m, n in pairwise(range(60))), "C = q59"]),
        "\n".join(["q0 = a3", *(f"q{n} = q{m} + 1" for m, n in pairwise(range(400))), "C = q399"]),
        "C = " + " + ".join(f"w^({a})_{{{b}{c}}}" for a in "pqrst" for b in "ijk" for c in "uvw"),
        "dW2 = outer(outer(outer(outer(outer(W2, W2), W2), W2), W2), W2)",
        "dW2 = diag(diag(diag(diag(W2))))",
        "C = " + " + ".join([r"\frac{\partial a^3}{\partial w^2_{11}}"] * 150),
    ],
)
def test_what_takes_long_is_given_up_or_wrong(text: str) -> None:
    """An answer comes in time, and none of it is called right."""
    assert standing(text) in (Standing.CANNOT_TELL, Standing.WRONG)
