"""The plain dialect, as specs have it: `dW1 = x.T @ dz1`, `sum(x * dz, n)`, `1 - a^2`."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.tree import Axes, axis_of
from gradcheck.expr.writing.dialect import ATOM, POWER, Dialect, Moment, Piece, gone, moved_layout, options


class Plain(Dialect):
    """What the reader reads."""

    def name(self, text: str, layout: Axes, time: Moment | None) -> Piece:
        """`h`, `h[t-1]`."""
        return Piece(f"{text}[{time.written()}]" if time else text, ATOM)

    def entry(self, piece: Piece, time: Moment) -> str:
        """`flip(dh, T)[t]`."""
        return f"{self.least(piece, ATOM)}[{time.written()}]"

    def size(self, axis: str) -> Piece:
        """`size(n)`."""
        return Piece(f"size({axis})", ATOM)

    def powered(self, base: Piece, exponent: Piece) -> Piece:
        """`x^2`."""
        return Piece(f"{self.least(base, ATOM)}^{self.least(exponent, POWER)}", POWER)

    def called(self, operation: Entrywise, arguments: Sequence[Piece]) -> Piece:
        """`tanh(x)`."""
        name = {"maximum": "max", "minimum": "min"}.get(operation.name, operation.name)
        return Piece(f"{name}({', '.join(argument.text for argument in arguments)})", ATOM)

    def gone_over(self, operation: Along, of: Piece, over: Axes, want: Axes) -> Piece:
        """`softmax(x, k)`."""
        layout = gone(operation, of.layout, over)
        return Piece(f"{operation.name}({of.text}, {', '.join(map(axis_of, over))})", ATOM, layout)

    def moved(self, operation: Moving, arguments: Sequence[Piece], over: Axes) -> Piece:
        """`next(x, T)`, `windows(x, h, p, i, 2)`; a mask that specs don't know as `(s >= T)`."""
        layout = moved_layout(operation, [argument.layout for argument in arguments], over)
        if operation.compares and operation.symbol and arguments[0].text == "1":
            return Piece(f"({over[1]} {operation.compares} {over[0]})", ATOM, layout)
        where = [] if operation.symbol else [*over, *options(operation)]
        words = [*(argument.text for argument in arguments), *where]
        return Piece(f"{operation.symbol or operation.name}({', '.join(words)})", ATOM, layout)

    def renamed(self, piece: Piece, old: str, new: str) -> str:
        """`rename(K, n, m)`; the second u of two is told by its place."""
        same = axis_of(old) == axis_of(new)
        return piece.text if same else f"rename({piece.text}, {axis_of(old)}, {axis_of(new)})"

    def summed_over_time(self, term: Piece, time: Moment) -> Piece:
        """`sum(x[t].T @ dz[t] for t in T)`."""
        return Piece(f"sum({term.text} for {time.index} in {time.axis})", ATOM)
