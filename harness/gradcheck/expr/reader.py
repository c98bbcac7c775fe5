"""The plain dialect read: `Z1 = W1 @ X + b1`, `P = softmax(Q @ K.T / sqrt(size(d)), k)`.

Numbers, names, + - * / ^ (or **), @, .T, comparisons, and the functions of the registry; axes are names of
their own. Nothing of Python is ever evaluated. Arrays lie as they were declared, and `@` and `.T` go by that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from gradcheck.expr import layout
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MAX_EXPONENT, MAXIMUM, MINIMUM, NEGATE
from gradcheck.expr.errors import ExprError
from gradcheck.expr.layout import Laid
from gradcheck.expr.operation import Along, Entrywise, Moving, Operation
from gradcheck.expr.registry import ALIASES, CALLED, CONSTANTS, MOVING, OPERATORS, OVER, nearest
from gradcheck.expr.structure import FIRST, NEXT, PREVIOUS, Rename
from gradcheck.expr.tree import Apply, Axes, Expr, Number, Size, Span

MAX_LENGTH = 4000
"""Characters of one expression."""
MAX_DEPTH = 60
MAX_OPERATORS = 100


@dataclass(frozen=True)
class Time:
    """The loop that an equation stands in."""

    index: str
    """What stands for a time: t."""
    axis: str
    """What it goes over: T."""


@dataclass(frozen=True)
class Scope:
    """What a text may speak of."""

    names: Mapping[str, tuple[Expr, Axes]]
    """Name -> its expression, and how its array lies."""
    axes: Mapping[str, Axes]
    """Name of an axis -> the axes that it stands for: itself alone, as a rule."""
    time: Time | None = None
    first: Mapping[str, Expr] = field(default_factory=dict)
    """Name -> what stands before its first entry in time."""
    pending: Collection[str] = ()
    """Names whose entry at the loop's time is not made yet."""
    loops: Axes = ()
    """In a reverse pass, the axes of times: `dz[t+1]` is 0 at the last, `dz[0]` in no loop is the first, and
    there is `sum(x[t].T @ dz[t] for t in T)`."""
    square: Axes = ()
    """Axes that the result has twice, as `h.T @ dz` does where both have u: they are not matched along it."""
    further: Mapping[str, Operation] = field(default_factory=dict)
    """Operations that this text may call besides those of the registry, by name."""
    by_position: bool = False
    """Whether axes meet by their positions, as in NumPy, whatever they are called, as in what is written by
    mistake. Which lengths meet so is not looked at."""
    suggests: bool = True
    """Whether complaints name what is near, which takes a while."""


def read(text: str, scope: Scope) -> Laid:
    """The expression, and how its value's array would lie.

    Raises ExprError, with the span, for whatever is outside the dialect, has no name in the scope, or has
    axes that don't meet; for more than 4,000 characters, 60 levels of nesting, 100 operators, or a constant
    exponent beyond ±100.
    """
    if len(text) > MAX_LENGTH:
        raise ExprError(
            f"it has {len(text):,} characters, and {MAX_LENGTH:,} are the most", (MAX_LENGTH, len(text))
        )
    return Reader(text, scope).whole()


class Token(NamedTuple):
    """A word of the text."""

    kind: str
    """number, name, symbol, end or other."""
    text: str
    span: Span


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number> (?: [0-9]+ \.? [0-9]* | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? (?![^\W\d]) )
      | (?P<name>   [^\W\d]\w* )
      | (?P<symbol> \*\* | [<>=!]= | \.T\b | [-+*/^@(),<>\[\]] )
      | (?P<end>    \Z )
      | (?P<other>  . )
    )""",
    re.VERBOSE | re.DOTALL,
)

_PRECEDENCE = dict.fromkeys(("<", ">", "<=", ">=", "==", "!="), 0) | {
    "+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "^": 4, "**": 4,
}  # fmt: skip
_FUNCTIONS = frozenset({*CALLED, *OVER, *MOVING, "rename", "size"})
_SIGN_PRECEDENCE = 3  # -x^2 is -(x^2), and -x * y is (-x) * y


class Reader:
    """Reads one expression by precedence climbing."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text, self.scope = text, scope
        self.tokens = [
            Token(kind, match[kind], match.span(kind))
            for match in _TOKEN.finditer(text)
            for kind in (match.lastgroup or "end",)
        ]
        self.at = self.depth = self.operators = 0

    @property
    def token(self) -> Token:
        """The token at hand."""
        return self.tokens[self.at]

    def whole(self) -> Laid:
        """The text's expression; ExprError where it is none."""
        root = self._expression(0)
        if self.token.kind != "end":
            raise self._unexpected(self.token)
        return root

    def _expression(self, least: int) -> Laid:
        """Operands joined by operators of at least this precedence."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExprError(f"it is nested more than {MAX_DEPTH} levels deep", self.token.span)
        left = self._operand()
        while (precedence := _PRECEDENCE.get(self.token.text, -1)) >= least:
            operator = self._advance()
            self.operators += 1
            if self.operators > MAX_OPERATORS:
                reason = f"it has more than {MAX_OPERATORS} operators: give its parts equations of their own"
                raise ExprError(reason, operator.span)
            right = self._power(operator) if precedence == 4 else self._expression(precedence + 1)
            left = self._joined(operator, left, right)
            if precedence == 0 and _PRECEDENCE.get(self.token.text) == 0:
                raise ExprError("a comparison is not compared again: put brackets", self.token.span)
        self.depth -= 1
        return left

    def _power(self, operator: Token) -> Laid:
        """An exponent, which takes the powers on its right first: x^2^3 is x^(2^3)."""
        exponent = self._expression(_SIGN_PRECEDENCE + 1)
        value = exponent.expression
        if isinstance(value, Number) and abs(value.value) > MAX_EXPONENT:
            raise ExprError(f"the exponent {value.value:g} is beyond ±{MAX_EXPONENT}", value.span)
        return exponent

    def _joined(self, operator: Token, left: Laid, right: Laid) -> Laid:
        span = left.span[0], right.span[1]
        if self.scope.by_position:
            right = layout.facing(left, right) if operator.text == "@" else layout.alongside(left, right)
        if operator.text == "@":
            return layout.multiplied(left, right, self._words, self.scope.square).at(span)
        operation = OPERATORS["^" if operator.text == "**" else operator.text]
        return layout.entrywise(operation, [left, right], self._words).at(span)

    def _operand(self) -> Laid:
        """A number, a name, a call, an operand with a sign, or an expression in brackets."""
        token = self._advance()
        match token.kind, token.text:
            case "number", text:
                value = self._number(text, token)
            case "name", _ if self.token.text == "(":
                value = self._call(token)
            case "name", _:
                value = self._name(token)
            case _, "-" | "+":
                inner = self._expression(_SIGN_PRECEDENCE)
                span = token.span[0], inner.span[1]
                return layout.entrywise(NEGATE, [inner], self._words).at(span) if token.text == "-" else inner
            case _, "(":
                inner = self._expression(0)
                value = inner.at((token.span[0], self._close(")")))
            case _:
                raise self._unexpected(token)
        while self.token.text == ".T":
            value = self._transposed(value).at((value.span[0], self._advance().span[1]))
        return value

    def _transposed(self, value: Laid) -> Laid:
        return layout.transposed(value, self._words)

    def _number(self, text: str, token: Token) -> Laid:
        if not math.isfinite(float(text)):
            raise ExprError(f"{text} is larger than any number here may be", token.span)
        return Laid(Number(float(text), token.span), ())

    def _name(self, token: Token) -> Laid:
        if token.text in self.scope.names:
            return self._entry(token) if self.token.text == "[" else self._whole_of(token)
        if token.text in CONSTANTS:
            return Laid(Number(CONSTANTS[token.text], token.span, token.text), ())
        raise ExprError(self._pythonic(token) or self._unknown(token.text), token.span)

    def _pythonic(self, token: Token) -> str | None:
        """What to write for `np.log(x)`, `x.sum()`, `axis=1`."""
        if self.token.text == ".":
            following = self.tokens[min(self.at + 1, len(self.tokens) - 1)].text
            return f"functions stand alone: write {following}(...), not {token.text}.{following}"
        if self.token.text == "=":
            example = next(iter(self.scope.axes), "n")
            return f"an axis goes by its name: write sum(x, {example}), without {token.text}="
        return None

    def _whole_of(self, token: Token) -> Laid:
        expression, axes = self.scope.names[token.text]
        time = self.scope.time
        if time and time.axis in axes:
            raise ExprError(
                f"{token.text} has the axis {time.axis} of the loop: write {token.text}[{time.index}] or "
                f"{token.text}[{time.index}-1]",
                token.span,
            )
        return Laid(expression, axes).at(token.span)

    def _entry(self, token: Token) -> Laid:
        """`h[t]` or `h[t-1]`: the array at a time, or at the one before it."""
        start = self._advance().span[0]
        index: list[Token] = []
        while self.token.text != "]" and self.token.kind != "end":
            index.append(self._advance())
        span = token.span[0], self._close("]")
        written = "".join(part.text for part in index)
        time, (expression, axes) = self.scope.time, self.scope.names[token.text]
        if time is None and re.fullmatch("[0-9]", written) and (over := self._loop_of(axes)):
            return self._fixed(int(written), expression, axes, over).at(span)
        if time is None:
            raise ExprError(
                f"{token.text}[{written}] stands in no loop: write {token.text} for all of it, or put this "
                "line under `for t in T:`",
                (start, span[1]),
            )
        if time.axis not in axes:
            raise ExprError(f"{token.text} has no axis {time.axis}, so it has no entry at a time", span)
        lying = tuple(axis for axis in axes if axis != time.axis)
        if written == time.index and token.text in self.scope.pending:
            raise ExprError(
                f"{token.text}[{written}] is used before it is made; the one before is "
                f"{token.text}[{written}-1]",
                span,
            )
        if written == time.index:
            return Laid(expression, lying).at(span)
        if written == f"{time.index}+1" and time.axis in self.scope.loops:
            return Laid(Apply(NEXT, (expression,), (time.axis,)), lying).at(span)
        if written != f"{time.index}-1":
            raise ExprError(
                f"[{written}] is no time here: there are [{time.index}] and [{time.index}-1]",
                (start, span[1]),
            )
        return Laid(self._before(token, expression, time, span), lying).at(span)

    def _before(self, token: Token, expression: Expr, time: Time, span: Span) -> Expr:
        """A quantity at the time before."""
        if token.text not in self.scope.first:
            raise ExprError(
                f"what stands before the first {token.text} is not said: put a line `{token.text}[-1] = ...` "
                "in front of the loop",
                span,
            )
        if time.axis in self.scope.first[token.text].axes:
            raise ExprError(
                f"what stands before the first {token.text} has the axis {time.axis} of the loop itself", span
            )
        return Apply(PREVIOUS, (expression, self.scope.first[token.text]), (time.axis,))

    def _loop_of(self, axes: Axes) -> Axes:
        """The axis of times that an array has, if it has one."""
        over = tuple(axis for axis in axes if axis in self.scope.loops)
        return over if len(over) == 1 else ()

    def _fixed(self, time: int, expression: Expr, axes: Axes, over: Axes) -> Laid:
        """`dz[0]`, `dz[1]`: the first entry, or that of the next of it."""
        for _ in range(time):
            expression = Apply(NEXT, (expression,), over)
        return Laid(Apply(FIRST, (expression,), over), tuple(axis for axis in axes if axis not in over))

    def _call(self, token: Token) -> Laid:
        name = ALIASES.get(token.text, token.text)
        self._advance()
        if (time := self.scope.time) and self.scope.loops and self._goes_over(time.axis):
            return self._of_all_times(token, time)
        if name == "size":
            (axis,) = self._axis("size")
            return Laid(Size(axis), ()).at((token.span[0], self._close(")")))
        if name == "sum" and self.scope.loops and (time := self._times()):
            return self._sum_over(time, token)
        if not self._is_function(name):
            raise ExprError(self._unknown_function(token.text), token.span)
        operation = self.scope.further.get(name) or MOVING.get(name)
        arguments, axes, options = self._arguments(operation.numbers if isinstance(operation, Moving) else ())
        span = token.span[0], self._close(")")
        if name == "rename":
            return self._rename(arguments, axes, span)
        if isinstance(operation, Moving):
            return self._moved(operation, arguments, axes, options, span)
        if name in OVER and (axes or name not in ("max", "min")):
            return self._along(OVER[name], arguments, axes, span)
        if axes:
            raise ExprError(f"{token.text} goes over no axis, entry by entry: leave {axes[0]} out", span)
        if not isinstance(operation, Entrywise):
            operation = {"max": MAXIMUM, "min": MINIMUM}.get(name) or CALLED[name]
        return self._entrywise(operation, arguments, span, token.text)

    def _is_function(self, name: str) -> bool:
        return ALIASES.get(name, name) in _FUNCTIONS or name in self.scope.further

    def _goes_over(self, axis: str) -> bool:
        """Whether a call whose bracket is open names the axis."""
        listed = list(self._listed())
        return any(token.text == axis and before.text == "," for before, token in pairwise(listed))

    def _of_all_times(self, token: Token, time: Time) -> Laid:
        """In a reverse pass, what is called of whole arrays: `sum(dz, T)`, or the entry `flip(dz, T)[t]`."""
        self.at -= 1
        outside, self.scope = self.scope, replace(self.scope, time=None)
        value = self._call(token)
        self.scope = outside
        if time.axis not in value.layout:
            return value
        written = "".join(self._advance().text for _ in range(self._index_length()))
        lying = tuple(axis for axis in value.layout if axis != time.axis)
        if written == f"[{time.index}+1]":
            return Laid(Apply(NEXT, (value.expression,), (time.axis,)), lying).at(value.span)
        if written != f"[{time.index}]":
            reason = (
                f"{self._words(value)} has the axis {time.axis} of the loop: write [{time.index}] behind it"
            )
            raise ExprError(reason, value.span)
        return Laid(value.expression, lying)

    def _index_length(self) -> int:
        """How many tokens an index has that stands here."""
        rest = [token.text for token in self.tokens[self.at :]]
        return rest.index("]") + 1 if rest[0] == "[" and "]" in rest else 0

    def _times(self) -> Time | None:
        """The times of `... for t in T)`, where the bracket that is open ends so."""
        words = [token.text for token in self._listed()]
        return Time(words[-3], words[-1]) if words[-4:-3] == ["for"] else None

    def _listed(self) -> Iterator[Token]:
        """What stands in the bracket that is open, and in none inside that."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
            if depth < 0:
                return
            if depth == 0:
                yield token

    def _sum_over(self, time: Time, token: Token) -> Laid:
        """`sum(x[t].T @ dz[t] for t in T)`: the sum of what there is at each time."""
        if self.scope.time:
            raise ExprError("loops are not nested", token.span)
        outside, self.scope = self.scope, replace(self.scope, time=time)
        term = self._expression(0)
        self.scope = outside
        for word in ("for", time.index, "in"):
            if self._advance().text != word:
                raise self._unexpected(self.tokens[self.at - 1])
        axes = self._axis("an axis")
        span = token.span[0], self._close(")")
        if not set(axes) <= set(term.expression.axes):
            raise ExprError(f"{self._words(term)} has no axis {time.axis} to be summed over", term.span)
        return Laid(Apply(SUM, (term.expression,), axes), term.layout).at(span)

    def _arguments(self, named: Collection[str]) -> tuple[list[Laid], Axes, dict[str, Laid]]:
        """What stands in the brackets of a call: expressions, behind them axes, and options.

        Options are what is given for one of the names in `named`, as in `stride=2`.
        """
        arguments: list[Laid] = []
        options: dict[str, Laid] = {}
        axes: list[str] = []
        start = self.token.span
        while True:
            if self.token.text in named and self.tokens[self.at + 1].text == "=":
                option = self._advance().text
                self._advance()
                options[option] = self._expression(0)
            elif self._at_axis():
                axes += self._axis("an axis")
            else:
                arguments.append(self._expression(0))
            if self.token.text != ",":
                if self.scope.time and self.scope.time.axis in axes:
                    raise ExprError(f"no operation goes over {self.scope.time.axis} in a loop over it", start)
                return arguments, tuple(axes), options
            self._advance()

    def _at_axis(self) -> bool:
        text = self.token.text
        if self.token.kind != "name" or text not in self.scope.axes:
            return False
        if text in self.scope.names:
            raise ExprError(
                f"{text} is both an axis and a quantity here: give one of them another name", self.token.span
            )
        return True

    def _axis(self, what: str) -> Axes:
        token = self._advance()
        if token.text not in self.scope.axes:
            known = [*self.scope.axes]
            raise ExprError(
                f"{token.text or 'nothing'} is no axis{self._nearest(token.text, known)}; "
                f"there are {', '.join(known)}",
                token.span,
            )
        return self.scope.axes[token.text]

    def _along(self, operation: Along, arguments: list[Laid], axes: Axes, span: Span) -> Laid:
        name = operation.name
        if len(arguments) != 1 or not axes:
            example = next(iter(self.scope.axes), "n")
            raise ExprError(
                f"{name} takes one array and the axis that it goes over: {name}(x, {example})", span
            )
        value = arguments[0]
        if operation.keeps and len(axes) > 1:
            raise ExprError(f"{name} goes over one axis: flatten several to one before", span)
        if operation is SUM:
            return layout.along(operation, value, axes, self._words).at(span)
        for axis in axes:
            value = layout.along(operation, value, (axis,), self._words).at(span)
        return value

    def _rename(self, arguments: list[Laid], axes: Axes, span: Span) -> Laid:
        if len(arguments) != 1 or len(axes) != 2:
            raise ExprError(f"rename is called {Rename.form}: the array, its axis, and the new name", span)
        return layout.rename(arguments[0], *axes, self._words).at(span)

    def _moved(
        self,
        operation: Moving,
        arguments: list[Laid],
        axes: Axes,
        options: Mapping[str, Laid],
        span: Span,
    ) -> Laid:
        """An operation that moves entries: behind its arrays and axes stand whole numbers, or `stride=2`."""
        arrays, numbers = arguments[: operation.arrays], arguments[operation.arrays :]
        if len(arrays) < operation.arrays:
            raise ExprError(f"{operation.name} is called {operation.form}", span)
        try:
            whole = [_whole_number(number) for number in numbers]
            by_name = {name: _whole_number(number) for name, number in options.items()}
            with_numbers = type(operation)(*whole, **by_name) if whole or by_name else operation
            over = operation.called([array.expression.axes for array in arrays], axes)
        except (ValueError, TypeError) as error:
            form = f"{operation.name} is called {operation.form}"
            raise ExprError(str(error) if isinstance(error, ValueError) else form, span) from None
        return layout.moved(with_numbers, arrays, over, self._words).at(span)

    def _entrywise(self, operation: Entrywise, arguments: list[Laid], span: Span, called: str) -> Laid:
        missing = operation.arity - len(arguments)
        if not 0 <= missing <= len(operation.defaults):
            least = operation.arity - len(operation.defaults)
            most = f" to {operation.arity}" if operation.defaults else ""
            many = "one argument" if operation.arity == 1 else f"{least}{most} arguments"
            raise ExprError(f"{called} takes {many}, not {len(arguments)}", span)
        options = operation.defaults[len(operation.defaults) - missing :] if missing else ()
        whole = [*arguments, *(Laid(Number(x), ()) for x in options)]
        return layout.entrywise(operation, whole, self._words).at(span)

    def _words(self, laid: Laid) -> str:
        """An expression as it stands in the text."""
        start, end = laid.span
        words = self.text[start:end]
        return words if len(words) <= 40 else words[:39] + "…"

    def _close(self, bracket: str) -> int:
        if self.token.text != bracket:
            raise self._unexpected(self.token)
        return self._advance().span[1]

    def _advance(self) -> Token:
        """The token at hand, which the next one replaces."""
        token = self.token
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def _unexpected(self, token: Token) -> ExprError:
        if token.kind == "end":
            return self._unfinished()
        if token.kind in ("number", "name") or token.text == "(":
            bracket = self._open_bracket(token)
            if bracket and "\n" in self.text[bracket.span[1] : token.span[0]]:
                return ExprError(f"this {bracket.text} is never closed", bracket.span)
            return ExprError(
                f"an operator is missing before {token.text!r}; a product is written with * or @", token.span
            )
        if token.text == ".":
            return ExprError("a dot stands in numbers alone; a transpose is written .T", token.span)
        if token.text == "'":
            return ExprError("' is no operator here; a transpose is written .T", token.span)
        return ExprError(f"{token.text!r} is out of place", token.span)

    def _unfinished(self) -> ExprError:
        """What is missing at the end: the bracket that closes the last one that is open, or an operand."""
        if bracket := self._open_bracket(self.tokens[-1]):
            return ExprError(f"this {bracket.text} is never closed", bracket.span)
        last = next((token for token in reversed(self.tokens) if token.kind != "end"), None)
        if last is None:
            return ExprError("nothing stands here", self.token.span)
        return ExprError(f"it ends with {last.text!r}: what should stand behind it is missing", last.span)

    def _open_bracket(self, until: Token) -> Token | None:
        """The last bracket that is open where a token stands."""
        opened: list[Token] = []
        for token in self.tokens[: self.tokens.index(until)]:
            if token.text in ("(", "["):
                opened.append(token)
            elif token.text in (")", "]") and opened:
                opened.pop()
        return opened[-1] if opened else None

    def _unknown(self, name: str) -> str:
        if name in self.scope.axes:
            return f"{name} is an axis; its length is size({name})"
        if self._is_function(name):
            return f"{name} is a function: write {name}(...)"
        if name in ("m", "N") and self.scope.axes:
            return f"there is no {name} here; the length of an axis is size({next(iter(self.scope.axes))})"
        return (
            f"there is no {name} here{self._nearest(name, [*self.scope.names, *self.scope.axes, *CONSTANTS])}"
        )

    def _nearest(self, name: str, known: list[str]) -> str:
        return nearest(name, known) if self.scope.suggests else ""

    def _unknown_function(self, name: str) -> str:
        if name in ("gradient", "grad"):
            return "a gradient has an equation of its own, of two names: write g = gradient(J, W), and use g"
        if name in self.scope.names:
            return f"{name} is no function; a product is written {name} * (...)"
        return f"there is no function {name}{self._nearest(name, [*sorted(_FUNCTIONS), *ALIASES])}"


def _whole_number(laid: Laid) -> int:
    """A constant's value. Raises ValueError for what is no whole number."""
    match laid.expression:
        case Number(value) if value == int(value):
            return int(value)
        case Apply(operation, (Number(value),)) if operation is NEGATE and value == int(value):
            return -int(value)
    raise ValueError("behind the axes stand whole numbers, written out")
