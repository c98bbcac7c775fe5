"""Texts without a spec: what they define is the network, and each claim is tried on it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.errors import UsageError
from gradcheck.formulas.tree import Claim
from gradcheck.paper.check import check
from gradcheck.paper.judge import Outcome, Way
from halves import some

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
LEAST_SQUARES = "L = ||A x - b||^2\n"
SOFTMAX = r"$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$, $L = -\sum_k y_k \log p_k$, "
LAYERS = "z = W x + b; a = sigma(z); C = 1/2 ||a - y||^2; "


def judged(text: str, *, shapes: str = "", where: str = "") -> Derivation:
    return check(text, "text", shapes=shapes, where=where)


def last(text: str, *, shapes: str = "", where: str = "") -> Standing:
    """What is said of the text's last claim."""
    return judged(text, shapes=shapes, where=where).claims[-1].standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("d/dx x^2 = 2x", RIGHT),
        ("d/dx x^2 = x", WRONG),
        ("d/dx(x^3) x = 3 x^3", RIGHT),
        ("e=(x-y)^2; x=tanh(s); de/ds = 2(x-y)(1-x^2)", RIGHT),
        ("e=(x-y)^2; x=tanh(s); de/ds = 2(x-y)(1-x)", WRONG),
        ("f(x) = x^3, f'(x) = 3x^2", RIGHT),
        ("f(x) = x^3, f'(x) = x^2", WRONG),
        ("e = x - y; L = e^2; dL/dx = 2 e", RIGHT),
        ("L = e^{2x}; dL/dx = 2 e^{2x}", RIGHT),
        (r"$f(x) = \begin{cases} x^2 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}$,"
         r" $\frac{df}{dx} = 2 x (x > 0)$", RIGHT),
    ],
)  # fmt: skip
def test_functions_of_numbers(text: str, standing: Standing) -> None:
    """As they are written down, with a definition or without."""
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (LEAST_SQUARES + "dL/dx = 2 A^T (A x - b)", RIGHT),
        (LEAST_SQUARES + "dL/dx = 2 (A x - b)^T A", RIGHT),
        (LEAST_SQUARES + "dL/dx = 2 A (A x - b)", WRONG),
        (LEAST_SQUARES + "dL/dx = 2 (A x - b)", WRONG),
        ("J = x^T A x; dJ/dx = (A + A^T) x", RIGHT),
        ("J = x^T A x; dJ/dx = 2 A x", WRONG),
        ("J = x^T A x; dJ/dA = x x^T", RIGHT),
        ("J = tr(A X B); dJ/dX = A^T B^T", RIGHT),
        ("J = tr(A X B); dJ/dX = B A", WRONG),
        ("z = W x; dz/dx = W", RIGHT),
        ("z = W x; dz/dx = W^T", RIGHT),
        ("z = W x; dz/dx = 2 W", WRONG),
        (LAYERS + "∂C/∂W = ((a - y) ⊙ a ⊙ (1 - a)) x^T", RIGHT),
        (LAYERS + "∂C/∂W = (a - y) x^T", WRONG),
        (LAYERS + "∂C/∂b = (a - y) ⊙ sigma'(z)", RIGHT),
    ],
)
def test_functions_of_vectors_and_matrices(text: str, standing: Standing) -> None:
    """Nobody says what is a matrix: products do."""
    assert last(text) is standing


NORM = (
    r"$\mu = \frac1m \sum_i x_i$, $v = \frac1m \sum_i (x_i - \mu)^2$,"
    r" $\hat x_i = \frac{x_i - \mu}{\sqrt{v + \epsilon}}$, $y_i = \gamma \hat x_i + \beta$,"
    r" $L = \sum_i g_i y_i$, "
)
ATTENTION = "S = Q K^T / sqrt(d); A = softmax(S); O = A V; L = sum(G * O); "
LSTM = (
    "f = σ(W_f x + U_f h + b_f); i = σ(W_i x + U_i h + b_i); g = tanh(W_g x + U_g h + b_g);"
    " o = σ(W_o x + U_o h + b_o); c = f ⊙ k + i ⊙ g; s = o ⊙ tanh(c); L = sum(r ⊙ s); "
)
RIDGE = "L = 1/(2m) ||X w - y||^2 + λ/2 ||w||^2; "
LOGISTIC = "J = -1/m Σ_i (y_i log h_i + (1-y_i) log(1-h_i)); h_i = σ(Σ_j θ_j x_ij); "


@pytest.mark.parametrize(
    ("text", "standing"),
    some([
        (NORM + r"$\frac{\partial L}{\partial \gamma} = \sum_i g_i \hat x_i$", RIGHT),
        (NORM + r"$\frac{\partial L}{\partial x_i} = \frac{\gamma}{m \sqrt{v + \epsilon}}"
         r" \left(m g_i - \sum_j g_j - \hat x_i \sum_j g_j \hat x_j\right)$", RIGHT),
        (NORM + r"$\frac{\partial L}{\partial x_i} = \frac{\gamma}{\sqrt{v + \epsilon}} g_i$", WRONG),
        (ATTENTION + "dL/dV = A^T G", RIGHT),
        (ATTENTION + "dL/dQ = dL/dS K / sqrt(d)", RIGHT),
        (ATTENTION + "dL/dK = dL/dS^T Q / sqrt(d)", RIGHT),
        (ATTENTION + "dL/dK = dL/dS Q / sqrt(d)", WRONG),
        (LSTM + "dL/dW_f = (r ⊙ o ⊙ (1 - tanh(c)^2) ⊙ k ⊙ f ⊙ (1 - f)) x^T", RIGHT),
        (LSTM + "dL/dW_f = (r ⊙ o ⊙ (1 - c^2) ⊙ k ⊙ f ⊙ (1 - f)) x^T", WRONG),
        (RIDGE + "∇_w L = 1/m X^T (X w - y) + λ w", RIGHT),
        (RIDGE + "∇_w L = 1/m X^T (X w - y) + 2 λ w", WRONG),
        (LOGISTIC + "∂J/∂θ_j = 1/m Σ_i (h_i - y_i) x_ij", RIGHT),
        (LOGISTIC + "∂J/∂θ_j = Σ_i (h_i - y_i) x_ij", WRONG),
    ], 4),
)  # fmt: skip
def test_layers_and_regressions(text: str, standing: Standing) -> None:
    """From their forward lines alone."""
    assert last(text) is standing


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        (r"\frac{\partial p_j}{\partial z_i} = p_i (1 - p_i), i = j", RIGHT),
        (r"\frac{\partial p_j}{\partial z_i} = -p_i p_j, i \neq j", RIGHT),
        (r"\frac{\partial p_j}{\partial z_i} = -p_i p_j", WRONG),
        (r"\frac{\partial p_j}{\partial z_i} = \begin{cases} p_i (1 - p_i) & i = j \\ -p_i p_j & i \neq j"
         r" \end{cases}", RIGHT),
        (r"\frac{\partial L}{\partial z_i} = p_i - y_i", RIGHT),
        (r"\frac{\partial L}{\partial z_i} = y_i - p_i", WRONG),
        (r"\frac{\partial L}{\partial z_i} = p_i \sum_{k \neq i} y_k - y_i (1 - p_i)", RIGHT),
        (r"\frac{\partial L}{\partial z_i} = p_i \sum_k y_k - y_i (1 - p_i)", WRONG),
    ],
)  # fmt: skip
def test_letters_run_over_entries(claim: str, standing: Standing) -> None:
    """Free ones on both sides, those of sums, and under conditions."""
    found = judged(f"{SOFTMAX}${claim}$")
    assert [c.standing for c in found.claims if c.standing not in (Standing.DEFINED, Standing.UNCHECKED)] == [
        standing
    ]


def test_targets_may_have_to_add_up_to_one() -> None:
    """Where only that makes a claim right, the report says so."""
    (note,) = judged(f"{SOFTMAX}$\\frac{{\\partial L}}{{\\partial z_i}} = p_i - y_i$").claims[-1].notes
    assert note == "holds where the targets add up to 1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y = f(x); dy/dx = f(x)", "which function is f?"),
        ("z = w x; ∂L/∂w = δ x", "the text does not say what delta is"),
        ("z = w x; ∂L/∂w = (z - y) x", "the text does not say what y is"),
        ("p = w q; q = v x; ∂p/∂r = w", "the text does not say how p depends on r"),
        ("z = w x; dz/dw = x + eta", "the text does not say what eta is"),
        ("L = 1/2 (a_t - y)^2; a_t = w a_{t-1}; dL/dw = a_t", "which t is meant"),
        ("y = x w; ∂L/∂x = ∂L/∂y w^T; ∂L/∂w = ∂L/∂y x^T", "this depends on what"),
    ],
)
def test_what_the_text_leaves_open_is_not_called_wrong(text: str, message: str) -> None:
    """It is said what is missing."""
    claim = judged(text).claims[-1]
    assert claim.standing is CANNOT_TELL
    assert any(message in step.message for step in claim.steps)


def test_what_holds_whatever_is_meant_is_right() -> None:
    """The chain rule needs no loss, and σ′ = σ(1 - σ) no network."""
    assert last("y = x w; ∂L/∂w = x^T ∂L/∂y") is RIGHT
    assert last("z = w x; a = f(z); da/dw = f'(z) x") is RIGHT
    assert last("a = sigma(z); da/dz = a (1 - a)") is RIGHT


CODE = "Z = X @ W + b\nL = np.sum((Z - Y)**2)\n"


@pytest.mark.parametrize(
    ("lines", "standing"),
    [
        ("dZ = 2*(Z - Y)", RIGHT),
        ("dZ = Z - Y", WRONG),
        ("dZ = 2*(Z - Y)\ndW = X.T @ dZ", RIGHT),
        ("dZ = 2*(Z - Y)\ndW = dZ @ X.T", WRONG),
        ("dZ = 2*(Z - Y)\ndX = np.dot(dZ, W.T)", RIGHT),
        ("dZ = Z - Y\ndW = X.T @ dZ", RIGHT),
    ],
)
def test_code_calls_gradients_dw(lines: str, standing: Standing) -> None:
    """Where the text has one loss, dW is its derivative by W; a wrong dZ is wrong once."""
    assert last(CODE + lines) is standing


def test_gradients_of_code_within_formulas() -> None:
    """dz2 of δ2 = dz2, and in what dW2 is."""
    text = "z2 = W2 @ a1; L = ||z2 - y||^2; delta2 = dz2 = 2 (z2 - y); dW2 = dz2 @ a1.T; da1 = "
    assert last(text + "W2.T @ dz2") is RIGHT
    assert last(text + "W2 @ dz2") is WRONG


def test_shapes_can_be_declared() -> None:
    """Then nothing is left to be guessed."""
    text = "y = x w; ∂L/∂w = ∂L/∂y x^T"
    assert last(text, shapes="x: 2x3, w: 3x4") is WRONG
    text = "f = W3 σ(W2 σ(W1 X)); df/dW3 = σ(W2 σ(W1 X))^T"
    assert last(text, shapes="X: 2, W1: 2x2, W2: 2x2, W3: 1x2") is RIGHT


def test_prose_and_an_option_say_what_a_letter_is() -> None:
    """Our θ is tanh."""
    claim = r"$x = \theta(s)$ and $\frac{dx}{ds} = 1 - x^2$"
    assert last(claim) is CANNOT_TELL
    assert last(r"Our $\theta$ is tanh, so " + claim) is RIGHT
    assert last("Our theta is tanh.\nx = theta(s); dx/ds = 1 - x^2") is RIGHT
    assert last(claim, where="θ = tanh") is RIGHT
    assert last(claim, where="θ = sigmoid") is WRONG


def test_what_was_read_is_shown() -> None:
    """Shapes as the option takes them, and functions by other names."""
    found = judged("C = ||W x - y||^2; x = θ(s); dC/dW = 2 (W x - y) x^T", where="θ = tanh")
    shown = "θ is tanh", "W: 2x3, y: 2, s: 3 (or say it with --shapes)"
    assert [text for _, text in found.readings] == [*shown]
    assert not judged("d/dx x^2 = 2x").readings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shapes": "W"}, "--shapes: W is no shape; write W: 3x2, x: 2"),
        ({"where": "θ = nothing"}, "--where: θ = nothing names no function; write θ = tanh"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, str], message: str) -> None:
    """It is said what to write."""
    with pytest.raises(UsageError, match=message):
        judged("d/dx x^2 = 2x", **options)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("d/dx sin(x^2) = cos(x^2)", "The inner derivative ∂(x^2)/∂x is missing."),
        ("e=(x-y)^2; x=tanh(s); de/ds = (x-y)(1-x^2)", "It is 0.5 times what stands before it, everywhere."),
        (LEAST_SQUARES + "dL/dx = -2 A^T (A x - b)", "It is what stands before it with the other sign."),
        (LAYERS + "∂C/∂W = (a - y) x^T", "The inner derivative sigma(z)*(1 - sigma(z)) is missing."),
        (LAYERS + "∂C/∂W = x ((a - y) ⊙ a ⊙ (1 - a))^T",
         "It has the shape 2 × 3, and 3 × 2 is due: it is the transpose."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_explained(text: str, mistake: str) -> None:
    """A factor, a sign, a transpose."""
    assert judged(text).claims[-1].mistake == mistake


def test_the_step_that_breaks_is_found() -> None:
    """A right end with a broken middle is said to be so."""
    found = judged("e=(x-y)^2; x=tanh(s); de/ds = de/dx dx/ds = 2(x-y)(1-x) = 2(x-y)(1-x^2)").claims[-1]
    assert [step.standing for step in found.steps] == [RIGHT, RIGHT, WRONG, RIGHT]
    assert found.end_right


@pytest.mark.parametrize("before", ["", SOFTMAX, LAYERS])
@pytest.mark.parametrize("text", ["", "x", "= 2", "x = x", "a = b; b = a; da/db = 1", "∂/∂x", r"\sum = 3"])
def test_odd_texts_are_answered(before: str, text: str) -> None:
    assert judged(before + text).standing in set(Standing)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "y = f(x); ", "L = ||W x - y||^2; ", SOFTMAX]))
def test_no_text_makes_the_check_fail(text: str, before: str) -> None:
    """Whatever is in it, something is said."""
    assert judged(before + text).standing in set(Standing)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from("xyzWAB+-*^=∂/()_ij12 ;d·'Σ|"), min_size=3, max_size=40).map("".join),
    st.sampled_from(["", "y = W x; L = ||y - t||^2; "]),
)
def test_no_heap_of_signs_makes_the_check_fail(text: str, before: str) -> None:
    """Such as look like formulas."""
    assert judged(before + text).standing in set(Standing)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "; ".join(f"y{n} = y{n - 1} W{n}" for n in range(1, 60)),
        "a = " + " + ".join(f"x_{n} y_{n}" for n in range(200)),
        "s = Σ_i Σ_j Σ_k Σ_l Σ_m Σ_n w_{ij} w_{jk} w_{kl} w_{lm} w_{mn} w_{ni}",
        "t_{ijklmn} = a_i b_j c_k d_l e_m f_n",
        "f = " + "sin(" * 40 + "x" + ")" * 40 + "; df/dx = 0",
    ],
    ids=["layers", "terms", "sums", "letters", "depth"],
)  # fmt: skip
def test_what_grows_is_bounded(text: str) -> None:
    """Steps are counted, not seconds."""
    assert judged(text).standing in set(Standing)


def test_a_fault_of_ours_costs_one_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said to be one, and the others are judged."""
    judge = Way.judged

    def broken(way: Way, claim: Claim, conditions: Sequence[Claim] = ()) -> Outcome:
        if claim.line == 2:
            raise ZeroDivisionError
        return judge(way, claim, conditions)

    monkeypatch.setattr(Way, "judged", broken)
    found = judged("d/dx x^2 = 2x\nd/dx x^3 = 3x^2\nd/dx x^4 = 4x^3").claims
    assert [claim.standing for claim in found] == [RIGHT, CANNOT_TELL, RIGHT]
    assert "internal error of gradcheck" in found[1].steps[0].message


@pytest.mark.parametrize(
    ("text", "of", "by"),
    some(
        [
            (LAYERS, "C", "W"),
            (LEAST_SQUARES.replace("\n", "; "), "L", "x"),
            (ATTENTION + "P = G V^T; ", "L", "V"),
            (LSTM, "L", "W_f"),
            (RIDGE, "L", "w"),
            (LOGISTIC, "J", "θ"),
            ("e=(x-y)^2; x=tanh(s); ", "e", "s"),
            ("J = x^T A x; ", "J", "A"),
        ],
        3,
    ),
)
def test_a_question_is_answered_by_equations_that_hold(text: str, of: str, by: str) -> None:
    """In the text's letters: what is answered can be pasted behind it."""
    (asked,) = (c for c in judged(f"{text}∂{of}/∂{by} = ?").claims if c.standing is Standing.ANSWERED)
    assert asked.answer[-1].startswith(f"∂{of}/∂{by} = ")
    again = judged(text + "; ".join(asked.answer))
    claims = [claim for claim in again.claims if claim.text.startswith("∂")]
    assert [claim.standing for claim in claims] == [RIGHT] * len(asked.answer)


def test_latex_is_answered_in_latex() -> None:
    text = r"$z = W x + b$, $C = \frac12 \|z - y\|^2$, "
    found = judged(text + r"$\frac{\partial C}{\partial W} = ?$").claims[-1]
    assert found.answer[-1] == r"\frac{\partial C}{\partial W} = \frac{\partial C}{\partial z} x^\top"
    again = judged(text + ", ".join(f"${line}$" for line in found.answer))
    assert again.claims[-1].standing is RIGHT


def test_a_question_without_an_answer_gets_a_reason() -> None:
    """A question that no definition leads to, or about no derivative."""
    assert judged("z = w x; ∂L/∂w = ?").standing is CANNOT_TELL
    assert judged("z = w x; z = ?").standing is CANNOT_TELL


SOFTMAX_BY_INDEX = r"$p_k = \frac{e^{z_k}}{\sum_l e^{z_l}}$, "


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (SOFTMAX_BY_INDEX + r"$\frac{\partial p_k}{\partial z_m} = p_k (\delta_{km} - p_m)$", RIGHT),
        (SOFTMAX_BY_INDEX + r"$\frac{\partial p_k}{\partial z_m} = p_k (\delta_{km} - p_k)$", WRONG),
        (SOFTMAX_BY_INDEX + r"$\frac{\partial p_k}{\partial z_m} = p_k (1_{k=m} - p_m)$", RIGHT),
        (SOFTMAX_BY_INDEX + r"$L = -\log p_c$, $\frac{\partial L}{\partial z_k} = p_k - \delta_{kc}$", RIGHT),
        (SOFTMAX_BY_INDEX + r"$L = -\log p_c$, $\frac{\partial L}{\partial z_k} = p_k - 1_{k = c}$", RIGHT),
        (SOFTMAX_BY_INDEX + r"$L = -\log p_c$, $\frac{\partial L}{\partial z_c} = p_c - 1$", RIGHT),
        (SOFTMAX_BY_INDEX + r"$L = -\log p_c$, $\frac{\partial L}{\partial z_k} = p_k - 1$", WRONG),
        ("g = Σ_i Σ_j x_i a_ij x_j; ∂g/∂a_ij = x_i x_j", RIGHT),
        ("g = Σ_i Σ_j x_i a_ij x_j; ∂g/∂x_k = Σ_j a_kj x_j", WRONG),
        ("o_j = Σ_i w_ij x_i; E = Σ_j (o_j - t_j)^2; dE/dw_{ij} = 2 (o_j - t_j) x_i", RIGHT),
    ],
)  # fmt: skip
def test_letters_below_names(text: str, standing: Standing) -> None:
    """Kronecker's delta, a letter with one value in all of the text, two letters of plain text."""
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (r"$y_n = w^T x_n$, $E = \sum_n (y_n - t_n)^2$, $\nabla_w E = 2 \sum_n (y_n - t_n) x_n$", RIGHT),
        (r"$y_n = w^T x_n$, $E = \sum_n (y_n - t_n)^2$, $\nabla_w E = 2 \sum_n (t_n - y_n) x_n$", WRONG),
        (r"$p_o = \frac{\exp(u_o^T v)}{\sum_w \exp(u_w^T v)}$, $J = -\log p_o$,"
         r" $\frac{\partial J}{\partial v} = -u_o + \sum_w p_w u_w$", RIGHT),
        (r"$p_o = \frac{\exp(u_o^T v)}{\sum_w \exp(u_w^T v)}$, $J = -\log p_o$,"
         r" $\frac{\partial J}{\partial v} = u_o - \sum_w p_w u_w$", WRONG),
    ],
)  # fmt: skip
def test_vectors_with_an_index(text: str, standing: Standing) -> None:
    """x_n is an example, and u_w the vector of a word."""
    assert last(text) is standing


def test_a_factor_for_how_many_there_are_is_seen() -> None:
    """2/m is no 1, however many there are."""
    text = "a_n = wᵀ x_n + b; E = 1/m Σ_{n=1}^m (a_n − t_n)²; ∂E/∂b = "
    assert last(text + "2/m Σ_{n=1}^m (a_n − t_n)") is RIGHT
    assert last(text + "Σ_{n=1}^m (a_n − t_n)") is WRONG


@pytest.mark.parametrize(("factor", "standing"), [("1/d", RIGHT), ("2/d", WRONG), ("1", WRONG)])
def test_what_a_sum_ends_with_is_how_many_entries_there_are(factor: str, standing: Standing) -> None:
    """In μ = 1/d Σ_{k=1}^d x_k the μ is a mean."""
    text = "m = 1/d Σ_{k=1}^d x_k; v = 1/d Σ_{k=1}^d (x_k - m)^2; "
    assert last(text + f"∂v/∂x_i = 2 {factor} (x_i - m)") is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("D = ||x - y||; L = max(0, 1 - D)^2 / 2; dL/dx = -max(0, 1 - D) (x - y)/D", RIGHT),
        ("D = ||x - y||; L = max(0, 1 - D)^2 / 2; dL/dx = max(0, 1 - D) (x - y)/D", WRONG),
        (r"$z = w^T x$, $a = \max(0, z)$, $\frac{\partial a}{\partial w} = \mathbb{1}[z > 0] x$", RIGHT),
        (r"$z = w^T x$, $a = \max(0, z)$, $\frac{\partial a}{\partial w} = \mathbb{1}[z < 0] x$", WRONG),
    ],
)
def test_kinks_are_tried_on_both_sides(text: str, standing: Standing) -> None:
    """Where all is 0, nothing is shown to be right."""
    assert last(text) is standing


@pytest.mark.parametrize(
    ("claim", "standing"),
    [("∂E/∂w_{ji} = z_j x_i", RIGHT), ("∂E/∂w_{ji} = z_j x_j", WRONG), ("∂E/∂w_{ij} = z_j x_i", WRONG)],
)
def test_a_letter_over_two_axes_is_tried_where_they_are_as_long(claim: str, standing: Standing) -> None:
    """What is wrong in a square network is wrong."""
    assert last("z_j = Σ_i w_{ji} x_i; E = ½ Σ_j z_j²; " + claim) is standing


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        ("(A − Y) ⊙ σ′(Z) Xᵀ", RIGHT),
        ("((A − Y) ⊙ σ′(Z)) Xᵀ", RIGHT),
        ("(A − Y) ⊙ σ(Z) Xᵀ", WRONG),
        ("(A − Y) ⊙ 1[Z > 0] Xᵀ", WRONG),
        ("(A − Y) ⊙ σ′(Z) X", WRONG),
    ],
)
def test_what_goes_entry_by_entry_may_be_multiplied_by_a_matrix(claim: str, standing: Standing) -> None:
    """x ⊙ y z is (x ⊙ y) z where x and y z do not fit."""
    assert last(f"A = σ(Z); Z = W X; C = ½ ‖A − Y‖_F²; ∂C/∂W = {claim}") is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("x^3 = 8; y = x^2; dy/dx = 4", CANNOT_TELL),
        ("x^3 = 8; y = x^2; dy/dx = 2x", RIGHT),
        ("x^3 = 2 x + 1; f = x^3; f = 2 x + 1", CANNOT_TELL),
        ("x^2 + y^2 = 1; f = x^2 + y^2 + x; f = 1 + x", CANNOT_TELL),
        ("x^3 = 8; y = z^2; dy/dz = 4", WRONG),
        ("y = x^2; dy/dx = 4; x^3 = 8", CANNOT_TELL),
        ("(a + b)^2 = a^2 + 2 a b + b^2; f = a b; df/da = a", WRONG),
    ],
)
def test_what_may_hold_where_an_equation_does_is_not_wrong(text: str, standing: Standing) -> None:
    """x has to be 2 where x^3 is 8, and there 2x is 4."""
    assert last(text) is standing


def test_a_number_made_of_names_is_not_added_to_a_vector() -> None:
    """w is a matrix in w x + b where the next layer has a vector."""
    text = "z = w x + b; a = relu(z); s = V a + c; C = ½‖s − y‖²; ∂C/∂z = (Vᵀ (s − y)) ⊙ relu'(z); "
    assert last(text + "∂C/∂w = ((Vᵀ (s − y)) ⊙ relu'(z)) xᵀ") is not WRONG
    numbered = "z1 = w1 x + b1; a1 = exp(z1); z2 = w2 a1; C = ½‖z2 − y‖²; "
    assert last(numbered + "∂C/∂w1 = (w2.T (z2 - y) * a1) x.T") is not WRONG
    assert last(text + "∂C/∂b = (Vᵀ (s − y)) ⊙ relu'(z)") is RIGHT
    assert last(text + "∂C/∂V = a (s − y)ᵀ") is WRONG


def test_what_is_right_for_larger_arrays_is_not_wrong_by_its_shape() -> None:
    """A small letter may be a matrix, if that is less likely; a transposed gradient is wrong all the same."""
    text = "z = w x + b; a = σ(z); C = ½‖a − y‖²; δ = ∂C/∂z = (a − y) ⊙ σ′(z); "
    assert last(text + "∂C/∂w = δ xᵀ") is not WRONG
    assert last(text.replace("w", "W") + "∂C/∂W = x δᵀ") is WRONG
    assert last("L = ||X w - y||^2; dL/dw = 2 X (X w - y)") is WRONG


@pytest.mark.parametrize(("z", "claim"), [("W X + b", "(Z − Y) 𝟏"), ("X W + b", "𝟏ᵀ (Z − Y)")])
def test_what_is_added_to_a_matrix_is_no_number(z: str, claim: str) -> None:
    """A bias is repeated for all examples."""
    text = f"Z = {z}; C = ½ ‖Z − Y‖_F²; ∂C/∂b = "
    assert last(text + claim) is RIGHT
    assert last(text + f"2 {claim}") is WRONG


def test_extreme_points_are_passed_over() -> None:
    """Where a softmax is 0 but for rounding, its derivative is anything."""
    layers = (
        r"$L = -y^T \log(a^{(3)})$, $a^{(3)} = \mathrm{softmax}(z^{(3)})$,"
        r" $z^{(3)} = W^{(3)} a^{(2)} + b^{(3)}$, $a^{(2)} = \mathrm{ReLU}(z^{(2)})$,"
        r" $z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}$, $a^{(1)} = \exp(z^{(1)})$,"
        r" $z^{(1)} = W^{(1)} x + b^{(1)}$, $\frac{\partial L}{\partial z^{(3)}} = "
    )
    assert last(layers + "a^{(3)} - y$") is RIGHT
    assert last(layers + "a^{(3)} + y$") is WRONG


def test_differences_are_rounded_where_a_gradient_is_small_beside_the_loss() -> None:
    """The gradient of a saturated unit is wrong by more than what its differences are off by."""
    text = "a = σ(20 z); C = 1000 + (a - y)^2; dC/dz = "
    assert last(text + "2 (a - y) a (1 - a)", shapes="z: 1") is WRONG
    assert last(text + "40 (a - y) a (1 - a)", shapes="z: 1") is RIGHT


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("z¹ = W¹ x + b¹; a¹ = σ(z¹); z² = W² a¹ + b²; C = ½‖z² − y‖²; ∂C/∂W² = (z² − y) (a¹)ᵀ", RIGHT),
        ("z¹ = W¹ x + b¹; a¹ = σ(z¹); z² = W² a¹ + b²; C = ½‖z² − y‖²; ∂C/∂a¹ = W² (z² − y)", WRONG),
        ("z² = w² x; a² = tanh(z²); z³ = w³ a²; C = ½‖z³ − y‖²; ∂C/∂w³ = (z³ − y) (a²)ᵀ", RIGHT),
        ("z² = w² x; a² = tanh(z²); z³ = w³ a²; C = ½‖z³ − y‖²;"
         " ∂C/∂w² = ((w³)ᵀ (z³ − y) ⊙ (1 − (a²)²)) xᵀ", RIGHT),
        ("p = 2 x^3 + x^2 + 3 x^1; dp/dx = 6 x^2 + 2x + 3", RIGHT),
        ("q = W_q x; k = W_k x; s = q^T k; ds/dW_q = k x^T", RIGHT),
        ("q = W_q x; k = W_k x; s = q^T k; ds/dW_k = k x^T", WRONG),
        (r"$\ell = \log \sum_k e^{z_k}$, $\frac{\partial \ell}{\partial z_l} = e^{z_l - \ell}$", RIGHT),
    ],
)  # fmt: skip
def test_scripts_that_belong_to_names(text: str, standing: Standing) -> None:
    """z¹ and z² are two layers where nothing is called z, and q of W_q says whose weights it has."""
    assert last(text) is standing


@pytest.mark.parametrize("layer", ["", "1", "_1", "₁", "⁽¹⁾", "^[1]"])
def test_gradients_in_products(layer: str) -> None:
    """∇_z C ends with C, and has whatever name below it."""
    z, w = f"z{layer}", f"W{layer}"
    for by_z, by_w in ((f"∇_{z}", f"∇_{w}"), (f"∇_{{{z}}}", f"∇_{{{w}}}")):
        text = f"{z} = {w} x; C = ½‖{z} − y‖²; {by_z} C = {z} − y; {by_w} C = {by_z} C "
        assert last(text + "xᵀ") is RIGHT
        assert last(text + "x") is WRONG
    assert last("∇_x xᵀ A x = (A + Aᵀ) x") is RIGHT


@pytest.mark.parametrize("layer", ["^(2)", "^[2]", "⁽²⁾", "2", "_2"])
def test_straight_derivatives_by_layers(layer: str) -> None:
    """dC/dW^[2] is one as dC/dW2 is, and dC/da_j one where the text has a_i."""
    z, w, b = (f"{letter}{layer}" for letter in "zWb")
    text = f"{z} = {w} x + {b}; C = ½‖{z} − y‖²; δ = dC/d{z} = {z} − y; dC/d{w} = "
    assert last(text + "δ xᵀ") is RIGHT
    assert last(text + "δ") is WRONG
    assert last("a_i = exp(z_i); da_k/dz_k = a_k") is RIGHT


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("r_ui = Σ_k p_uk q_ik, e_ui = y_ui - r_ui, L = Σ_u Σ_i e_ui²; ∂L/∂p_uk = -2 Σ_i e_ui q_ik", RIGHT),
        ("J = ||X w - y||^2 + λ ||w||^2; ∇_w J = 2 X^T (X w - y) + 2 λ w", RIGHT),
        ("yhat_i = w x_i; E = Σ_i (yhat_i - y_i)^2; dE/dyhat_i = 2 (yhat_i - y_i)", RIGHT),
        ("ŷ_i = w x_i; E = Σ_i (ŷ_i - y_i)^2; dE/dŷ_i = (ŷ_i - y_i)", WRONG),
        (r"$J = \frac{1}{m} \sum_{i=1}^m (\hat y_i - y_i)^2$;"
         r" $\frac{\partial J}{\partial \hat y_i} = \frac{2}{m}(\hat y_i - y_i)$", RIGHT),
    ],
)  # fmt: skip
def test_names_with_accents_and_squares(text: str, standing: Standing) -> None:
    """ŷ with a letter below, e_ui² of plain text, ∇_w of plain text."""
    assert last(text) is standing
