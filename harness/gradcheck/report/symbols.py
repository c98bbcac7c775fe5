"""What the quantities of a spec are called on paper, their gradients with a d before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gradcheck.expr.writing import symbols


class Notation(Protocol):
    """The names of a spec's quantities."""

    def symbol(self, name: str) -> str:
        """In `run`."""
        ...

    def pretty(self, name: str) -> str:
        """In reports."""
        ...

    def gradient_of(self, name: str) -> str | None:
        """What J is differentiated by."""
        ...


def on_paper(notation: Notation) -> Callable[[str], str]:
    """Quantity -> what it is called as text: γ², x̂, dW¹."""
    return _called(notation, symbols.with_greek)


def in_latex(notation: Notation) -> Callable[[str], str]:
    r"""Quantity -> what it is called in LaTeX: `\\gamma^{2}`, `\\hat{x}`, `dW^{1}`, `U_{h}`."""
    return _called(notation, lambda printed: symbols.in_latex(symbols.with_greek(printed)))


def _called(notation: Notation, write: Callable[[str], str]) -> Callable[[str], str]:
    def symbol(name: str) -> str:
        of, printed = notation.gradient_of(name), notation.pretty(name)
        if of and notation.symbol(name) == printed == f"d{notation.symbol(of)}":
            return f"d{symbol(of)}"
        if of and printed == f"d{notation.pretty(of)}":
            return f"d{symbol(of)}"
        return write(printed)

    return symbol
