"""Paper: `dW¹ = xᵀ δ¹`, `δ¹ = (W²)ᵀ δ² ⊙ (1 − (a¹)²)`, as Unicode text and as LaTeX.

A product of matrices is written side by side and binds more tightly than ⊙, the product entry by entry; a dot
stands between numbers. What a quantity is called is a notation's affair, handed in as a function of its name.
Times are counted from 1, so what stands before the first one is at 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from gradcheck.expr.along import MEAN, SUM
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.tree import Axes, axis_of
from gradcheck.expr.writing.dialect import (
    ATOM,
    POWER,
    SIGN,
    TOTAL,
    Dialect,
    Moment,
    Piece,
    gone,
    moved_layout,
    options,
)
from gradcheck.expr.writing.symbols import in_latex, with_greek

_RAISED = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
_LOWERED = str.maketrans(
    "0123456789-+aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₋₊ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)  # fmt: skip
_HAS_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ˡᴸᵀ^]")


def _same(name: str) -> str:
    return name


def _counted(time: Moment) -> str:
    """The time as it is written where the first one is 1."""
    return (time if time.index else time.moved(1)).written()


@dataclass(frozen=True)
class Paper(Dialect):
    """Unicode text."""

    symbol: Callable[[str], str] = _same
    """Quantity -> what it is called."""
    length: Callable[[str], str] = _same
    """Axis -> what its length is called: m for that of the samples."""

    times, entrywise, product, minus = "{} · {}", "{} ⊙ {}", "{} {}", "{} − {}"
    sign, transpose, outer = "−", "{}ᵀ", "{} {}ᵀ"
    transposed_level = POWER
    binds_tightly = has_columns = True
    total = "Σ{} {}"
    part = "1/{}"
    signs: ClassVar[Mapping[str, str]] = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}

    def name(self, text: str, layout: Axes, time: Moment | None) -> Piece:
        """`W²`, `hₜ₋₁`."""
        symbol = self.symbol(text)
        level = POWER if _HAS_RAISED.search(symbol) else ATOM
        return Piece(symbol + (self.lowered(_counted(time)) if time else ""), level)

    def constant(self, symbol: str) -> Piece:
        """`π`."""
        return Piece(with_greek(symbol), ATOM)

    def number(self, value: float) -> Piece:
        """`0.5`, `10⁻⁵`."""
        plain = super().number(value)
        digits, _, exponent = plain.text.partition("e")
        if not exponent:
            return plain
        ten = self.powered(Piece("10", ATOM), Piece(exponent, ATOM))
        return ten if digits == "1" else self.multiplied(Piece(digits, ATOM), ten)

    def entry(self, piece: Piece, time: Moment) -> str:
        """`flip_T(dh)ₜ`."""
        return self.least(piece, ATOM) + self.lowered(_counted(time))

    def lowered(self, text: str) -> str:
        """The text as an index."""
        if all(ord(letter) in _LOWERED for letter in text):
            return text.translate(_LOWERED)
        return f"_{text}" if len(text) == 1 else f"_({text})"

    def size(self, axis: str) -> Piece:
        """`n`."""
        return Piece(self.length(axis), ATOM)

    def powered(self, base: Piece, exponent: Piece) -> Piece:
        """`(a¹)²`, `x^y`."""
        below = self.least(base, ATOM)
        if re.fullmatch(r"-?[0-9]+", exponent.text):
            return Piece(below + exponent.text.translate(_RAISED), POWER)
        return Piece(f"{below}^{self.least(exponent, ATOM)}", POWER)

    def called(self, operation: Entrywise, arguments: Sequence[Piece]) -> Piece:
        """`σ(z)`, `|x|`."""
        return self._called(operation.symbol or operation.name, arguments)

    def _called(self, symbol: str, arguments: Sequence[Piece]) -> Piece:
        text = ", ".join(argument.text for argument in arguments)
        return Piece(symbol.replace("#", text) if "#" in symbol else symbol + self.bracketed(text), ATOM)

    def compared(self, sign: str, left: Piece, right: Piece) -> Piece:
        """`[z > 0]`, 1 where it holds, else 0 (Iverson's brackets)."""
        return Piece(f"[{left.text} {self.signs.get(sign, sign)} {right.text}]", ATOM)

    def gone_over(self, operation: Along, of: Piece, over: Axes, want: Axes) -> Piece:
        """`Σₙ x`, `softmaxₖ(x)`; a mean is 1/n Σₙ x."""
        layout = gone(operation, of.layout, over)
        index = self.lowered(",".join(map(axis_of, over)))
        if operation is SUM:
            return replace(self._total(index, of), layout=layout)
        if operation is MEAN:
            whole = self._total(index, of)
            return Piece(f"{self.part.format(self.length(axis_of(over[0])))} {whole.text}", TOTAL, layout)
        return replace(self._called(self.function(operation.name) + index, [of]), layout=layout)

    def _total(self, index: str, of: Piece) -> Piece:
        return Piece(self.total.format(index, self.least(of, TOTAL)), TOTAL)

    def function(self, name: str) -> str:
        """The name of a function over an axis."""
        return name

    def moved(self, operation: Moving, arguments: Sequence[Piece], over: Axes) -> Piece:
        """`previous_T(h, h0)`, `windows_(h,p,i,2)(x)`."""
        layout = moved_layout(operation, [argument.layout for argument in arguments], over)
        if operation.compares and operation.symbol and arguments[0].text == "1":
            sign = self.signs.get(operation.compares, operation.compares)
            return Piece(f"[{axis_of(over[1])} {sign} {axis_of(over[0])}]", ATOM, layout)
        index = "" if operation.symbol else self.lowered(",".join([*over, *options(operation)]))
        name = self.function(operation.symbol or operation.name)
        return replace(self._called(name + index, arguments), layout=layout)

    def summed_over_time(self, term: Piece, time: Moment) -> Piece:
        """`Σₜ xₜᵀ dzₜ`."""
        return self._total(self.lowered(time.index), term)

    def loop(self, time: Moment, *, backwards: bool) -> str:
        """`for t = T, …, 1:`."""
        last = self.length(time.axis)
        return f"for {time.index} = {f'{last}, …, 1' if backwards else f'1, …, {last}'}:"

    def remark(self, text: str) -> str:
        """In brackets."""
        return f"({text})"


def latex_symbol(name: str) -> str:
    r"""A quantity's name in LaTeX where no notation says it, that of an adjoint with a d: `dW_{1}`."""
    if re.match("d(?!$|elta)", name):
        return f"d{latex_symbol(name[1:])}"
    return in_latex(with_greek(name))


_UPRIGHT = re.compile("max|min|exp|log|(arc)?(sin|cos|tan)|sinh|cosh|tanh")
"""Functions that LaTeX has a name for."""


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")


@dataclass(frozen=True)
class Latex(Paper):
    r"""LaTeX: `x^\top \delta`, `\frac{1}{m} \sum_n`; symbols are LaTeX, too."""

    symbol: Callable[[str], str] = latex_symbol

    times, entrywise, minus = r"{} \cdot {}", r"{} \odot {}", "{} - {}"
    sign, transpose, outer = "-", r"{}^\top", r"{} {}^\top"
    total, part = r"\sum{} {}", r"\frac{{1}}{{{}}}"
    signs: ClassVar[Mapping[str, str]] = {">=": r"\ge", "<=": r"\le", "==": "=", "!=": r"\ne"}

    def name(self, text: str, layout: Axes, time: Moment | None) -> Piece:
        """`W^{2}`, `h_{t-1}`."""
        piece = super().name(text, layout, None)
        if time is None:
            return piece
        symbol = f"{{{piece.text}}}" if "_" in piece.text else piece.text
        return replace(piece, text=symbol + self.lowered(_counted(time)))

    def constant(self, symbol: str) -> Piece:
        r"""`\pi`."""
        return Piece(latex_symbol(symbol), ATOM)

    def lowered(self, text: str) -> str:
        """As an index."""
        return f"_{text}" if len(text) == 1 else f"_{{{text}}}"

    def bracketed(self, text: str) -> str:
        """In brackets as high as what they hold."""
        return rf"\left({text}\right)" if r"\frac" in text or r"\sum" in text else f"({text})"

    def quotient(self, left: Piece, right: Piece) -> Piece:
        """A fraction, which needs no brackets."""
        return Piece(rf"\frac{{{left.text}}}{{{right.text}}}", SIGN)

    def powered(self, base: Piece, exponent: Piece) -> Piece:
        """`a^2`."""
        text = exponent.text if len(exponent.text) == 1 else f"{{{exponent.text}}}"
        return Piece(f"{self.least(base, ATOM)}^{text}", POWER)

    def called(self, operation: Entrywise, arguments: Sequence[Piece]) -> Piece:
        r"""`\sigma(z)`, `\sqrt{x}`."""
        return self._called(operation.latex or self.function(operation.symbol or operation.name), arguments)

    def function(self, name: str) -> str:
        r"""`\max`, `\operatorname{softmax}`."""
        return rf"\{name}" if _UPRIGHT.fullmatch(name) else rf"\operatorname{{{_escaped(name)}}}"

    def loop(self, time: Moment, *, backwards: bool) -> str:
        r"""`\text{for } t = T, \dots, 1:`."""
        last = self.length(time.axis)
        times = rf"{last}, \dots, 1" if backwards else rf"1, \dots, {last}"
        return rf"\text{{for }} {time.index} = {times}:"

    def remark(self, text: str) -> str:
        """As text."""
        return rf"\text{{({text})}}"

    def commented(self, line: str, comment: str) -> str:
        """With a comment of LaTeX."""
        return f"{line}  % {comment}"
