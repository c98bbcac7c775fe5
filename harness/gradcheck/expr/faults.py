"""Everything that is wrong with an expression's names and grammar, not the first fault alone."""

from __future__ import annotations

from typing import Any

from gradcheck.expr.errors import ExprError
from gradcheck.expr.layout import Laid
from gradcheck.expr.reader import MAX_LENGTH, Reader, Scope, Token
from gradcheck.expr.tree import ONE, Span


def faults(text: str, scope: Scope) -> list[ExprError]:
    """Unknown names and functions, each once, and what ends the reading; nothing of axes and arguments.

    Of a text that is too long there is nothing to say but that.
    """
    if len(text) > MAX_LENGTH:
        return []
    reader = _Grammar(text, scope)
    try:
        reader.whole()
    except ExprError as error:
        reader.faults[error.span] = error
    return list(reader.faults.values())


def _something(span: Span) -> Laid:
    """An expression in the place of one that is not looked into."""
    return Laid(ONE, ()).at(span)


class _Grammar(Reader):
    """Reads on where a name is unknown, and lets everything meet with everything."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text, scope)
        self.faults: dict[Span, ExprError] = {}

    def _name(self, token: Token) -> Laid:
        try:
            return super()._name(token)
        except ExprError as error:
            if self.token.text in (".", "="):
                raise
            self._note(error)
        if self.token.text == "[":
            while self._advance().text not in ("]", ""):
                pass
        return _something(token.span)

    def _call(self, token: Token) -> Laid:
        if self._is_function(token.text):
            return super()._call(token)
        self._note(ExprError(self._unknown_function(token.text), token.span))
        self._advance()
        self._arguments(())
        return _something((token.span[0], self._close(")")))

    def _note(self, error: ExprError) -> None:
        """Add what is said the first time."""
        start, end = error.span
        word = self.text[start:end]
        if all(self.text[slice(*span)] != word for span in self.faults):
            self.faults[error.span] = error

    def _joined(self, operator: Token, left: Laid, right: Laid) -> Laid:
        return _something((left.span[0], right.span[1]))

    def _transposed(self, value: Laid) -> Laid:
        return value

    def _along(self, operation: Any, arguments: Any, axes: Any, span: Span) -> Laid:
        return _something(span)

    def _rename(self, arguments: Any, axes: Any, span: Span) -> Laid:
        return _something(span)

    def _moved(self, operation: Any, arguments: Any, axes: Any, options: Any, span: Span) -> Laid:
        return _something(span)

    def _entrywise(self, operation: Any, arguments: Any, span: Span, called: str) -> Laid:
        return _something(span)
