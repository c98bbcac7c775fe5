"""What is wrong with a text, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck.expr.tree import Span


class ExprError(ValueError):
    """A text that is no expression here: what is wrong, and the span in which it is."""

    def __init__(self, reason: str, span: Span) -> None:
        super().__init__(reason, span)
        self.reason, self.span = reason, span

    def __str__(self) -> str:
        return self.reason
