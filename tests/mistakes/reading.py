"""Formulas read back as a learner would read them, with numbers in place of the letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, partial
from typing import Any

import numpy as np
from making import Gradients

from gradcheck.arrays import Array
from gradcheck.diagnosis.point import StackPoint
from gradcheck.layers.activation import ACTIVATIONS, Activation
from gradcheck.mistakes.statements import Statements

_NAME = r"(?:∂[A-Za-z]+/∂)?[A-Za-zα-ω](?:[^\Wᵀ]|′)*(?:\^\([0-9]\)|\^\[[0-9]\])?"
_TOKEN = re.compile(
    rf"(?P<sum>Σ_[a-z,]+ )|(?P<mask>\[)|(?P<call>(?:{_NAME})\()|(?P<name>{_NAME})"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|[½⅓⅔¼¾])|(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<sign> [⊙·/+>−] |[−(),\]ᵀ ])"
)
_FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}


class Textbook:
    """Reads ⊙, · and a stroke with blanks around it from left to right, and what stands side by side first.

    Two arrays side by side are a matrix product; a superscript behind a bracket is a power, ᵀ the transpose.
    """

    def __init__(self, text: str, names: Mapping[str, Any]) -> None:
        self.tokens = [(str(t.lastgroup), t[0]) for t in _TOKEN.finditer(text)]
        assert "".join(token for _, token in self.tokens) == text
        self.names = names

    def value(self) -> Any:
        """What the formula comes to; nothing is left over."""
        made = self._sum()
        assert not self.tokens, self.tokens
        return made

    def _next(self) -> tuple[str, str]:
        return self.tokens[0] if self.tokens else ("end", "")

    def _take(self, *tokens: str) -> str | None:
        return self.tokens.pop(0)[1] if self._next()[1] in tokens and self.tokens else None

    def _sum(self) -> Any:
        made = -self._product() if self._take("−") else self._product()
        while sign := self._take(" + ", " − "):
            term = self._product()
            made = made + term if sign == " + " else made - term
        return made

    def _product(self) -> Any:
        made = self._side_by_side()
        while sign := self._take(" ⊙ ", " · ", " / "):
            factor = self._side_by_side()
            made = made / factor if sign == " / " else made * factor
        return made

    def _side_by_side(self) -> Any:
        made = self._factor()
        while self._next()[0] in ("sum", "mask", "call", "name", "number") or self._next()[1] in (" ", "("):
            self._take(" ")
            factor = self._factor()
            made = (
                made @ factor
                if getattr(made, "ndim", 0) == getattr(factor, "ndim", 0) == 2
                else made * factor
            )
        return made

    def _factor(self) -> Any:
        made = self._atom()
        while self._next()[0] == "power" or self._next()[1] == "ᵀ":
            kind, sign = self.tokens.pop(0)
            made = made ** int(unicodedata.normalize("NFKC", sign)) if kind == "power" else made.T
        return made

    def _atom(self) -> Any:
        kind, token = self.tokens.pop(0)
        match kind:
            case "number":
                return float(Fraction(_FRACTIONS.get(token, token)))
            case "name":
                return self.names[token]
            case "sum":
                return self.names[token](self._side_by_side())
            case "mask":
                inside = self._sum()
                assert self._take(" > ")
                self._atom()
                assert self._take("]")
                return (inside > 0) * 1.0
        arguments = [self._sum()]
        while self._take(","):
            self._take(" ")
            arguments.append(self._sum())
        assert self._take(")")
        return self.names[token[:-1]](*arguments) if kind == "call" else arguments[0]


def read(text: str, notation: str, names: Mapping[str, Any]) -> Any:
    """What a formula comes to, which is Python or mathematics."""
    if notation not in ("plain", "cs231n"):
        return Textbook(text, names).value()
    code = {name.replace("′", "_slope"): value for name, value in names.items()}
    return eval(text.replace("′", "_slope"), {"np": np}, code)


def values(statements: Statements, point: StackPoint, gradients: Gradients) -> dict[str, Any]:
    """All that a formula may speak of, by the learner's names and as the learner has it."""
    notation = statements.notation
    arrays = {**point.forward, "y": point.case.y, **gradients}
    shown = {name: notation.present({name: array})[name] for name, array in arrays.items()}
    if notation.samples == "columns":  # A db that was not summed is no vector.
        shown |= {n: array.T for n, array in arrays.items() if n.startswith("db") and array.ndim == 2}
    named = {statements.called(name): value for name, value in shown.items()}
    return {**_functions(notation.samples == "columns"), **named, **_numbers(point, statements)}


def _numbers(point: StackPoint, statements: Statements) -> dict[str, float]:
    stack, layer = point.stack, statements.layer
    return {
        "m": len(point.case.x),
        statements.called("lam"): stack.penalty["strength"] if stack.penalty else 0,
        "n_in": stack.sizes[stack.at(layer)[0].axes[-1]] if layer else 0,
        "n_first": stack.inputs[0],
        "n_out": stack.outputs[-1],
    }


@cache
def _functions(columns: bool) -> dict[str, Callable[..., Any]]:
    """What the functions in a formula do to arrays that lie as a learner's samples do."""

    def lying(f: Callable[..., Any]) -> Callable[..., Any]:
        return (lambda *values: np.transpose(f(*map(np.transpose, values)))) if columns else f

    def column(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
        return (lambda v: f(v.T).reshape(-1, 1)) if columns else f

    return {
        "softmax": lying(_softmax) if columns else lambda x, axis: _softmax(x),
        "log_softmax": lying(_log_softmax) if columns else lambda x, axis: _log_softmax(x),
        "exp": np.exp,
        "log": np.log,
        "sign": np.sign,
        "max": np.maximum,
        **_activations(),
        "diag": column(np.diagonal),
        "first_sample": column(lambda v: v[0]),
        "last_sample": column(lambda v: v[-1]),
        "last_unit": (lambda v: v[-1:]) if columns else lambda v: v[:, -1],
        "only_first_unit": lying(lambda v: v * (np.arange(v.shape[1]) == 0)),
        "only_last_unit": lying(lambda v: v * (np.arange(v.shape[1]) == v.shape[1] - 1)),
        "reordered": lying(lambda v: v.T.ravel().reshape(v.shape)),
        "shifted": lying(lambda v, first: np.concatenate([first.reshape(-1, 1), v[:, :-1]], axis=1)),
        "Σ_samples ": column(lambda v: v.sum(0)),
        "Σ_units ": lying(lambda v: v.sum(1, keepdims=True)),
        "Σ_samples,units ": np.sum,
    }


def _softmax(x: Array) -> Array:
    shares: Array = np.exp(x) / np.exp(x).sum(1, keepdims=True)
    return shares


def _log_softmax(x: Array) -> Array:
    logarithms: Array = np.log(_softmax(x))
    return logarithms


def _activations() -> dict[str, Callable[[Array], Array]]:
    """g and g′ by all the names they go by."""
    signs = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "sigmoid": "σ"}
    known: dict[str, Callable[[Array], Array]] = {}
    for name in ACTIVATIONS.keys() - {"custom"}:
        g = ACTIVATIONS[name]()
        if not g.coupled:
            for text in (name, signs.get(name, name)):
                known |= {text: g.value, f"{text}′": partial(_slope, g)}
    return known


def _slope(g: Activation, z: Array) -> Array:
    assert g.derivative is not None
    return g.derivative(z, g.value(z))
