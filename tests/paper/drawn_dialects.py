"""How drawn formulas are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from drawn_formulas import (
    Call,
    Constant,
    Diagonal,
    Formula,
    Gathered,
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
from drawn_names import function, is_raised, named
from drawn_style import Style

LOSSES = "CLJE"
SUM, SIGNED, ENTRY, SIDE, ATOM = range(5)
"""How tightly what is written holds together."""


@dataclass(frozen=True)
class Writer:
    """Writes formulas of one text."""

    style: Style
    has_arrays: bool = True
    ends: Mapping[str, str] = field(default_factory=dict)
    """What stands above sums, for each letter."""

    @property
    def _is_latex(self) -> bool:
        return self.style.dialect == "latex"

    def side(self, formula: Formula) -> str:
        """A side of an equation."""
        return self._at(formula, SUM)

    def _at(self, formula: Formula, level: int) -> str:
        text, tightness = self._written(formula)
        return text if tightness >= level else self._bracket(text)

    def _bracket(self, text: str) -> str:
        opening, closing = self.style.bracket
        return f"{opening}{text}{closing}"

    def _written(self, formula: Formula) -> tuple[str, int]:
        match formula:
            case Constant(0.5):
                return self.style.half, SIGNED if self.style.half == "1/2" else ATOM
            case Constant(number):
                return f"{number:g}", ATOM if number >= 0 else SIGNED
            case Ref(name, index):
                return named(name, self.style, index), ATOM
            case Negative(of):
                return f"-{self._at(of, ENTRY)}", SIGNED
            case Sum(terms):
                return self._sum(terms), SUM
            case Times(left, right, "entry"):
                return f"{self._at(left, ENTRY)} {self.style.entrywise} {self._at(right, SIDE)}", ENTRY
            case Times(left, right):
                return self._side_by_side(left, right)
            case Over(top, bottom):
                return self._fraction(top, bottom), SIDE
        return self._written_tightly(formula)

    def _written_tightly(self, formula: Formula) -> tuple[str, int]:
        match formula:
            case Power(base, exponent):
                return self._power(base, exponent), ATOM
            case Turned(of):
                return self._turned(of), ATOM
            case Call(letter, of, slope):
                return self._call(letter, of, slope=slope), ATOM
            case Positive(of):
                return self._condition(f"{self.side(of)} > 0"), ATOM
            case Same(one, other) if self.style.has_ones:
                return self._condition(f"{one} = {other}"), ATOM
            case Same(one, other):
                return named(Name("delta"), self.style, (one, other)), ATOM
            case Partial(of, by):
                return self._partial(of, by), SIDE
        return self._written_over_axes(formula)

    def _written_over_axes(self, formula: Formula) -> tuple[str, int]:
        match formula:
            case Diagonal(of):
                return self._word("diag") + self._bracket(self.side(of)), ATOM
            case Trace(of):
                return self._word("tr") + self._bracket(self.side(of)), ATOM
            case Gathered(of, axis):
                return self._gathered(of, axis)
            case Squared(of):
                return self._norm(of), ATOM
            case Total(letter, of):
                return f"{self._sigma(letter)} {self._at(of, SIDE)}", ENTRY
        raise AssertionError(formula)

    def _word(self, word: str) -> str:
        return rf"\operatorname{{{word}}}" if self._is_latex else word

    def _fraction(self, top: Formula, bottom: Formula) -> str:
        if self._is_latex:
            command = self.style.fraction or r"\frac"
            return f"{command}{{{self.side(top)}}}{{{self.side(bottom)}}}"
        return f"{self._at(top, ATOM)}/{self._at(bottom, ATOM)}"

    def _gathered(self, of: Formula, axis: int) -> tuple[str, int]:
        if self.style.dialect == "ascii":
            return f"np.sum({self.side(of)}, axis={axis}, keepdims=True)", ATOM
        ones = r"\mathbf{1}" if self._is_latex else "𝟏"
        if axis == 0:
            return f"{ones}{self.style.turned} {self._at(of, ATOM)}", SIDE
        return f"{self._at(of, SIDE)} {ones}", SIDE

    def _condition(self, condition: str) -> str:
        if not self.style.has_ones:
            return self._bracket(condition)
        return rf"\mathbf{{1}}[{condition}]" if self._is_latex else f"1[{condition}]"

    def _sum(self, terms: tuple[Formula, ...]) -> str:
        text = self._at(terms[0], SIGNED)
        minus = "−" if self.style.dialect == "unicode" else "-"
        for term in terms[1:]:
            sign, inner = (minus, term.of) if isinstance(term, Negative) else ("+", term)
            text += f" {sign} {self._at(inner, ENTRY)}"
        return text

    def _side_by_side(self, left: Formula, right: Formula) -> tuple[str, int]:
        by_entry = isinstance(left, Times) and left.by == "entry"
        is_loose = self.style.is_loose and by_entry and isinstance(right, Turned)
        one = self._at(left, ENTRY if is_loose else SIDE)
        other = self._at(right, {Total: ENTRY, Partial: SIDE}.get(type(right), ATOM))
        tightness = ENTRY if isinstance(right, Total) or is_loose else SIDE
        return f"{one}{self._between(left, right)} {other}", tightness

    def _between(self, left: Formula, right: Formula) -> str:
        """What stands between factors."""
        numbers = any(_is_number(one) or _is_entry(one) for one in (left, right))
        if not self.style.matmul:
            return self.style.between if numbers and not isinstance(right, Total) else ""
        return " *" if numbers or not self.has_arrays else f" {self.style.matmul}"

    def _power(self, base: Formula, exponent: int) -> str:
        is_name = isinstance(base, Ref) and not is_raised(base.name, self.style)
        inner = self.side(base) if is_name else self._bracket(self.side(base))
        if self.style.dialect == "unicode":
            return inner + "⁰¹²³"[exponent]
        return f"{inner}{self.style.power}{exponent}"

    def _turned(self, of: Formula) -> str:
        is_name = isinstance(of, Ref) and (self.style.turned == ".T" or not is_raised(of.name, self.style))
        return (self.side(of) if is_name else self._bracket(self.side(of))) + self.style.turned

    def _call(self, letter: str, of: Formula, *, slope: bool) -> str:
        if letter == "exp" and self.style.is_small and isinstance(of, Ref) and of.index:
            return f"e^{{{self.side(of)}}}"
        head = function(letter, self.style)
        if slope:
            head = head.removeprefix("np.") + ("′" if self.style.dialect == "unicode" else "'")
        return head + self._bracket(self.side(of))

    def _norm(self, of: Formula) -> str:
        matrices = all(one.name.letter.isupper() for one in nodes(of) if isinstance(one, Ref))
        bars = {"ascii": "||", "unicode": "‖", "latex": r"\|"}[self.style.dialect]
        square = "²" if self.style.dialect == "unicode" else "^2"
        return f"{bars}{self.side(of)}{bars}{'_F' * matrices}{square}"

    def _sigma(self, letter: str) -> str:
        head = {"ascii": "sum", "unicode": "Σ", "latex": r"\sum"}[self.style.dialect]
        if self.style.has_bounds:
            end = self.ends[letter]
            return f"{head}_{{{letter}=1}}^{{{end}}}" if self._is_latex else f"{head}_{{{letter}=1}}^{end}"
        return f"{head}_{{{letter}}}" if self._is_latex else f"{head}_{letter}"

    def _partial(self, of: Ref, by: Ref) -> str:
        over, under, d = self.side(of), self.side(by), self.style.d
        if of.name.letter in LOSSES and not by.index:
            if self.style.has_nabla:
                nabla = r"\nabla" if self._is_latex else "∇"
                return f"{nabla}_{under} {over}" if len(under) == 1 else f"{nabla}_{{{under}}} {over}"
            if self.style.is_code:
                return f"d{under}"
        if self.style.fraction:
            return f"{self.style.fraction}{{{d}{over}}}{{{d}{under}}}"
        return f"{d}{over}/{d}{under}"


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
