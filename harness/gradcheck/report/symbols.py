"""What the quantities of a spec are called on paper, their gradients with a d before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gradcheck.expr.writing import symbols

if TYPE_CHECKING:
    from gradcheck.specification.as_written import AsWritten
    from gradcheck.specification.notation import Notation


def on_paper(notation: Notation | AsWritten) -> Callable[[str], str]:
    """Quantity -> what it is called as text: γ², x̂, dW¹."""
    return _called(notation, symbols.with_greek)


def in_latex(notation: Notation | AsWritten) -> Callable[[str], str]:
    r"""Quantity -> what it is called in LaTeX: `\gamma^{2}`, `\hat{x}`, `dW^{1}`, `U_{h}`."""
    return _called(notation, lambda printed: symbols.in_latex(symbols.with_greek(printed)))


def _called(notation: Notation | AsWritten, write: Callable[[str], str]) -> Callable[[str], str]:
    def symbol(name: str) -> str:
        of, printed = notation.gradient_of(name), notation.pretty(name)
        if of and notation.symbol(name) == printed == f"d{notation.symbol(of)}":
            return f"d{symbol(of)}"
        if of and printed == f"d{notation.pretty(of)}":
            return f"d{symbol(of)}"
        return write(printed)

    return symbol
