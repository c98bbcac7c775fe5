"""Functions of one number, entry by entry, a rule a line; options are further arguments."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.operation import POSITIVE, REAL, Entrywise, Interval

_erfc = np.vectorize(math.erfc, otypes=[np.float64])

# Klambauer, Unterthiner, Mayr and Hochreiter (2017), "Self-normalizing neural networks", section 2.
SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717

# Hendrycks and Gimpel (2016), "Gaussian error linear units", section 2.
GELU_SLOPE, GELU_CUBE = math.sqrt(2 / math.pi), 0.044715
_GATE = f"sigmoid(2 * {GELU_SLOPE} * (x + {GELU_CUBE} * x^3))"
_GELU_TANH_RULE = f"{_GATE} + y * (1 - {_GATE}) * 2 * {GELU_SLOPE} * (1 + 3 * {GELU_CUBE} * x^2)"


def sigmoid(x: Array) -> Array:
    """1/(1+e⁻ˣ), without overflow."""
    e = np.exp(-np.abs(x))
    value: Array = np.where(x >= 0, 1, e) / (1 + e)
    return value


def softplus(x: Array) -> Array:
    """log(1+eˣ), without overflow."""
    return np.logaddexp(np.zeros_like(x), x)


def normal_cdf(x: Array) -> Array:
    """Φ(x) = ½ erfc(-x/√2), which keeps its relative precision where Φ is small."""
    cdf: Array = (_erfc(-np.asarray(x) / math.sqrt(2)) / 2).astype(np.asarray(x).dtype)
    return cdf


def log_cosh(x: Array) -> Array:
    """log cosh x, with all digits where x is small: cosh c = 1 + 2 sinh²(c/2). Beyond 20 it is a line."""
    c = np.minimum(np.abs(x), 20)
    value: Array = np.log1p(2 * np.sinh(c / 2) ** 2) + (np.abs(x) - c)
    return value


def _huber(r: Array, delta: Array) -> Array:
    c = np.minimum(np.abs(r), delta)
    value: Array = c * (np.abs(r) - c / 2)
    return value


def _xlogy(x: Array, y: Array) -> Array:
    """X log y, and 0 where x is 0."""
    return x * np.log(np.where(x == 0, 1, y))


def _elu(x: Array, alpha: Array) -> Array:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _function(
    name: str,
    value: Callable[..., Array] | str,
    torch: Callable[..., Any],
    *derivatives: str | None,
    **declared: Any,
) -> Entrywise:
    """One whose value is stated as code, of x or x1, x2, is evaluated and written by that."""
    if callable(value):
        return Entrywise(name=name, value=value, torch=torch, derivatives=derivatives, **declared)
    arguments = "x" if len(derivatives) == 1 else "x1, x2"
    by_numpy = eval(f"lambda {arguments}: {value}", {"np": np})
    return Entrywise(name=name, value=by_numpy, torch=torch, derivatives=derivatives, numpy=value, **declared)


def within(low: float, high: float) -> Callable[..., Interval]:
    """The open interval, whatever the options are."""
    return lambda *options: (low, high)


def reaching(low: float, high: float) -> Callable[..., Interval]:
    """The narrowest open interval around a closed one, for functions that reach their bounds."""
    return within(math.nextafter(low, -math.inf), math.nextafter(high, math.inf))


def _torch(name: str) -> Callable[..., Any]:
    """PyTorch's own function of that name among those for networks."""
    return lambda torch, x: getattr(torch.nn.functional, name)(x)


FUNCTIONS: tuple[Entrywise, ...] = (
    _function("exp", np.exp, lambda t, x: t.exp(x), "y"),
    _function("expm1", np.expm1, lambda t, x: t.expm1(x), "exp(x)"),
    _function("log", np.log, lambda t, x: t.log(x), "1 / x", domain=(POSITIVE,), aliases=("ln",)),
    _function("log1p", np.log1p, lambda t, x: t.log1p(x), "1 / (1 + x)", domain=((-1.0, math.inf),)),
    _function("log2", np.log2, lambda t, x: t.log2(x), "1 / (x * log(2))", domain=(POSITIVE,)),
    _function("log10", np.log10, lambda t, x: t.log10(x), "1 / (x * log(10))", domain=(POSITIVE,)),
    _function(
        "sqrt",
        np.sqrt,
        lambda t, x: t.sqrt(x),
        "1 / (2 * y)",
        domain=(POSITIVE,),
        symbol="√",
        latex=r"\sqrt{#}",
    ),
    _function(
        "xlogy",
        _xlogy,
        lambda t, x, y: t.xlogy(x, y),
        "log(x2)",
        "x1 / x2",
        domain=(REAL, POSITIVE),
        numpy="x1 * np.log(np.where(x1 == 0, 1, x2))",
    ),
    _function("sin", np.sin, lambda t, x: t.sin(x), "cos(x)", range=reaching(-1, 1)),
    _function("cos", np.cos, lambda t, x: t.cos(x), "-sin(x)"),
    _function("tan", np.tan, lambda t, x: t.tan(x), "1 + y^2", kinks=("cos(x)",), sided=False),
    _function(
        "arcsin",
        np.arcsin,
        lambda t, x: t.asin(x),
        "1 / sqrt(1 - x^2)",
        domain=((-1.0, 1.0),),
        aliases=("asin",),
    ),
    _function(
        "arccos",
        np.arccos,
        lambda t, x: t.acos(x),
        "-(1 / sqrt(1 - x^2))",
        domain=((-1.0, 1.0),),
        aliases=("acos",),
    ),
    _function(
        "arctan",
        np.arctan,
        lambda t, x: t.atan(x),
        "1 / (1 + x^2)",
        range=within(-math.pi / 2, math.pi / 2),
        aliases=("atan",),
    ),
    _function("sinh", np.sinh, lambda t, x: t.sinh(x), "cosh(x)"),
    _function("cosh", np.cosh, lambda t, x: t.cosh(x), "sinh(x)"),
    _function("sech", "1 / np.cosh(x)", lambda t, x: 1 / t.cosh(x), "-(y * tanh(x))"),
    _function("tanh", np.tanh, lambda t, x: t.tanh(x), "1 - y^2", range=within(-1, 1)),
    _function(
        "abs",
        np.abs,
        lambda t, x: t.abs(x),
        "sign(x)",
        kinks=("x",),
        exact=True,
        symbol="|#|",
        latex=r"\lvert # \rvert",
    ),
    _function("sign", np.sign, lambda t, x: t.sign(x), None, kinks=("x",), aliases=("sgn",)),
    _function(
        "sigmoid",
        sigmoid,
        lambda t, x: t.sigmoid(x),
        "y * (1 - y)",
        range=within(0, 1),
        numpy="1 / (1 + np.exp(-x))",
        aliases=("logistic", "expit"),
        symbol="σ",
        latex=r"\sigma",
    ),
    _function(
        "softsign",
        "x / (1 + np.abs(x))",
        _torch("softsign"),
        "1 / (1 + abs(x))^2",
        range=within(-1, 1),
    ),
    _function(
        "relu",
        "np.maximum(x, 0)",
        lambda t, x: t.relu(x),
        "x > 0",
        kinks=("x",),
        exact=True,
        range=reaching(0, math.inf),
        aliases=("ReLU",),
    ),
    _function(
        "relu6",
        "np.clip(x, 0, 6)",
        _torch("relu6"),
        "(x > 0) * (x < 6)",
        kinks=("x", "x - 6"),
        exact=True,
        range=reaching(0, 6),
    ),
    _function(
        "hardtanh",
        "np.clip(x, -1, 1)",
        _torch("hardtanh"),
        "abs(x) < 1",
        kinks=("x + 1", "x - 1"),
        exact=True,
        range=reaching(-1, 1),
    ),
    _function(
        "hardsigmoid",
        "np.clip(x + 3, 0, 6) / 6",
        # The gradient of PyTorch's own hardsigmoid takes 1/6 in float32, 5e-9 off.
        lambda t, x: t.nn.functional.relu6(x + 3) / 6,
        "(abs(x) < 3) / 6",
        kinks=("x + 3", "x - 3"),
        range=reaching(0, 1),
    ),
    _function(
        "leaky_relu",
        "np.where(x1 > 0, x1, x2 * x1)",
        lambda t, x, slope: t.where(x > 0, x, slope * x),
        "where(x1 > 0, 1, x2)",
        "where(x1 > 0, 0, x1)",
        kinks=("where(x2 == 1, 1e300, x1)",),
        defaults=(0.01,),
        options=("slope",),
        aliases=("lrelu",),
        range=lambda slope: (-math.inf if slope > 0 else math.nextafter(0, -1), math.inf),
    ),
    _function(
        "elu",
        "np.where(x1 > 0, x1, x2 * np.expm1(np.minimum(x1, 0)))",
        lambda t, x, alpha: t.where(x > 0, x, alpha * t.expm1(x.clamp(max=0))),
        "where(x1 > 0, 1, y + x2)",
        "where(x1 > 0, 0, expm1(x1))",
        kinks=("where(x2 == 1, 1e300, x1)",),
        defaults=(1.0,),
        options=("alpha",),
        domain=(REAL, POSITIVE),
        range=lambda alpha: (-alpha, math.inf),
    ),
    _function(
        "selu",
        lambda x: SELU_SCALE * _elu(x, np.asarray(SELU_ALPHA, x.dtype)),
        lambda t, x: t.selu(x),
        f"where(x > 0, {SELU_SCALE}, y + {SELU_SCALE * SELU_ALPHA})",
        kinks=("x",),
        range=within(-SELU_SCALE * SELU_ALPHA, math.inf),
        numpy=f"{SELU_SCALE} * np.where(x > 0, x, {SELU_ALPHA} * np.expm1(np.minimum(x, 0)))",
    ),
    # PyTorch's softplus returns x itself above its threshold; the default of 20 costs 2e-9.
    _function(
        "softplus",
        softplus,
        lambda t, x: t.nn.functional.softplus(x, threshold=100),
        "sigmoid(x)",
        range=within(0, math.inf),
        numpy="np.logaddexp(0, x)",
    ),
    _function(
        "log_sigmoid",
        lambda x: -softplus(-x),
        lambda t, x: t.nn.functional.logsigmoid(x),
        "sigmoid(-x)",
        numpy="-np.logaddexp(0, -x)",
    ),
    _function(
        "silu",
        lambda x: x * sigmoid(x),
        _torch("silu"),
        "sigmoid(x) + y * (1 - sigmoid(x))",
        range=within(-0.2785, math.inf),
        aliases=("swish",),
        numpy="x / (1 + np.exp(-x))",
    ),
    _function(
        "mish",
        lambda x: x * np.tanh(softplus(x)),
        _torch("mish"),
        "tanh(softplus(x)) + x * (1 - tanh(softplus(x))^2) * sigmoid(x)",
        range=within(-0.3089, math.inf),
        numpy="x * np.tanh(np.logaddexp(0, x))",
    ),
    _function(
        "normal_cdf",
        normal_cdf,
        lambda t, x: t.special.ndtr(x),
        "exp(-(x^2 / 2)) / sqrt(2 * pi)",
        numpy="np.vectorize(math.erfc)(-x / math.sqrt(2)) / 2",
        symbol="Φ",
        latex=r"\Phi",
    ),
    _function(
        "erf",
        lambda x: 2 * normal_cdf(x * math.sqrt(2)) - 1,
        lambda t, x: t.erf(x),
        "2 / sqrt(pi) * exp(-x^2)",
        numpy="np.vectorize(math.erf)(x)",
    ),
    _function(
        "gelu",
        lambda x: x * normal_cdf(x),
        _torch("gelu"),
        "normal_cdf(x) + x * exp(-(x^2 / 2)) / sqrt(2 * pi)",
        range=within(-0.17, math.inf),
        numpy="x * normal_cdf(x)",
    ),
    _function(
        "gelu_tanh",
        # ½(1 + tanh u) = σ(2u), and σ keeps its relative precision where it is small.
        lambda x: x * sigmoid(2 * GELU_SLOPE * (x + GELU_CUBE * x**3)),
        lambda t, x: t.nn.functional.gelu(x, approximate="tanh"),
        _GELU_TANH_RULE,
        range=within(-0.1701, math.inf),
        numpy=f"x / (1 + np.exp({-2 * GELU_SLOPE} * (x + {GELU_CUBE} * x**3)))",
    ),
    _function(
        "log_cosh",
        log_cosh,
        lambda t, x: t.log(t.cosh(x)),
        "tanh(x)",
        numpy="np.logaddexp(x, -x) - np.log(2)",
    ),
    _function(
        "huber",
        _huber,
        lambda t, x, delta: t.where(x.abs() <= delta, x**2 / 2, delta * (x.abs() - delta / 2)),
        "where(abs(x1) <= x2, x1, x2 * sign(x1))",
        "where(abs(x1) <= x2, 0, abs(x1) - x2)",
        defaults=(1.0,),
        domain=(REAL, POSITIVE),
        numpy="np.where(np.abs(x1) <= x2, x1**2 / 2, x2 * (np.abs(x1) - x2 / 2))",
    ),
)
"""Elementary functions, activations, and what losses are made of."""

BY_NAME = {function.name: function for function in FUNCTIONS}
