"""What mathematicians write: arrays written out, second derivatives, products, differentials and the like."""

from __future__ import annotations

import pytest

from gradcheck.derivation.records import Standing
from gradcheck.paper.check import check

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
DEFINED = Standing.DEFINED


def last(text: str) -> Standing:
    """What is said of the text's last claim."""
    return check(text, "text").claims[-1].standing


LAYER = (
    r"$W = \begin{bmatrix} w_{11} & w_{12} \\ w_{21} & w_{22} \end{bmatrix}$,"
    r" $x = \begin{bmatrix} x_1 \\ x_2 \end{bmatrix}$, $z = W x$, $L = \frac12 \|z\|^2$, "
)
POLAR = r"$u = r \cos t$, $v = r \sin t$, "


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (LAYER + r"$\frac{\partial L}{\partial w_{12}} = z_1 x_2$", RIGHT),
        (LAYER + r"$\frac{\partial L}{\partial w_{21}} = z_1 x_2$", WRONG),
        (LAYER + r"$\frac{\partial L}{\partial x_1} = w_{11} z_1 + w_{21} z_2$", RIGHT),
        ("A = [1, 2; 3, 4]; f = x^T A x; ∂f/∂x_1 = 2x_1 + 5x_2", RIGHT),
        ("A = [1, 2; 3, 4]; f = x^T A x; ∂f/∂x_1 = 2x_1 + 4x_2", WRONG),
        ("A = [1, 2; 3, 4]; f = x^T A x; ∂f/∂x = [2x_1 + 5x_2; 5x_1 + 8x_2]", RIGHT),
        (POLAR + r"$\begin{pmatrix} \frac{\partial u}{\partial r} & \frac{\partial u}{\partial t} \\"
                 r" \frac{\partial v}{\partial r} & \frac{\partial v}{\partial t} \end{pmatrix}"
                 r" = \begin{pmatrix} \cos t & -r \sin t \\ \sin t & r \cos t \end{pmatrix}$", RIGHT),
        (POLAR + r"$\begin{pmatrix} \frac{\partial u}{\partial r} & \frac{\partial u}{\partial t} \\"
                 r" \frac{\partial v}{\partial r} & \frac{\partial v}{\partial t} \end{pmatrix}"
                 r" = \begin{pmatrix} \cos t & r \sin t \\ \sin t & r \cos t \end{pmatrix}$", WRONG),
        ("r = ||(x, y)||; ∂r/∂x = x/||(x, y)||", RIGHT),
        ("r = ||(x, y)||; ∂r/∂x = x/||(x, y)||^2", WRONG),
        (r"$\begin{bmatrix} z_1 \\ z_2 \end{bmatrix} = \begin{bmatrix} a & b \\ c & d \end{bmatrix}"
         r" \begin{bmatrix} x \\ y \end{bmatrix}$, $L = z_1^2 + z_2$, $\frac{\partial L}{\partial d} = y$",
         RIGHT),
        (r"$\begin{bmatrix} z_1 \\ z_2 \end{bmatrix} = \begin{bmatrix} a & b \\ c & d \end{bmatrix}"
         r" \begin{bmatrix} x \\ y \end{bmatrix}$, $L = z_1^2 + z_2$, $\frac{\partial L}{\partial b} = y$",
         WRONG),
    ],
)  # fmt: skip
def test_arrays_written_out(text: str, standing: Standing) -> None:
    """Their entries are numbers, names, or formulas."""
    assert last(text) is standing


SINE = r"$f = x^2 y^3 + \sin(x y)$, "
QUADRATIC = r"$f = \frac12 x^T A x - b^T x$, "
LOGISTIC = (
    r"$h = \sigma(X w)$, $J = -y^T \log h - (1 - y)^T \log(1 - h)$,"
    r" $D = \operatorname{diag}(h \odot (1 - h))$, "
)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("f(x) = x^3 e^{-x}; f''(x) = (6x - 6x^2 + x^3) e^{-x}", RIGHT),
        ("f(x) = x^3 e^{-x}; f''(x) = 6x e^{-x}", WRONG),
        ("y = ln(1 + x²); d²y/dx² = 2(1 - x²)/(1 + x²)²", RIGHT),
        ("y = ln(1 + x²); d^2y/dx^2 = -4x²/(1 + x²)²", WRONG),
        (SINE + r"$\frac{\partial^2 f}{\partial x \partial y} = 6 x y^2 + \cos(xy) - xy \sin(xy)$", RIGHT),
        (SINE + r"$\frac{\partial^2 f}{\partial x^2} = 2 y^3 - y \sin(xy)$", WRONG),
        (SINE + r"$\frac{\partial^3 f}{\partial x^2 \partial y} = 6 y^2 - 2 y \sin(xy) - x y^2 \cos(xy)$",
         RIGHT),
        (QUADRATIC + r"$\frac{\partial^2 f}{\partial x \partial x^T} = \frac12 (A + A^T)$", RIGHT),
        (QUADRATIC + r"$\frac{\partial^2 f}{\partial x \partial x^T} = A$", WRONG),
        (QUADRATIC + r"$\frac{\partial^2 f}{\partial x_i \partial x_j} = \frac12 (A_{ij} + A_{ji})$", RIGHT),
        (LOGISTIC + r"$\nabla^2_w J = X^T D X$", RIGHT),
        (LOGISTIC + r"$\nabla^2_w J = X^T X$", WRONG),
    ],
)  # fmt: skip
def test_derivatives_of_derivatives(text: str, standing: Standing) -> None:
    """Of numbers by numbers, and Hessians."""
    assert last(text) is standing


POLYNOMIAL = r"$p(x) = \sum_{k=0}^{n} a_k x^k$, "


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (r"$P = \prod_{i=1}^n x_i$, $\frac{\partial P}{\partial x_k} = \frac{P}{x_k}$", RIGHT),
        (r"$P = \prod_{i=1}^n x_i$, $\frac{\partial P}{\partial x_k} = \prod_{i \neq k} x_i$", RIGHT),
        (r"$P = \prod_{i=1}^n x_i$, $\frac{\partial P}{\partial x_k} = \prod_i x_i$", WRONG),
        ("y = ∏_i (1 + w_i); ∂y/∂w_k = y/(1 + w_k)", RIGHT),
        (r"$y = \max_j x_j$, $\frac{\partial y}{\partial x_k} = \begin{cases} 1 & \text{if } k ="
         r" \operatorname{argmax}_j x_j \\ 0 & \text{otherwise} \end{cases}$", RIGHT),
        (r"$y = \max_j x_j$, $\frac{\partial y}{\partial x_k} = \begin{cases} x_k & \text{if } k ="
         r" \arg\max_j x_j \\ 0 & \text{otherwise} \end{cases}$", WRONG),
        (r"$E = \sum_{i<j} (x_i - x_j)^2$, $\frac{\partial E}{\partial x_k} = 2 \sum_j (x_k - x_j)$", RIGHT),
        (r"$E = \sum_{i<j} (x_i - x_j)^2$, $\frac{\partial E}{\partial x_k} = 2 \sum_{j<k} (x_k - x_j)$",
         WRONG),
        (r"$E = \sum_{i=1}^3 x_i^2$, $\frac{\partial E}{\partial x_2} = 2 x_2$", RIGHT),
        (r"$E = \sum_{i=2}^n x_i^2$, $\frac{\partial E}{\partial x_1} = 2 x_1$", WRONG),
        (r"$E = \sum_{i=2}^n x_i^2$, $\frac{\partial E}{\partial x_1} = 0$", RIGHT),
        (r"$y = \sum_{i=1}^n w_i x_i + w_0$, $\frac{\partial y}{\partial w_0} = 1$", RIGHT),
        (r"$y = \sum_{i=0}^{n-1} w_i x_i$, $\frac{\partial y}{\partial w_0} = x_0$", RIGHT),
        (r"$L = \sum_i \sum_{j>i} x_i x_j$, $\frac{\partial L}{\partial x_k} = \sum_{j \neq k} x_j$", RIGHT),
        (r"$L = \sum_i \sum_{j>i} x_i x_j$, $\frac{\partial L}{\partial x_k} = \sum_{j>k} x_j$", WRONG),
        (POLYNOMIAL + r"$p'(x) = \sum_{k=1}^{n} k a_k x^{k-1}$", RIGHT),
        (POLYNOMIAL + r"$p'(x) = \sum_{k=1}^{n} a_k x^{k-1}$", WRONG),
        (r"$y = w_1 x_1 + w_2 x_2 + \dots + w_n x_n + b$, $\frac{\partial y}{\partial w_i} = x_i$", RIGHT),
        (r"$y = w_1 x_1 + w_2 x_2 + \dots + w_n x_n + b$, $\frac{\partial y}{\partial x_i} = x_i$", WRONG),
        (r"$f(x_1, \dots, x_n) = x_1^2 + \cdots + x_n^2$, $\frac{\partial f}{\partial x_i} = 2 x_i$", RIGHT),
    ],
)  # fmt: skip
def test_what_goes_over_letters(text: str, standing: Standing) -> None:
    """Products, maxima, and sums over some of the values of a letter."""
    assert last(text) is standing


PROBABILITIES = r"$s = \operatorname{softmax}(z)$, "


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (r"$z = W a$, $\frac{\partial z}{\partial \operatorname{vec}(W)} = a^T \otimes I$", RIGHT),
        (r"$z = W a$, $\frac{\partial z}{\partial \operatorname{vec}(W)} = a \otimes I$", WRONG),
        (r"$\operatorname{vec}(A X B) = (B^T \otimes A) \operatorname{vec}(X)$", RIGHT),
        (r"$d = W x - t$, $L = \frac12 \|d\|^2$, $\frac{\partial L}{\partial W} = d \otimes x$", RIGHT),
        (r"$d = W x - t$, $L = \frac12 \|d\|^2$, $\frac{\partial L}{\partial W} = x \otimes d$", WRONG),
        (r"$\frac{\partial \log\det X}{\partial X} = X^{-T}$", RIGHT),
        (r"$\frac{\partial \log |X|}{\partial X} = X^{-\top}$", RIGHT),
        (r"$\frac{\partial \det X}{\partial X} = \det(X) X^{-T}$", RIGHT),
        (r"$\frac{\partial \det X}{\partial X} = \det(X) X^T$", WRONG),
        (r"$f = a^T X^{-1} b$, $\frac{\partial f}{\partial X} = -X^{-T} a b^T X^{-T}$", RIGHT),
        (r"$f = a^T X^{-1} b$, $\frac{\partial f}{\partial X} = X^{-T} a b^T X^{-T}$", WRONG),
        (r"$X = A + t B$, $\frac{d X^{-1}}{dt} = -X^{-1} B X^{-1}$", RIGHT),
        (r"$X = A + t B$, $\frac{d X^{-1}}{dt} = -X^{-2} B$", WRONG),
        (r"$\operatorname{diag}(a) b = a \odot b$", RIGHT),
        (r"$f = \operatorname{vec}(A)^T \operatorname{vec}(B)$, $\frac{\partial f}{\partial A} = B$", RIGHT),
        (PROBABILITIES + r"$\frac{\partial s}{\partial z} = \operatorname{diag}(s) - s s^T$", RIGHT),
        (PROBABILITIES + r"$\frac{\partial s}{\partial z} = \operatorname{diag}(s) - s^T s$", WRONG),
        (r"$f = \langle A, X \rangle$, $\frac{\partial f}{\partial X} = A$", RIGHT),
        (r"$f = A : X$, $\frac{\partial f}{\partial X} = A^T$", WRONG),
        (r"$\frac{\partial}{\partial A} \|A\|_F^2 = 2 A$", RIGHT),
        (r"$f = \|X\|_F^2$, $\frac{\partial f}{\partial X} = 2 X^T$", WRONG),
        (r"$f = \|x\|_2^2$, $\frac{\partial f}{\partial x} = 2 x$", RIGHT),
        (r"$f = \|x\|_1$, $\frac{\partial f}{\partial x} = \operatorname{sign}(x)$", RIGHT),
        (r"$f = \|x\|_1$, $\frac{\partial f}{\partial x} = x / \|x\|_1$", WRONG),
        (r"$J = \|X w - y\|^2 + \lambda \|w\|^2$,"
         r" $\frac{\partial J}{\partial w} = 2 (X^T X + \lambda I) w - 2 X^T y$", RIGHT),
        (r"$J = \|X w - y\|^2 + \lambda \|w\|^2$,"
         r" $\frac{\partial J}{\partial w} = (X^T X + \lambda I) w - X^T y$", WRONG),
        (r"$c = (I - \frac1n \mathbf{1} \mathbf{1}^T) x$,"
         r" $\frac{\partial c}{\partial x} = I - \frac1n \mathbf{1} \mathbf{1}^T$", RIGHT),
        (r"$c = (I - \frac1n \mathbf{1} \mathbf{1}^T) x$, $\frac{\partial c}{\partial x} = I$", WRONG),
        (r"$z = X w + b \mathbf{1}$, $L = z^T z$, $\frac{\partial L}{\partial b} = 2 \mathbf{1}^T z$", RIGHT),
        (r"$f(X) = \operatorname{tr}(X^2)$, $\frac{\partial f}{\partial X} = 2 X^T$", RIGHT),
    ],
)  # fmt: skip
def test_operations_on_matrices(text: str, standing: Standing) -> None:
    """Kronecker products, determinants, inverses, diagonals, norms, identities and ones."""
    assert last(text) is standing


EXPECTED = r"$J = \mathbb{E}[(w x - y)^2]$, "


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (r"$f = x^T A x$, $df = x^T (A + A^T) dx$", RIGHT),
        (r"$f = x^T A x$, $df = 2 x^T A \, dx$", WRONG),
        (r"$Y = A X B$, $dY = A \, dX \, B$", RIGHT),
        (r"$Y = A X B$, $L = \operatorname{tr}(C^T Y)$, $dL = C : dY = C : (A \, dX \, B)$", RIGHT),
        (r"$d(X^{-1}) = -X^{-1} \, dX \, X^{-1}$", RIGHT),
        (r"$d(X^{-1}) = -X^{-2} \, dX$", WRONG),
        (r"$d \log\det X = \operatorname{tr}(X^{-1} dX)$", RIGHT),
        (r"$d \det X = \operatorname{tr}(X^{-1} dX)$", WRONG),
        ("f = x^2 y; df = 2xy dx + x^2 dy", RIGHT),
        ("f = x^2 y; df = 2xy dx + x dy", WRONG),
        (EXPECTED + r"$\frac{dJ}{dw} = 2 \mathbb{E}[x (w x - y)]$", RIGHT),
        (EXPECTED + r"$\frac{dJ}{dw} = 2 \mathbb{E}[x] (w \mathbb{E}[x] - \mathbb{E}[y])$", WRONG),
        (r"$f(x, y) = x^2 y$, $\left. \frac{\partial f}{\partial x} \right|_{x=1, y=2} = 4$", RIGHT),
        (r"$f(x, y) = x^2 y$, $\frac{\partial f}{\partial y}\Big|_{x=1, y=2} = 2$", WRONG),
        ("f(x) = sin x; f''(x)|_{x=0} = 0", RIGHT),
    ],
)  # fmt: skip
def test_differentials_means_and_places(text: str, standing: Standing) -> None:
    """What changes make, what samples make on the average, and values at places."""
    assert last(text) is standing


ENTROPY = r"$CE(y, \hat y) = -\sum_i y_i \log \hat y_i$, $\hat y = \operatorname{softmax}(z)$, "
SKIP_GRAM = r"$p(o|c) = \frac{\exp(u_o^T v_c)}{\sum_{w=1}^V \exp(u_w^T v_c)}$, $J = -\log p(o|c)$, "
SOFTMAX = r"$S_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$, "


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (ENTROPY + r"$J = CE(y, \hat y)$, $\frac{\partial J}{\partial z} = \hat y - y$", RIGHT),
        (r"$\hat y = \operatorname{softmax}(z)$, $J = CE(y, \hat y) = -\sum_i y_i \log \hat y_i$,"
         r" $\frac{\partial J}{\partial z} = y - \hat y$", WRONG),
        (SKIP_GRAM + r"$\frac{\partial J}{\partial v_c} = -u_o + \sum_{w=1}^V p(w|c) u_w$", RIGHT),
        (SKIP_GRAM + r"$\frac{\partial J}{\partial v_c} = u_o - \sum_{w=1}^V p(w|c) u_w$", WRONG),
        ("f(x, y) = x^2 y; g(t) = f(t, t^2); g'(t) = 4 t^3", RIGHT),
        ("f(x, y) = x^2 y; g(t) = f(t, t^2); g'(t) = 2 t^3", WRONG),
        (r"$f(x) = x^T A x$, $\nabla f(x) = (A + A^T) x$", RIGHT),
        (r"$f(x) = x^T A x$, $\nabla f = 2 A x$", WRONG),
        (r"$\theta(u) = \tanh(u)$, $a = \theta[z]$, $\frac{da}{dz} = 1 - a^2$", RIGHT),
        (r"$\theta(u) = \tanh(u)$, $a = \theta\left[ z \right]$, $\frac{da}{dz} = a$", WRONG),
        (SOFTMAX + r"$\frac{\partial S_i}{\partial z_j} = S_i (1 - S_i) \text{ if } i = j$", RIGHT),
        *(
            (f"S_i = exp(z_i)/Σ_k exp(z_k); ∂S_i/∂z_j = S_i ({one} - S_j)", RIGHT)
            for one in ("1[i=j]", "1[i = j]", "1(i=j)", "1{i=j}", "[i = j]", "I(i=j)", "𝟙[i=j]", "1_{i=j}")
        ),
        *(
            (SOFTMAX + rf"$\frac{{\partial S_i}}{{\partial z_j}} = S_i ({one} - S_j)$", RIGHT)
            for one in (r"\mathbf{1}[i=j]", r"\mathbb{1}\{i=j\}", r"\mathbb{I}(i = j)", "[i=j]")
        ),
        ("S[i] = exp(z[i]) / sum_k exp(z[k]); ∂S[i]/∂z[i] = S[i]*(1 - S[i])", RIGHT),
        ("S[i] = exp(z[i]) / sum_k exp(z[k]); ∂S[i]/∂z[i] = S[i]", WRONG),
        ("y = x*w + b if x*w + b > 0 else 0; dy/dw = x if x*w + b > 0 else 0", RIGHT),
        ("y = x*w + b if x*w + b > 0 else 0; dy/dw = w if x*w + b > 0 else 0", WRONG),
        ("z = a @ weights['W3']; L = 0.5*np.sum((z - y)**2); dL/da = (z - y) @ weights['W3'].T", RIGHT),
        ("f = ax² + bx + c; df/dx = 2ax + b", RIGHT),
        ("f = ax² + bx + c; df/dx = ax + b", WRONG),
        ("C(...) = (a - y)^2; ∂C/∂a = 2(a - y)", RIGHT),
        (r"$a = \max(0, z)$, $\frac{da}{dz} = 1$ if $z > 0$", RIGHT),
        (r"$a = \max(0, z)$. If $z < 0$, $\frac{da}{dz} = 1$", WRONG),
        ("d = a - b; L = d^2; dL/da = 2 d; dL/dd = 2d", RIGHT),
        ("y = x^x; dy/dx = x^x (ln(x) + 1)", RIGHT),
        ("y = x^x; dy/dx = x * x^(x - 1)", WRONG),
    ],
)  # fmt: skip
def test_functions_and_conditions(text: str, standing: Standing) -> None:
    """Functions of several arguments, letters in brackets, and claims under a condition."""
    claims = [claim for claim in check(text, "text").claims if claim.standing is not Standing.UNCHECKED]
    assert claims[-1].standing is standing


@pytest.mark.parametrize(
    ("condition", "standing"), [(r"a > b", RIGHT), (r"a < b", WRONG), ("a > a", CANNOT_TELL)]
)
def test_conditions_on_values(condition: str, standing: Standing) -> None:
    """A claim is tried where its condition holds, and where it holds nowhere nothing is known."""
    text = rf"$m = \max(a, b)$, $\frac{{\partial m}}{{\partial a}} = 1 \text{{ if }} {condition}$"
    claims = [claim for claim in check(text, "text").claims if claim.standing is not Standing.UNCHECKED]
    assert claims[-1].standing is standing


SYMMETRIC = r"$f(x) = x^T A x$, $\nabla f(x) = 2 A x$"


@pytest.mark.parametrize(
    ("before", "standing"),
    [
        ("", WRONG),
        ("Let $A$ be symmetric. ", RIGHT),
        ("$A = A^T$. ", RIGHT),
        ("For a symmetric matrix $A$ only: ", CANNOT_TELL),
    ],
)
def test_matrices_declared_symmetric(before: str, standing: Standing) -> None:
    """Where that is left open, what holds for them alone is not wrong."""
    assert last(before + SYMMETRIC) is standing


def test_a_sum_over_one_letter_or_two() -> None:
    """Below Σ_{i≠j}, nothing says whether j is given."""
    text = r"$L = \sum_{i \neq j} (x_i - x_j)^2$, $\frac{\partial L}{\partial x_k} = 4 \sum_j (x_k - x_j)$"
    assert last(text) is CANNOT_TELL


@pytest.mark.parametrize(
    "claim",
    [
        r"$\frac{\partial L}{\partial w} = 2 X^T (X w - y) = 0$",
        r"$X^T X w = X^T y$",
        r"$\frac{\partial L}{\partial w} = 2 X^T (X w - y)$, $w = (X^T X)^{-1} X^T y$",
        r"$w = w - \eta \frac{\partial L}{\partial w}$",
    ],
)
def test_equations_to_be_solved_are_not_wrong(claim: str) -> None:
    """They say where something is, and not what it is everywhere."""
    assert last(r"$L = \|X w - y\|^2$, " + claim) is CANNOT_TELL


@pytest.mark.parametrize(
    "text",
    [
        "vec(" + "A ⊗ " * 9 + "A) = x",
        r"$\frac{\partial \operatorname{vec}(X ⊗ X ⊗ X)}{\partial \operatorname{vec}(X)} = A$",
        "[" + ", ".join("x" for _ in range(2000)) + "] = y",
        "f = " + "x^T A " * 300 + "x; df = dx",
        "det(" * 30 + "X" + ")" * 30 + " = 1; ∂det(X)/∂X = X",
        "|" * 300 + "x_{a=1}" * 30,
        r"\left." * 500 + r"x \right|_{x=1}",
        "x_1 + … + " * 200 + "x_2",
    ],
)
def test_what_grows_is_bounded(text: str) -> None:
    """However large arrays become, there is an answer."""
    check(text, "text")


@pytest.mark.parametrize(
    "claim",
    [
        "∂L/∂h = (v^T ⊙ σ′(h)^T)^T",
        "∂L/∂W = (σ′(h)^T ⊙ v^T)^T x^T",
        "∂L/∂x = (σ′(h)^T diag(v) W)^T",
    ],
)
def test_slopes_are_transposed(claim: str) -> None:
    """f′(z)ᵀ is the transpose of f′(z), as f(z)ᵀ is one of f(z)."""
    assert last(f"h = W x; s = σ(h); L = v^T s; {claim}") is RIGHT


@pytest.mark.parametrize("shapes", ["", "y: 1, w: 3"])
def test_a_label_before_a_product_is_not_blamed(shapes: str) -> None:
    """In y wᵀ x the label y is a number as a rule, and can be a row where w is a matrix."""
    text = "L = log(1 + exp(-y w^T x)); dL/dw = -y x σ(-y w^T x)"
    (*_, claim) = check(text, "t", shapes=shapes).claims
    assert claim.standing is (RIGHT if shapes else CANNOT_TELL)
    if not shapes:
        assert "say it with --shapes" in claim.steps[-1].help


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("r^2 = x^2 + y^2; ∂r/∂x = x / r", RIGHT),
        ("r^2 = x^2 + y^2; ∂r/∂x = 2 x", WRONG),
        (r"$\sigma^2 = \frac1m \sum_i x_i^2$, $\frac{\partial \sigma^2}{\partial x_i} = \frac2m x_i$", RIGHT),
        (r"$\sigma^2 = \frac1m \sum_i x_i^2$, $\frac{\partial \sigma^2}{\partial x_i} = 2 x_i$", WRONG),
    ],
)
def test_squares_are_defined(text: str, standing: Standing) -> None:
    """Of what is known by its square alone the root is taken."""
    assert last(text) is standing
