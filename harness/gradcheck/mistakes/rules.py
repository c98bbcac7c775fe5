"""The right rules of the reverse pass as formulas in the catalogue's language, for one network."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gradcheck.expr.operation import Along
from gradcheck.layers.activation import Activation
from gradcheck.maths.chain import Chain
from gradcheck.mistakes.places import activation_of, function_of, last

_LOSS_SLOPES = {
    "absolute_error": "sign(a - y)",
    "binary_cross_entropy": "(a - y) / (a * (1 - a))",
    "binary_cross_entropy_with_logits": "sigma(a) - y",
    "cross_entropy": "-y / a",
    "cross_entropy_with_logits": "softmax(a) - y",
    "half_squared_error": "a - y",
    "kl_divergence": "-y / a",
    "log_cosh": "tanh(a - y)",
    "mean_squared_error": "2 * (a - y) / n_out",
    "nll": "-y",
    "none": "ones(a)",
    "poisson_nll": "exp(a) - y",
    "squared_error": "2 * (a - y)",
    "upstream": "dout",
}
"""∂ℓ/∂a of the losses that have a short one."""

_CANCELLING = {
    ("sigmoid", "binary_cross_entropy"): "a - y",
    ("softmax", "cross_entropy"): "a - y",
    ("softmax", "kl_divergence"): "a - y",
    ("log_softmax", "nll"): "exp(a) - y",
}
"""∂ℓ/∂z where activation and loss are made for each other."""

_PASSED_BACK = {
    "conv2d": "spread(dz, W)",
    "dense": "dz @ T(W)",
    "flatten": "reshaped(da)",
    "rnn": "dz @ T(Wx)",
}
"""Kind of layer -> ∂J/∂ its input."""

_GRADIENTS = {
    "conv2d": {"W": "gathered(a_prev, dz)", "b": "filter_sum(dz)"},
    "dense": {"W": "T(a_prev) @ dz", "b": "total(dz)"},
    "rnn": {"Wx": "total(T(a_prev) @ dz)", "Wh": "total(T(earlier(a)) @ dz)", "b": "time_sum(dz)"},
}
"""Kind of layer -> letter of a parameter -> what the data gives its gradient."""

_PENALTY_FACTORS = {
    "lambda": "lam",
    "lambda/2": "lam / 2",
    "lambda/m": "lam / m",
    "lambda/2m": "lam / (2 * m)",
}
_PENALTY_SLOPES = {"l1": "sign(w)", "l2": "2 * w"}

_WORD, _AXIS = re.compile(r"\w+"), re.compile(r", (?:over|k)\b")
_OF_THIS_LAYER = re.compile(r"\b(d[az]|Wx?)\b")


def right(chain: Chain, rule: str, layer: int) -> str | None:
    """What makes the quantity of that rule at that layer; None where no short formula does."""
    letter = rule[1:]
    if rule == "da":
        return _from_next(chain, layer)
    kind = chain.layers[layer - 1].kind
    if rule == "dz":
        return _delta(kind, function_of(chain, layer))
    if rule == "dx":
        return _PASSED_BACK[kind]
    if rule[0] == "r":
        return "c * pull" if chain.penalised([f"{letter}{layer}"]) else "0"
    return _GRADIENTS[kind][letter]


def cancelled(chain: Chain, layer: int) -> str | None:
    """The last layer's dz, where so much of it cancels that nobody writes it as da ⊙ g′(z)."""
    pair = _CANCELLING.get((activation_of(chain, layer), chain.loss.name))
    return f"share * ({pair})" if pair and layer == last(chain) else None


def constants(chain: Chain) -> dict[str, str]:
    """What the names c, pull, p and share are in this network."""
    known = {
        "p": _translated(chain.loss.probabilities or "a", {"a": "a_last"}),
        "share": "1 / m" if chain.reduction == "mean" else "1",
    }
    if chain.penalty is None:
        return known
    return known | {
        "c": _PENALTY_FACTORS[chain.penalty.constant],
        "pull": _PENALTY_SLOPES[chain.penalty.norm],
    }


def _from_next(chain: Chain, layer: int) -> str | None:
    if layer < last(chain):
        return _OF_THIS_LAYER.sub(r"\1_next", _PASSED_BACK[chain.layers[layer].kind])
    if chain.loss.name in _LOSS_SLOPES:
        return f"share * ({_LOSS_SLOPES[chain.loss.name]})"
    return None


def _delta(kind: str, activation: Activation | None) -> str:
    if kind == "rnn":
        return "through_time(da, Wh, slope(z))"
    if activation is None or activation.name == "identity":
        return "da"
    if isinstance(activation.operation, Along):
        return _translated(activation.operation.rule or "0", {"g": "da", "y": "a"})
    return "da * slope(z)"


def _translated(rule: str, words: Mapping[str, str]) -> str:
    """A rule of the registry, which names the axis of the units, in the catalogue's language."""
    known = {"sum": "row_sum", "sigmoid": "sigma", **words}
    return _WORD.sub(lambda word: known.get(word[0], word[0]), _AXIS.sub("", rule))
