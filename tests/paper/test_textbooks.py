"""Derivations as textbooks have them, each with its counterpart that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gradcheck.derivation.records import Standing
from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import BigSum
from gradcheck.formulas.walk import nodes
from gradcheck.formulas.written import written
from gradcheck.paper.check import check
from gradcheck.paper.rewriting.nabla import gradients_by
from gradcheck.paper.rewriting.normal import normal

CLAIMS = Path(__file__).parents[2] / "benchmarks" / "claims" / "textbooks.yaml"
NORM = "μ = 1/m Σ_i x_i\nσ² = 1/m Σ_i (x_i - μ)²\nx̂_i = (x_i - μ)/√(σ² + ε)\ny_i = γ x̂_i + β\n"
LOGISTIC = "h_θ(x) = 1/(1+e^{-θ^T x})\nJ = -1/m Σ_i y_i log h_θ(x_i) + (1-y_i) log(1-h_θ(x_i))\n"
WORDS = "J = -log σ(u_o^T v) - Σ_k log σ(-u_k^T v)\n"
MARGIN = "L = ½‖w‖² + C Σ_i max(0, 1 - y_i (w·x_i + b))\n"
HIGH = "L = (x - μ)²/σ² + log σ²\n"
LIKELY = "log p = -(x - μ)²/2\n"


def claim_of(text: str) -> Standing:
    """What is said of the text's last claim, up to its condition."""
    *_, one = (claim for claim in check(text, "text").claims if claim.standing is not Standing.UNCHECKED)
    return one.standing


@pytest.mark.parametrize(
    ("before", "right", "wrong"),
    [
        ("y_i = c h_i\n", "∂L/∂h_i = c ∂L/∂y_i", "∂L/∂h_i = ∂L/∂y_i / c"),
        ("L = Σ_i (y_i - ŷ_i)²\n", "∂L/∂ŷ_k = -2 (y_k - ŷ_k)", "∂L/∂ŷ_k = 2 (y_k - ŷ_k)"),
        ("y_i = g x_i\n", "dL/dg = sum_j dL/dy_j x_j", "dL/dg = sum_j dL/dy_j"),
        (NORM, "∂L/∂σ² = Σ_i ∂L/∂x̂_i (x_i - μ) (-1/2) (σ² + ε)^(-3/2)",
         "∂L/∂σ² = Σ_i ∂L/∂x̂_i (x_i - μ) (-1/2) (σ² + ε)^(-1/2)"),
        (NORM, "∂L/∂x_i = ∂L/∂x̂_i /√(σ² + ε) + ∂L/∂σ² 2(x_i - μ)/m + ∂L/∂μ /m",
         "∂L/∂x_i = ∂L/∂x̂_i /√(σ² + ε) + ∂L/∂μ /m"),
        (LOGISTIC, "∇J = 1/m Σ_i (h_θ(x_i) - y_i) x_i", "∇J = 1/m Σ_i (h_θ(x_i) + y_i) x_i"),
        (WORDS, "∂J/∂u_o = (σ(u_o^T v) - 1) v", "∂J/∂u_o = σ(u_o^T v) v"),
        (WORDS, "∂J/∂u_k = (1 - σ(-u_k^T v)) v", "∂J/∂u_k = σ(-u_k^T v) v"),
        (MARGIN, "∂L/∂b = -C Σ_i y_i 1[y_i (w·x_i + b) < 1]", "∂L/∂b = C Σ_i y_i 1[y_i (w·x_i + b) < 1]"),
        (HIGH, "dL/dσ² = -(x - μ)²/σ⁴ + 1/σ²", "dL/dσ² = -(x - μ)²/σ⁴ + 2/σ"),
        (LIKELY, "d log p/dμ = x - μ", "d log p/dμ = μ - x"),
        ("y = γ ⊙ x + β\n", "∂L/∂β = ∂L/∂y", "∂L/∂β = x ⊙ ∂L/∂y"),
        ("f = x^T A x\n", "∇f = (A + A^T) x", "∇f = 2 A x"),
        ("f = sin(x); g = x^2; h = f g\n", "h' = f' g + f g'", "h' = f' g'"),
        ("f(x, y) = x e^{xy}\n", "∂_y f = x² e^{xy}", "∂_y f = x e^{xy}"),
        ("c' = f ⊙ c; h = o ⊙ tanh(c')\n", "∂L/∂o = ∂L/∂h ⊙ tanh(c')", "∂L/∂o = ∂L/∂h ⊙ c'"),
        ("L = -Σ (Y log A + (1 - Y) log(1 - A)), A = σ(Z)\n", "∂L/∂Z = A - Y", "∂L/∂Z = Y - A"),
        ("s = W x; L = Σ_{j≠y} max(0, s_j - s_y + 1)\n", "∂L/∂s_j = (s_j - s_y + 1 > 0) for j ≠ y",
         "∂L/∂s_j = (s_j - s_y > 0) for j ≠ y"),
        ("f(x) = sin 2x\n", "f'(x) = 2 cos 2x", "f'(x) = sin 2"),
        ("f(x) = log_2(x)\n", "f'(x) = 1/(x ln 2)", "f'(x) = 1/x"),
        (r"$f(x) = \log_{10} x$, ", r"$f'(x) = \frac{1}{x\ln 10}$", r"$f'(x) = \frac{1}{x}$"),
        (r"$f(x) = \sqrt[3]{x}$, ", r"$f'(x) = \frac13 x^{-2/3}$", r"$f'(x) = \frac12 x^{-1/2}$"),
        (r"$f(x) = \tan^{-1} x$, ", r"$f'(x) = \frac{1}{1+x^2}$", r"$f'(x) = \frac{1}{1-x^2}$"),
        ("y = x^2; dy/dx = 2x\n", "y = x^3; dy/dx = 3x^2", "y = x^3; dy/dx = 2x"),
        ("L = (a-y)^2/2    (1)\n", "dL/da = a - y    (2)", "dL/da = y - a    (2)"),
        ("z = w x (pre-activation); a = tanh(z) (activation)\n", "da/dw = (1 - a^2) x", "da/dw = (1 - a) x"),
        ("x = 3; y = ln(x)\n", "dy/dx = 0.3333", "dy/dx = 0.3343"),
        ("d = 1/2 ||x - x'||^2\n", "∂d/∂x' = x' - x", "∂d/∂x' = x - x'"),
        ("f = a^T X^2 b\n", "df/dX = a b^T X^T + X^T a b^T", "df/dX = 2 X^T a b^T"),
        ("f(x) = x^T x\n", "grad f = 2x", "grad f = x"),
        ("p = softmax(z); L = -log p_c\n", "dL/dz_i = p_i - 1[i=c]", "dL/dz_i = p_i"),
        (r"$r = Ax - b$ and $f = r^Tr$. ", r"$\nabla_x f = 2A^Tr$", r"$\nabla_x f = A^Tr$"),
        ("C = A B\n", "dC_ij/dA_ik = B_kj", "dC_ij/dA_ik = B_jk"),
        ("m = (1/n) sum_i x_i; v = (1/n) sum_i (x_i - m)^2\n", "dv/dx_j = (2/n) (x_j - m)",
         "dv/dx_j = (1/n) (x_j - m)"),
    ],
)  # fmt: skip
def test_derivations(before: str, right: str, wrong: str) -> None:
    """The step is right as books have it, and wrong with one thing changed."""
    assert claim_of(before + right) is Standing.RIGHT
    assert claim_of(before + wrong) is Standing.WRONG


def test_functions_of_which_nothing_is_known_are_unlike() -> None:
    """So u/v is not 1."""
    text = "f(x) = u(x)/v(x)\nf'(x) = "
    assert claim_of(f"{text}(u'(x) v(x) - u(x) v'(x))/v(x)^2") is Standing.RIGHT
    assert claim_of(f"{text}u'(x)/v'(x)") is not Standing.RIGHT
    assert claim_of(f"{text}0") is not Standing.RIGHT


@pytest.mark.parametrize(
    ("claim", "terms"),
    [
        ("L = -Σ_i a_i + b_i", "a_i + b_i"),
        ("L = -Σ_i a_i - b_i", "a_i + b_i"),
        ("L = 1/m Σ_i a_i - b_i", "a_i - b_i"),
        ("L = Σ_i a_i + b", "a_i"),
        ("z_i = Σ_j w_ij + b_i", "w_{i,j}"),
    ],
)
def test_how_far_a_sum_reaches(claim: str, terms: str) -> None:
    """A term behind it that has its letter is within it."""
    (found,) = normal(read(claim).claims)
    (body,) = (node.body for node, _ in nodes(found.sides[1]) if isinstance(node, BigSum))
    assert written(body).replace("{i}", "i") == terms


def test_what_a_bare_gradient_is_by() -> None:
    """The parameters come before the data."""
    by = gradients_by(read("J = ||X w - y||^2\n∇J = 2 X^T (X w - y)").claims)
    assert {name: symbol.text for name, symbol in by.items()} == {"J": "w"}


def test_no_verdict_on_a_derivation_of_a_book_is_false() -> None:
    """Of all that are kept; most are judged."""
    judged = total = 0
    for entry in yaml.safe_load(CLAIMS.read_text(encoding="utf-8")):
        found = {one.text: one.standing for one in check(entry["text"], "text").claims}
        for claim in entry["claims"]:
            standing = found.get(claim["text"])
            total += claim["truth"] != "definition"
            judged += standing in (Standing.RIGHT, Standing.WRONG)
            assert standing is not Standing.WRONG or claim["truth"] == "wrong", claim["text"]
            assert standing is not Standing.RIGHT or claim["truth"] != "wrong", claim["text"]
    assert judged > 0.85 * total


@pytest.mark.parametrize(
    "text", ["L = (a-y)^2; dL/da = 0 if a = y", "$L = (a-y)^2$; $\\frac{dL}{da} = 0$ at $a = y$"]
)
def test_where_a_condition_cannot_be_tried_nothing_is_blamed(text: str) -> None:
    """Nor is the condition."""
    assert Standing.WRONG not in {claim.standing for claim in check(text, "text").claims}
