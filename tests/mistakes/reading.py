"""Formulas read back as a learner would read them, with numbers in place of the letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, partial
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.layers.activation import ACTIVATIONS, Activation
from gradcheck.mistakes.names import FUNCTIONS, Gradients
from gradcheck.mistakes.scene import Scene
from gradcheck.mistakes.speaker import Speaker

_NAME = r"(?:∂[A-Za-z]+/∂)?[A-Za-zα-ω](?:[^\Wᵀ]|′)*(?:\^\([0-9]\)|\^\[[0-9]\])?"
_TOKEN = re.compile(
    rf"(?P<sum>Σ_(?:samples|units|all) )|(?P<mask>1\[)|(?P<call>(?:{_NAME})\()|(?P<name>{_NAME})"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|[½⅓⅔¼¾])"
    r"|(?P<phrase> of the (?:first|last) sample)|(?P<sign> [⊙/+>-] |[-/(),\]ᵀ²³ ])"
)
_FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}


class Textbook:
    """Reads ⊙ and a stroke with blanks around it from left to right, and what stands side by side first.

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
        made = -self._product() if self._take("-") else self._product()
        while sign := self._take(" + ", " - "):
            term = self._product()
            made = made + term if sign == " + " else made - term
        return made

    def _product(self) -> Any:
        made = self._side_by_side()
        while sign := self._take(" ⊙ ", " / "):
            factor = self._side_by_side()
            made = made * factor if sign == " ⊙ " else made / factor
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
        while sign := self._take("ᵀ", "²", "³", "/", " of the first sample", " of the last sample"):
            match sign:
                case "ᵀ":
                    made = made.T
                case "/":
                    made = made / self._atom()
                case "²" | "³":
                    made = made ** {"²": 2, "³": 3}[sign]
                case _:
                    made = made[:, :1] if "first" in sign else made[:, -1:]
        return made

    def _atom(self) -> Any:
        kind, token = self.tokens.pop(0)
        match kind:
            case "number":
                return float(Fraction(_FRACTIONS.get(token, token)))
            case "name":
                return self.names[token]
            case "sum":
                return self.names[token](self._factor())
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


def read(text: str, spk: Speaker, names: Mapping[str, Any]) -> Any:
    """What a formula comes to, which is Python or mathematics."""
    if spk.notation.name not in ("plain", "cs231n"):
        return Textbook(text, names).value()
    code = {name.replace("′", "_slope"): value for name, value in names.items()}
    return eval(text.replace("′", "_slope"), {}, code)


def values(spk: Speaker, scene: Scene, gradients: Gradients) -> dict[str, Any]:
    """All that a formula may speak of, by the learner's names and as the learner has it."""
    arrays = {**scene.values, "y": scene.case.y, **gradients}
    shown = {name: spk.notation.present({name: array})[name] for name, array in arrays.items()}
    if spk.notation.samples == "columns":  # A db that was not summed is no vector.
        shown |= {n: array.T for n, array in arrays.items() if n.startswith("db") and array.ndim == 2}
    named = {spk.called(name): value for name, value in (shown | _numbers(spk, scene)).items()}
    ones = np.ones_like(shown.get(f"a{spk.layer}", 1))
    named |= {"ones": ones, f"{spk.called('y')}²": shown["y"] ** 2}
    return _functions(spk.notation.samples == "columns") | named


def _numbers(spk: Speaker, scene: Scene) -> dict[str, float]:
    sizes, examples = scene.chain.intermediates, len(scene.case.x)
    return {
        "m": examples,
        "m²": examples**2,
        "lam": scene.chain.penalty.strength if scene.chain.penalty else 0,
        "n_in": sizes.get(f"a{spk.layer - 1}", sizes["x"])[0],
        "n_first": sizes["x"][0],
        "n_out": scene.output.shape[-1],
    }


@cache
def _functions(columns: bool) -> dict[str, Callable[..., Any]]:
    """What the functions in a formula do to arrays that lie as a learner's samples do."""

    def lying(f: Callable[..., Any]) -> Callable[..., Any]:
        return (lambda *values: np.transpose(f(*map(np.transpose, values)))) if columns else f

    def to_vector(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
        return (lambda v: f(v.T).reshape(-1, 1)) if columns else f

    of_samples = ("bias_first", "but_last_unit", "first_unit", "last_unit", "reordered", "softmax")
    return {
        **{name: lying(FUNCTIONS[name]) for name in of_samples},
        "sign": np.sign,
        "exp": np.exp,
        "log": np.log,
        "max": np.maximum,
        "maximum": np.maximum,
        **_activations(),
        "diag": to_vector(np.diagonal),
        "Σ_samples ": to_vector(FUNCTIONS["total"]),
        "Σ_units ": lying(FUNCTIONS["row_sum"]),
        "Σ_all ": np.sum,
    }


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
    assert g.slope is not None
    return g.slope(z, g.value(z))
