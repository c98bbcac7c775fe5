"""A fixed mixture of functions that are hard to difference, each with its gradient by hand.

Every family writes its function once, for a namespace `m`: NumPy's, or the same names at any precision
(see nasty_truth). Half of the families, those `HELD_OUT`, are for the final measurement alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

Array = Any
"""Floats, or mpmath's numbers as objects."""


@dataclass(frozen=True)
class Nasty:
    """A function f at a point x."""

    value: Callable[[Any, Array], Any]
    """f(m, x) for a namespace m."""
    gradient: Callable[[Array], Array]
    """The right gradient, as one would write it."""
    x: Array
    kinked: bool = False
    """Whether f has no derivative at x: the gradient follows a convention there."""

    def f(self, x: Array) -> float:
        """The value in double precision."""
        return float(self.value(np, x))


Family = Callable[[Random], Nasty]
FAMILIES: dict[str, Family] = {}
HELD_OUT: set[str] = set()


def family(*, held_out: bool = False) -> Callable[[Family], Family]:
    """Enter a family into the mixture, under its own name."""

    def enter(draw: Family) -> Family:
        name = draw.__name__.replace("_", " ").strip()
        FAMILIES[name] = draw
        if held_out:
            HELD_OUT.add(name)
        return draw

    return enter


def draw(name: str, number: int, seed: int) -> Nasty:
    """The mixture's function of that number, of a family of that name."""
    return FAMILIES[name](Random(f"{seed}/{number}/{name}"))


def wrong_gradients(case: Nasty, random: Random) -> dict[str, Array]:
    """Wrong answers by their kinds; those that a convention at a kink would allow are left out."""
    right = np.asarray(case.gradient(case.x), np.float64)
    entries = np.flatnonzero(right)
    if not entries.size:
        return {}
    if case.kinked:
        return {"doubled and shifted": 2 * right + np.abs(right).max()}
    one = right.copy()
    one.flat[random.choice(entries.tolist())] *= 1 + 1e-6
    negative = np.abs(right)
    wrong = {"one entry 1e-6 off": one, "zeros": np.zeros_like(right), "halved": right / 2}
    if (right < 0).any():
        wrong["without its signs"] = negative
    return wrong


def _signed(r: Random, low: float, high: float, n: int) -> Array:
    return np.array([r.choice((-1, 1)) * r.uniform(low, high) for _ in range(n)])


def _power(r: Random, low: float, high: float) -> float:
    return float(10.0 ** r.uniform(low, high))


def _n(r: Random) -> int:
    return r.randint(2, 5)


@family()
def _scaled_squares(r: Random) -> Nasty:
    s, x = _power(r, -150, 150), _signed(r, 0.2, 3, _n(r))
    return Nasty(lambda m, x: s * m.sum(x**2), lambda x: 2 * s * x, x)


@family(held_out=True)
def _scaled_waves(r: Random) -> Nasty:
    s, a, x = _power(r, -150, 150), r.uniform(0.5, 4), _signed(r, 0.2, 3, _n(r))
    return Nasty(lambda m, x: s * m.sum(m.sin(a * x)), lambda x: s * a * np.cos(a * x), x)


@family()
def _arguments_of_any_scale(r: Random) -> Nasty:
    s, u = _power(r, -150, 150), _signed(r, 0.2, 3, _n(r))
    return Nasty(
        lambda m, x: m.sum(m.tanh(x / s) + (x / s) ** 2),
        lambda x: (1 / np.cosh(x / s) ** 2 + 2 * x / s) / s,
        s * u,
    )


@family()
def _narrow_bumps(r: Random) -> Nasty:
    c, w = r.uniform(-2, 2), _power(r, -9, -1)
    x = c + w * _signed(r, 0.1, 2, _n(r))
    return Nasty(
        lambda m, x: m.sum(m.exp(-(((x - c) / w) ** 2))),
        lambda x: -2 * (x - c) / w**2 * np.exp(-(((x - c) / w) ** 2)),
        x,
    )


@family(held_out=True)
def _narrow_steps_on_a_slope(r: Random) -> Nasty:
    c, w, a = r.uniform(0.5, 9), _power(r, -8, -2), _power(r, -6, 0)
    x = c + w * _signed(r, 0.1, 2, _n(r))
    return Nasty(
        lambda m, x: m.sum(a * m.tanh((x - c) / w) + m.sin(x)),
        lambda x: a / w / np.cosh((x - c) / w) ** 2 + np.cos(x),
        x,
    )


@family()
def _squares_beside_a_large_constant(r: Random) -> Nasty:
    c, x = _power(r, 0, 12), _signed(r, 0.2, 3, _n(r))
    return Nasty(lambda m, x: c + m.sum(x**2), lambda x: 2 * x, x)


@family(held_out=True)
def _waves_beside_a_large_constant(r: Random) -> Nasty:
    s, x = _power(r, -20, 20), _signed(r, 0.2, 3, _n(r))
    c = s * _power(r, 0, 12)
    return Nasty(lambda m, x: c + s * m.sum(m.sin(2 * x)), lambda x: 2 * s * np.cos(2 * x), x)


@family()
def _high_frequencies(r: Random) -> Nasty:
    w, x = _power(r, 1, 9), _signed(r, 0.2, 3, _n(r))
    return Nasty(lambda m, x: m.sum(m.sin(w * x)), lambda x: w * np.cos(w * x), x)


@family(held_out=True)
def _chirps(r: Random) -> Nasty:
    x = np.array([_power(r, -4, 0) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(m.sin(1 / x)), lambda x: -np.cos(1 / x) / x**2, x)


@family()
def _positional_encodings(r: Random) -> Nasty:
    k, x = r.randint(4, 14), np.array([r.uniform(0, 1) for _ in range(_n(r))])
    w = [float(np.pi * 2.0**i) for i in range(k)]
    u = [r.uniform(-1, 1) for _ in w]
    return Nasty(
        lambda m, x: sum(a * m.sum(m.sin(b * x)) for a, b in zip(u, w, strict=True)),
        lambda x: np.sum([a * b * np.cos(b * x) for a, b in zip(u, w, strict=True)], axis=0),
        x,
    )


@family(held_out=True)
def _days_of_unix_time(r: Random) -> Nasty:
    w = float(2 * np.pi / r.choice([60, 3600, 86400, 604800]))
    x = np.array([r.uniform(1.4e9, 1.8e9) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(m.sin(w * x)), lambda x: w * np.cos(w * x), x)


@family()
def _saturated_tanh(r: Random) -> Nasty:
    k, x = _power(r, 0, 5), _signed(r, 0.1, 3, _n(r))
    x[0] = r.uniform(-2, 2) / k
    return Nasty(lambda m, x: m.sum(m.tanh(k * x)), lambda x: k * (1 - np.tanh(k * x) ** 2), x)


@family(held_out=True)
def _saturated_sigmoid_and_loss(r: Random) -> Nasty:
    k, x = _power(r, 0, 3), _signed(r, 0.01, 2, _n(r))

    def sigmoid(m: Any, x: Array) -> Array:
        return 1 / (1 + m.exp(-k * x))

    return Nasty(
        lambda m, x: m.sum((sigmoid(m, x) - 0.25) ** 2),
        lambda x: 2 * (sigmoid(np, x) - 0.25) * k * sigmoid(np, x) * sigmoid(np, -x),
        x,
    )


@family()
def _logarithms_of_tiny_numbers(r: Random) -> Nasty:
    x = np.array([_power(r, -300, 0) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(m.log(x)), lambda x: 1 / x, x)


@family(held_out=True)
def _reciprocals(r: Random) -> Nasty:
    x = np.array([r.choice((-1, 1)) * _power(r, -9, 6) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(1 / x), lambda x: -1 / x**2, x)


@family()
def _clipped_logarithms(r: Random) -> Nasty:
    e = r.choice([1e-8, 1e-12, 1e-15, 1e-20])
    x = np.array([e * _power(r, 0.2, -np.log10(e) - 0.2) for _ in range(_n(r))])
    return Nasty(lambda m, x: -m.sum(m.log(m.maximum(x, e))), lambda x: -1.0 * (x > e) / np.maximum(x, e), x)


@family(held_out=True)
def _logarithms_with_an_epsilon(r: Random) -> Nasty:
    e = r.choice([1e-7, 1e-8, 1e-12])
    x = np.array([_power(r, -12, 0) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(m.log(x + e)), lambda x: 1 / (x + e), x)


@family()
def _roots(r: Random) -> Nasty:
    x = np.array([r.choice((-1, 1)) * _power(r, -12, 3) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(m.sqrt(abs(x))), lambda x: np.sign(x) / 2 / np.sqrt(np.abs(x)), x)


@family(held_out=True)
def _entropies(r: Random) -> Nasty:
    x = np.array([_power(r, -12, 0) for _ in range(_n(r))])
    return Nasty(lambda m, x: -m.sum(x * m.log(x)), lambda x: -np.log(x) - 1, x)


@family()
def _cross_entropy_of_confident_logits(r: Random) -> Nasty:
    x = np.array([r.uniform(0, 3) for _ in range(_n(r))])
    x[0] = r.uniform(3, 100)
    k = r.choice([0, 0, 1])

    def value(m: Any, z: Array) -> Any:
        top = max(z)
        return m.log(m.sum(m.exp(z - top))) + top - z[k]

    def gradient(z: Array) -> Array:
        e = np.exp(z - z.max())
        return e / e.sum() - np.eye(len(z))[k]

    return Nasty(value, gradient, x)


@family(held_out=True)
def _softmax_of_large_logits(r: Random) -> Nasty:
    x = np.array([_power(r, 0, 3) * r.choice((-1, 1)) for _ in range(_n(r))])
    u = [r.uniform(-1, 1) for _ in x]

    def probabilities(m: Any, z: Array) -> Array:
        e = m.exp(z - max(z))
        return e / m.sum(e)

    def gradient(z: Array) -> Array:
        p = probabilities(np, z)
        return p * (u - p @ u)

    return Nasty(lambda m, z: m.sum(probabilities(m, z) * u), gradient, x)


@family()
def _densities_far_from_zero(r: Random) -> Nasty:
    mu, s = _power(r, 1, 7), _power(r, -1, 1)
    x = mu + s * _signed(r, 0.1, 2, _n(r))
    return Nasty(
        lambda m, x: m.sum(m.exp(-(((x - mu) / s) ** 2) / 2)),
        lambda x: -(x - mu) / s**2 * np.exp(-(((x - mu) / s) ** 2) / 2),
        x,
    )


@family(held_out=True)
def _kernels_of_raw_data(r: Random) -> Nasty:
    z = np.array([[r.uniform(1400, 1600), r.uniform(1, 5)] for _ in range(3)])
    x, g = z[0] + _signed(r, 0.2, 1.5, 2), r.uniform(0.1, 1)
    return Nasty(
        lambda m, x: m.sum(m.exp(-g * ((x[0] - z[:, 0]) ** 2 + (x[1] - z[:, 1]) ** 2))),
        lambda x: (-2 * g * (x - z) * np.exp(-g * ((x - z) ** 2).sum(1))[:, None]).sum(0),
        x,
    )


@family()
def _tiny_likelihoods(r: Random) -> Nasty:
    x = _signed(r, 1, 13, _n(r))
    x *= np.sqrt(min(1, 690 / float(x @ x)))
    return Nasty(lambda m, x: m.exp(-m.sum(x**2)), lambda x: -2 * x * np.exp(-(x**2).sum()), x)


@family(held_out=True)
def _steep_exponentials(r: Random) -> Nasty:
    k, x = _power(r, 0, 2), _signed(r, 0.2, 2, _n(r))
    return Nasty(lambda m, x: m.sum(m.exp(k * x)), lambda x: k * np.exp(k * x), x)


@family()
def _large_powers(r: Random) -> Nasty:
    p, x = r.randint(2, 7), _power(r, 10, 40) * _signed(r, 0.5, 2, _n(r))
    return Nasty(lambda m, x: m.sum(x**p), lambda x: p * x ** (p - 1), x)


@family(held_out=True)
def _values_near_the_largest(r: Random) -> Nasty:
    s, x = _power(r, 290, 306), _signed(r, 0.2, 3, _n(r))
    return Nasty(lambda m, x: m.sum(s * m.sin(x)), lambda x: s * np.cos(x), x)


@family()
def _entries_of_different_scales(r: Random) -> Nasty:
    n = _n(r)
    s = np.array([_power(r, -5, 5) for _ in range(n)])
    x = _signed(r, 0.3, 2, n)
    return Nasty(lambda m, x: m.sum(s * x**2), lambda x: 2 * s * x, x)


@family(held_out=True)
def _products(r: Random) -> Nasty:
    n = _n(r)
    x = np.array([r.choice((-1, 1)) * _power(r, -6, 6) for _ in range(n)])

    def value(m: Any, x: Array) -> Any:
        p = x[0]
        for one in x[1:]:
            p = p * one
        return p

    return Nasty(value, lambda x: np.array([np.delete(x, i).prod() for i in range(len(x))]), x)


@family()
def _near_ties(r: Random) -> Nasty:
    x = _signed(r, 0.5, 2, _n(r))
    x[0] = np.abs(x).max() + 1
    x[1] = x[0] * (1 - _power(r, -13, -2))
    order = r.sample(range(len(x)), len(x))
    return Nasty(lambda m, x: max(x), lambda x: 1.0 * (x == x.max()), x[order])


@family(held_out=True)
def _kinks_nearby(r: Random) -> Nasty:
    x = np.array([r.choice((-1, 1)) * _power(r, -14, 0) for _ in range(_n(r))])
    a = r.uniform(0, 0.5)
    return Nasty(
        lambda m, x: m.sum(m.maximum(x, 0 * x) + a * m.minimum(x, 0 * x) + m.sin(x)),
        lambda x: (x > 0) + a * (x < 0) + np.cos(x),
        x,
    )


@family()
def _ties(r: Random) -> Nasty:
    x = _signed(r, 0.5, 2, r.randint(3, 6))
    x[:2] = np.abs(x).max() + r.choice([0, 1])
    return Nasty(lambda m, x: max(x) ** 2, lambda x: 2 * x.max() * (np.arange(x.size) == x.argmax()), x, True)


@family(held_out=True)
def _pooled_equals(r: Random) -> Nasty:
    x = np.array([max(0.0, r.gauss(0, 1) - 0.6) for _ in range(9)])

    def gradient(x: Array) -> Array:
        g = np.zeros_like(x)
        for i in range(0, 7, 2):
            g[i + x[i : i + 3].argmax()] += i + 1
        return g

    return Nasty(lambda m, x: sum((i + 1) * max(x[i : i + 3]) for i in range(0, 7, 2)), gradient, x, True)


@family()
def _units_at_zero(r: Random) -> Nasty:
    w = np.array([[r.gauss(0, 1) for _ in range(5)] for _ in range(3)])
    u, x = np.array([r.gauss(0, 1) for _ in range(5)]), np.zeros(3)
    return Nasty(
        lambda m, x: m.sum(u * m.maximum(x @ w, 0 * (x @ w))),
        lambda x: w @ (u * (x @ w > 0)),
        x,
        True,
    )


@family(held_out=True)
def _deviations_of_equal_numbers(r: Random) -> Nasty:
    x = np.array([float(r.randint(0, 2)) for _ in range(5)])
    return Nasty(
        lambda m, x: sum(m.sum(abs(x - one)) for one in x),
        lambda x: 2 * np.sign(x[:, None] - x[None, :]).sum(1),
        x,
        True,
    )


@family()
def _whole_numbers(r: Random) -> Nasty:
    x = np.array([r.choice((-1, 1)) * r.randint(1, 9) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(x**3 / 3 + m.cos(x)), lambda x: x**2.0 - np.sin(x), x)


@family(held_out=True)
def _single_precision_inputs(r: Random) -> Nasty:
    x = _signed(r, 0.2, 3, _n(r)).astype(np.float32)
    return Nasty(lambda m, x: m.sum(x * m.tanh(x)), lambda x: np.tanh(x) + x / np.cosh(x) ** 2, x)


@family()
def _columns_first(r: Random) -> Nasty:
    x = np.asfortranarray([[r.gauss(0, 1) for _ in range(3)] for _ in range(2)])
    a = np.array([[r.gauss(0, 1) for _ in range(2)] for _ in range(3)])
    return Nasty(lambda m, x: m.sum(m.tanh(x @ a)), lambda x: (1 - np.tanh(x @ a) ** 2) @ a.T, x)


@family(held_out=True)
def _cancellations(r: Random) -> Nasty:
    c, x = _power(r, 2, 10), _signed(r, 0.2, 3, _n(r))
    return Nasty(lambda m, x: m.sum(((c + x) - c) ** 2), lambda x: 2 * x, x)


@family()
def _softplus_and_stiff_logarithms(r: Random) -> Nasty:
    k, x = _power(r, 0, 5), np.array([r.uniform(-3, 3) for _ in range(_n(r))])
    x = x / r.choice([1, k])
    return Nasty(
        lambda m, x: m.sum(m.maximum(k * x, 0 * x) + m.log(1 + m.exp(-abs(k * x)))),
        lambda x: k / (1 + np.exp(-k * x)),
        x,
    )


@family(held_out=True)
def _norms_of_small_vectors(r: Random) -> Nasty:
    s = _power(r, -12, 6)
    x = s * _signed(r, 0.2, 2, _n(r))
    return Nasty(lambda m, x: m.sqrt(m.sum(x**2)), lambda x: x / np.sqrt((x**2).sum()), x)


@family()
def _rational_functions_far_out(r: Random) -> Nasty:
    x = np.array([r.choice((-1, 1)) * _power(r, -6, 9) for _ in range(_n(r))])
    return Nasty(lambda m, x: m.sum(x / (1 + x**2)), lambda x: (1 - x**2) / (1 + x**2) ** 2, x)


@family(held_out=True)
def _valleys(r: Random) -> Nasty:
    s = _power(r, -4, 4)
    x = s * _signed(r, 0.5, 2, 3)
    return Nasty(
        lambda m, x: m.sum(100 * (x[1:] - x[:-1] ** 2) ** 2) + m.sum((1 - x[:-1]) ** 2),
        lambda x: (
            np.append(-400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1]), 0.0)
            + np.append(0.0, 200 * (x[1:] - x[:-1] ** 2))
        ),
        x,
    )
