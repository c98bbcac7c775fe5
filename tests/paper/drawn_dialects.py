"""How drawn formulas are written: plain ASCII, plain with Unicode, or LaTeX, in one notation or another."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from drawn_formulas import (
    Call,
    Constant,
    Formula,
    Name,
    Negative,
    Over,
    Partial,
    Positive,
    Power,
    Ref,
    Same,
    Squared,
    Sum,
    Times,
    Total,
    Trace,
    Turned,
    nodes,
)

DIALECTS = ("ascii", "unicode", "latex")
LAYERS = ("below", "raised", "squared", "joined", "letters")
"""W_1, W^{(1)}, W^{[1]}, W1, or a letter for each layer."""
SUM, SIGNED, ENTRY, SIDE, ATOM = range(5)
"""How tightly what is written holds together."""
_LETTERS = {
    "W": "WVU", "w": "wvu", "b": "bcd", "z": "zsr", "a": "aho", "Z": "ZSR", "A": "AHO",
    "delta": ("delta", "epsilon", "gamma"),
}  # fmt: skip
_GREEK = {"sigma": "σ", "delta": "δ", "lambda": "λ", "theta": "θ", "epsilon": "ε", "gamma": "γ"}
_SMALL = str.maketrans("0123456789ijknm", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₘ")
_RAISED = str.maketrans("0123456789()[]", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾[]")
_ENTRYWISE = {"ascii": ("*",), "unicode": "⊙⊙∘", "latex": (r"\odot", r"\odot", r"\circ")}
_PARTIALS = {"ascii": "d", "unicode": "∂∂d", "latex": (r"\partial ", r"\partial ", "d")}
_HALVES = {"ascii": ("1/2", "0.5"), "unicode": ("½", "1/2"), "latex": (r"\frac{1}{2}", r"\tfrac12")}
_TRANSPOSES = {"ascii": ("^T", ".T"), "unicode": ("ᵀ", "^T"), "latex": ("^T", r"^\top", "^{T}")}
_COMMANDS = {"relu": "ReLU", "softmax": "softmax"}


@dataclass
class Writer:
    """Writes formulas of one text."""

    dialect: str
    layers: str
    rng: Random
    has_arrays: bool = True
    ends: dict[str, str] = field(default_factory=dict)
    """What stands above sums, for each letter."""

    def __post_init__(self) -> None:
        choice, latex = self.rng.choice, self.dialect == "latex"
        self.matmul = choice(("", "", "@")) if self.dialect == "ascii" else ""
        self.entrywise = choice(_ENTRYWISE[self.dialect])
        self.power = choice(("^", "**")) if self.dialect == "ascii" else "^"
        self.d = choice(_PARTIALS[self.dialect])
        self.half = choice(_HALVES[self.dialect])
        self.turned = choice(_TRANSPOSES[self.dialect])
        self.bold = latex and self.rng.random() < 0.2
        self.large = latex and self.rng.random() < 0.4
        self.bounds = self.rng.random() < 0.4
        self.slash = latex and self.rng.random() < 0.2
        self.sigma = choice(("sigma", "sigmoid")) if self.dialect == "ascii" else "sigma"
        self.same = choice(("delta", "ones"))
        self.small_exp = self.rng.random() < 0.6

    def side(self, formula: Formula) -> str:
        """A side of an equation."""
        return self._at(formula, SUM)

    def _at(self, formula: Formula, level: int) -> str:
        text, tightness = self._written(formula)
        return text if tightness >= level else self._bracket(text)

    def _bracket(self, text: str) -> str:
        return rf"\left( {text} \right)" if self.large else f"({text})"

    def _written(self, formula: Formula) -> tuple[str, int]:
        match formula:
            case Constant(number):
                return (self.half, ENTRY + (self.half not in ("1/2",))) if number == 0.5 else (
                    f"{number:g}", ATOM if number >= 0 else SIGNED
                )  # fmt: skip
            case Ref(name, index):
                return self.name(name, index), ATOM
            case Negative(of):
                return f"-{self._at(of, ENTRY)}", SIGNED
            case Sum(terms):
                return self._sum(terms), SUM
            case Times():
                return self._times(formula)
            case Over(top, bottom):
                if self.dialect == "latex":
                    return rf"\frac{{{self.side(top)}}}{{{self.side(bottom)}}}", SIDE
                return f"{self._at(top, ATOM)}/{self._at(bottom, ATOM)}", SIDE
            case Power(base, exponent):
                return self._power(base, exponent), ATOM
            case Turned(of):
                return self._turned(of), ATOM
        return self._more(formula)

    def _more(self, formula: Formula) -> tuple[str, int]:
        match formula:
            case Call(letter, of, slope):
                return self._call(letter, of, slope=slope)
            case Positive(of):
                inner = f"{self.side(of)} > 0"
                return (self._bracket(inner), ATOM) if self.same == "delta" else (self._ones(inner), ATOM)
            case Same(one, other):
                if self.same == "ones":
                    return self._ones(f"{one} = {other}"), ATOM
                return self.name(Name("delta"), (one, other)), ATOM
            case Squared(of):
                return self._norm(of), ATOM
            case Trace(of):
                head = r"\operatorname{tr}" if self.dialect == "latex" else "tr"
                return f"{head}{self._bracket(self.side(of))}", ATOM
            case Total(letter, of):
                return f"{self._sigma(letter)} {self._at(of, SIDE)}", ENTRY
            case Partial(of, by):
                return self._partial(of, by), SIDE
        raise AssertionError(formula)

    def _ones(self, inner: str) -> str:
        return rf"\mathbf{{1}}[{inner}]" if self.dialect == "latex" else f"1[{inner}]"

    def _sum(self, terms: tuple[Formula, ...]) -> str:
        text = self._at(terms[0], SIGNED)
        minus = "−" if self.dialect == "unicode" else "-"
        for term in terms[1:]:
            negative = isinstance(term, Negative)
            inner = term.of if isinstance(term, Negative) else term
            text += f" {minus if negative else '+'} {self._at(inner, ENTRY)}"
        return text

    def _times(self, formula: Times) -> tuple[str, int]:
        left, right = formula.left, formula.right
        if formula.by == "entry":
            return f"{self._at(left, ENTRY)} {self.entrywise} {self._at(right, SIDE)}", ENTRY
        one = self._at(left, SIDE)
        level = {Total: ENTRY, Partial: SIDE}.get(type(right), ATOM)
        other = self._at(right, level)
        numbers = any(_is_number(one) or _is_entry(one) for one in (left, right))
        operator = self.matmul if self.has_arrays and not numbers else "*" if self.matmul else ""
        tightness = ENTRY if isinstance(right, Total) else SIDE
        return f"{one} {operator} {other}" if operator else f"{one} {other}", tightness

    def _power(self, base: Formula, exponent: int) -> str:
        raised = isinstance(base, Ref) and base.name.layer and self.layers in ("raised", "squared")
        plain = isinstance(base, Ref) and not raised
        inner = self.side(base) if plain else self._bracket(self.side(base))
        if self.dialect == "unicode":
            return inner + str(exponent).translate(_RAISED)
        return f"{inner}{self.power}{exponent}"

    def _turned(self, of: Formula) -> str:
        raised = isinstance(of, Ref) and of.name.layer and self.layers in ("raised", "squared")
        plain = isinstance(of, Ref) and (not raised or self.turned == ".T")
        return (self.side(of) if plain else self._bracket(self.side(of))) + self.turned

    def _call(self, letter: str, of: Formula, *, slope: bool) -> tuple[str, int]:
        if letter == "exp" and self.small_exp and isinstance(of, Ref) and of.index:
            return f"e^{{{self.side(of)}}}", ATOM
        head = self.function(letter)
        if slope:
            head += "′" if self.dialect == "unicode" else "'"
        return head + self._bracket(self.side(of)), ATOM

    def function(self, letter: str) -> str:
        """A function's name."""
        if letter in ("theta", "f", "g"):
            return self.letter(letter)
        if letter == "sigma":
            return self.letter(letter) if self.sigma == letter else self.sigma
        if self.dialect == "latex":
            return rf"\mathrm{{{_COMMANDS[letter]}}}" if letter in _COMMANDS else rf"\{letter}"
        return _COMMANDS[letter] if letter == "relu" and self.dialect == "unicode" else letter

    def _norm(self, of: Formula) -> str:
        matrices = all(one.name.letter.isupper() for one in nodes(of) if isinstance(one, Ref))
        below = "_F" if matrices else ""
        inner = self.side(of)
        if self.dialect == "latex":
            return rf"\|{inner}\|{below}^2"
        return f"‖{inner}‖{below}²" if self.dialect == "unicode" else f"||{inner}||{below}^2"

    def _sigma(self, letter: str) -> str:
        head = {"ascii": "sum", "unicode": "Σ"}.get(self.dialect, r"\sum")
        if self.dialect == "latex":
            return rf"\sum_{{{letter}=1}}^{{{self.end(letter)}}}" if self.bounds else rf"\sum_{{{letter}}}"
        return f"{head}_{{{letter}=1}}^{self.end(letter)}" if self.bounds else f"{head}_{letter}"

    def end(self, letter: str) -> str:
        """The number of a letter's values."""
        return self.ends[letter]

    def _partial(self, of: Ref, by: Ref) -> str:
        above, below = self.side(of), self.side(by)
        if self.dialect == "latex" and not self.slash:
            return rf"\frac{{{self.d}{above}}}{{{self.d}{below}}}"
        return f"{self.d}{above}/{self.d}{below}"

    # Names

    def name(self, name: Name, index: tuple[str, ...] = ()) -> str:
        """A quantity, or an entry of it."""
        letter, layer, layers = name.letter, str(name.layer), self.layers
        if name.layer and layers == "letters" and letter in _LETTERS:
            letter, layer = _LETTERS[letter][name.layer - 1], "0"
        text = self.letter(letter, is_array=True)
        if layer == "0":
            return text + (self._below("".join(index)) if index else "")
        if layers not in ("raised", "squared"):
            low = layers == "below" or self.dialect == "latex"
            layers = "raised" if index else "below" if low else "joined"
        if layers == "joined":
            return f"{text}{layer}"
        if layers == "below":
            return text + self._below(layer)
        fenced = f"({layer})" if layers == "raised" else f"[{layer}]"
        if self.dialect == "unicode" and layers == "raised" and self.small_exp:
            raised = fenced.translate(_RAISED)
        else:
            raised = f"^{{{fenced}}}" if self.dialect == "latex" else f"^{fenced}"
        return text + (raised + self._below("".join(index)) if index else raised)

    def _below(self, word: str) -> str:
        if self.dialect == "unicode" and self.small_exp:
            return word.translate(_SMALL)
        if self.dialect != "latex":
            return f"_{word}"
        return f"_{word}" if len(word) == 1 else f"_{{{word}}}"

    def letter(self, letter: str, *, is_array: bool = False) -> str:
        """A letter, Greek or with a hat."""
        if letter == "y_hat":
            return {"ascii": "yhat", "unicode": "ŷ"}.get(self.dialect, r"\hat{y}")
        if self.dialect == "latex":
            if letter in _GREEK:
                return rf"\{letter}"
            return rf"\mathbf{{{letter}}}" if self.bold and is_array and letter in "WXxbzayZAYVU" else letter
        return _GREEK.get(letter, letter) if self.dialect == "unicode" else letter


def _is_entry(formula: Formula) -> bool:
    return any(isinstance(node, Ref) and node.index for node in nodes(formula))


def _is_number(formula: Formula) -> bool:
    match formula:
        case Constant() | Over():
            return True
        case Ref(Name("lambda" | "m")):
            return True
        case Times(left, right):
            return _is_number(left) and _is_number(right)
    return False
