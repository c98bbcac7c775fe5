"""Other ways to write the same: means by other words, lengths as code has them, f_x, ∇(…), an = below a !."""

from __future__ import annotations

import pytest

from gradcheck.derivation.records import Standing
from gradcheck.paper.check import check

RIGHT, WRONG, CANNOT_TELL, DEFINED = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL, Standing.DEFINED


def last(text: str) -> Standing:
    """What is said of the text's last claim."""
    return check(text, "text").claims[-1].standing


@pytest.mark.parametrize("mean", ["avg", "np.average"])
def test_means_have_other_names(mean: str) -> None:
    text = f"L = {mean}((w x + b - y)^2)\n"
    assert last(f"{text}dL/dw = 2 {mean}((w x + b - y) x)") is RIGHT
    assert last(f"{text}dL/dw = 2 (w x + b - y) x") is WRONG
    assert last(f"{text}dL/dw = 2 {mean}(w x + b - y) {mean}(x)") is WRONG
    latex = (
        rf"$L = \operatorname{{{mean.removeprefix('np.')}}}((Xw - y)^2)$, $\frac{{\partial L}}{{\partial w}}"
    )
    assert last(latex + r" = \frac{2}{n} X^T(Xw - y)$") is RIGHT
    assert last(latex + " = 2 X^T(Xw - y)$") is WRONG


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (r"$v = \frac1n \sum_i (x_i - \bar{x})^2$, $\frac{dv}{dx_j} = \frac2n (x_j - \bar{x})$", RIGHT),
        (r"$v = \frac1n \sum_i (x_i - \bar{x})^2$, $\frac{dv}{dx_j} = \frac1n (x_j - \bar{x})$", WRONG),
        (r"$L = \frac1n \sum_i (x_i - m)^2$, $\frac{dL}{dm} = 2 (m - \bar{x})$", RIGHT),
        (r"$\bar{x} = a b$, $L = \bar{x}^2 \sum_i x_i$, $\frac{dL}{da} = 2 \bar{x} b \sum_i x_i$", RIGHT),
    ],
)
def test_a_bar_beside_entries_that_are_added_up_is_their_mean(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("L = np.mean((X @ w - y)**2)\nn = len(y)\ndw = 2/n * X.T @ (X @ w - y)", RIGHT),
        ("L = np.mean((X @ w - y)**2)\ndw = 2 * X.T @ (X @ w - y) / X.shape[0]", RIGHT),
        ("L = np.mean((X @ w - y)**2)\ndw = 2 * X.T @ (X @ w - y) / X.shape[1]", WRONG),
        ("L = np.mean((Z - Y)**2)\ndZ = 2 * (Z - Y) / Z.size", RIGHT),
        ("L = np.mean((Z - Y)**2)\ndZ = 2 * (Z - Y) / len(Z)", WRONG),
        ("p = np.exp(z) / np.exp(z).sum()\nL = -sum(y * np.log(p))\ndp = -y / p", RIGHT),
        ("size = 2 w\nL = size^2\ndL/dw = 4 size", RIGHT),
    ],
)
def test_lengths_as_code_has_them(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("f = x^2 y\nf_x = 2 x y", RIGHT),
        ("f = x^2 y\nf_y = 2 x", WRONG),
        ("f(x, y) = x^2 y\nf_x(x, y) = 2 x y", RIGHT),
        ("f = a x\nf_a = x", RIGHT),
        (r"$u = \sin(xy)$, $u_{xy} = \cos(xy) - xy\sin(xy)$", RIGHT),
        (r"$u = \sin(xy)$, $u_{xx} = y^2\sin(xy)$", WRONG),
        ("p = softmax(z)\np_y = 3", DEFINED),  # y is nothing that p is made of
        ("c = f ⊙ c_{prev} + i ⊙ g", DEFINED),
        ("∇(n²) = 2n", RIGHT),
        ("∇(n²) = n", WRONG),
        ("∇(x^T x) = 2x", RIGHT),
    ],
)
def test_derivatives_that_are_named_below_or_before_a_bracket(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        (r"\frac{df}{dx} \overset{!}{=} 2x", RIGHT),
        (r"\frac{df}{dx} \stackrel{(1)}{=} 2x", RIGHT),
        (r"\frac{df}{dx} \stackrel{(1)}{=} x", WRONG),
        (r"\frac{df}{dx} \overset{!}{=} 0", CANNOT_TELL),
        (r"\frac{df}{dx} = 2x \overset{!}{=} 0", CANNOT_TELL),
        (r"\frac{df}{dx} \overset{\text{def}}{\equiv} 2x", RIGHT),
    ],
)
def test_an_equality_below_something_is_one(claim: str, standing: Standing) -> None:
    """Below a ! stands what has to be, and is not wrong where it isn't."""
    assert last(f"$f = x^2$, ${claim}$") is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("X is 4 x 3\nL = mean((X w - y)^2)\ndL/dw = 2/4 X^T(X w - y)", RIGHT),
        ("X is 4 x 3\nL = mean((X w - y)^2)\ndL/dw = 2/3 X^T(X w - y)", WRONG),
        ("W is a 2x3 matrix\nz = W x\nL = mean(z^2)\ndL/dz = z", RIGHT),
        ("x ∈ R^3\nL = mean(x^2)\ndL/dx = 2x/3", RIGHT),
        ("x ∈ R^3\nL = mean(x^2)\ndL/dx = 2x/4", WRONG),
        ("Suppose x has 4 entries\nL = mean(x)\ndL/dx = 1/4", RIGHT),
        (
            r"Let $\mathbf{x}, \mathbf{y} \in \mathbb{R}^5$, $L = \mathrm{mean}((\mathbf{x}-\mathbf{y})^2)$. "
            r"$dL/d\mathbf{x} = \frac{2}{5}(\mathbf{x}-\mathbf{y})$",
            RIGHT,
        ),
        (
            r"Let $X \in \mathbb{R}^{n \times d}$, $L = \frac1n\|Xw - y\|^2$. $dL/dw = \frac2d X^T(Xw - y)$",
            WRONG,
        ),
        # the shape in the prose is that of code, and not the one on paper
        ("W is 3x2\nz = x W\nL = sum(z)\nx ∈ R^{3}\ndL/dx = W 1", RIGHT),
    ],
)
def test_the_prose_of_a_text_says_how_long_arrays_are(text: str, standing: Standing) -> None:
    assert last(text) is standing


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("y = arcsin(2x)\ndy/dx = 2/sqrt(1 - 4x^2)", RIGHT),
        ("y = arccos(5x)\ndy/dx = -5/sqrt(1 - 25x^2)", RIGHT),
        ("y = arccos(5x)\ndy/dx = 5/sqrt(1 - 25x^2)", WRONG),
        ("y = arcsin(x/a)\ndy/dx = 1/sqrt(a^2 - x^2)", CANNOT_TELL),  # right of positive a alone
        ("y = x/√2\ndy/dx = 1/√2", RIGHT),
        (r"$y = 1/\sqrt[3]{x}$, $dy/dx = -\frac13 x^{-4/3}$", RIGHT),
        ("y = sin x / x\ndy/dx = cos x / x - sin x / x^2", RIGHT),
        ("y = sin x / cos x\ndy/dx = 1/cos(x)^2", RIGHT),
        ("y = sin 2x / 3\ndy/dx = 2/3 cos(2x)", RIGHT),
        ("K = p log p/q\ndK/dq = -p/q", RIGHT),
        ("y = x^(-3/2)\ndy/dx = -3/2 x^(-5/2)", RIGHT),
    ],
)
def test_functions_without_brackets_and_where_they_have_values(text: str, standing: Standing) -> None:
    assert last(text) is standing
