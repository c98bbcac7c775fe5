"""Products: factors side by side or with operators between, slashes, methods, and sums over an index."""

from __future__ import annotations

from dataclasses import dataclass, field

from gradcheck.formulas.cursor import Cursor
from gradcheck.formulas.derivatives import applied, is_change, is_operator, straight, without_d
from gradcheck.formulas.groups import braced_items, bracket, grouped, has_partner, is_frobenius, items
from gradcheck.formulas.names import CONDITIONS, words
from gradcheck.formulas.scripts import scripted, separate, touches_name, with_bracket
from gradcheck.formulas.tree import (
    Arguments,
    BigOperation,
    BigSum,
    Bracket,
    Comparison,
    Derivative,
    Keyword,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Span,
    Symbol,
)
from gradcheck.formulas.walk import followed_by_bracket, innermost, is_name

_BETWEEN = frozenset({"*", "·", "⊙", "@", "⊗"})
_OVER_LETTERS = ("max", "min", "argmax", "argmin")
"""Functions that have the letter below them over which they go."""
_ALONG = frozenset({"sum", "mean"})
"""Methods that go along an axis, which comes first behind them."""
_FUNCTIONS = frozenset(map(Symbol, words("sqrt log ln exp sin cos tan sinh cosh tanh")))
"""Functions that people write without brackets: 1/√d, and 1/log n."""
_ROOT = Symbol("sqrt")
_LOGARITHMS = frozenset(map(Symbol, ("log", "ln")))
_NAMES = ("name", "open", "accent")
"""What a name begins with."""
_BEGINNINGS = frozenset({"number", "name", "open", "frac", "partial", "accent", "note", "big"})


@dataclass
class _Factors:
    """The factors so far and the operators between them."""

    factors: list[Node] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)

    def add(self, operator: str, factor: Node) -> None:
        if self.factors:
            self.operators.append(operator)
        self.factors.append(factor)

    def node(self) -> Node:
        if len(self.factors) == 1:
            return self.factors[0]
        # A method stands behind what it is applied to, and so not in the order of its factors.
        span = (min(factor.span[0] for factor in self.factors[:2]), self.factors[-1].span[1])
        return Product(tuple(self.factors), tuple(self.operators), span)

    def take_last(self) -> Node:
        """Remove the last factor, with the name in front where it is the bracket of a call."""
        last = self.factors.pop()
        taken = _Factors([last])
        if self.operators and self.operators[-1] == "" and is_name(self.factors[-1]):
            pair = Product((self.factors[-1], last), ("",))
            if followed_by_bracket(pair, 0):
                taken = _Factors([self.factors.pop(), last], [self.operators.pop()])
        return taken.node()

    def put_back(self, *factors: Node) -> None:
        """Append factors where others were taken: the operator before them is there already."""
        self.factors.extend(factors)
        self.operators.extend([""] * (len(self.factors) - 1 - len(self.operators)))


def product(cursor: Cursor) -> Node:
    """Factors, in the order of the text."""
    factors = _Factors()
    factors.add("", _operand(cursor))
    while True:
        token = cursor.token
        if token.kind == "operator" and token.text in _BETWEEN:
            cursor.advance()
            factors.add(token.text, _signed(cursor))
        elif _is_of_something(cursor):
            cursor.at += 3  # C(…): what it depends on is not said
        elif is_frobenius(cursor):
            cursor.advance()
            factors.add(":", _signed(cursor))
        elif token.kind == "operator" and token.text == "/":
            cursor.advance()
            if not _derive(cursor, factors):
                _divide(factors, _divisor(cursor))
        elif token.kind == "method":
            factors.put_back(*_method(cursor, factors.take_last()))
        elif token.kind == "length":
            factors.put_back(*_length(cursor, factors.take_last()))
        elif _begins_factor(cursor):
            factors.add("", _operand(cursor))
        else:
            return factors.node()


def _is_of_something(cursor: Cursor) -> bool:
    """Whether dots in brackets are at hand."""
    kinds = [token.kind for token in cursor.tokens[cursor.at : cursor.at + 3]]
    return kinds == ["open", "dots", "close"]


def _begins_factor(cursor: Cursor) -> bool:
    token = cursor.token
    if token.kind == "bar":
        return token.text != cursor.bars[-1] and has_partner(cursor)
    return token.kind in _BEGINNINGS and not cursor.sees("name", *CONDITIONS)


def _divide(factors: _Factors, bottom: Node) -> None:
    """Divide the last factor; after a matrix product all of it, as Python would, but dE in W @ dE/dz."""
    if "@" in factors.operators and not (is_change(factors.factors[-1]) and is_change(bottom)):
        top = factors.node()
        factors.factors.clear()
        factors.operators.clear()
    elif n := _function_above(factors, bottom):
        parts = factors.factors[-n:]
        top = Product(tuple(parts), ("",) * (n - 1), (parts[0].span[0], parts[-1].span[1]))
        del factors.factors[-n:], factors.operators[-n + 1 :], factors.operators[len(factors.factors) :]
    else:
        top = factors.take_last()
    factors.put_back(_quotient(top, bottom))


def _function_above(factors: _Factors, bottom: Node) -> int:
    """How many factors are a function and its argument of which all is divided; 0 where only the last one is.

    That is so in sin x / 2, sin x/x and log x/log 2; log p/q is the logarithm of p/q.
    """
    n = 1
    while n < len(factors.factors) and factors.operators[-n] == "" and _is_plain(factors.factors[-n]):
        n += 1
        function, *argument = factors.factors[-n:]
        if innermost(function) in _FUNCTIONS:
            is_called = isinstance(bottom, Product) and innermost(bottom.factors[0]) in _FUNCTIONS
            is_apart = bottom.span[0] - argument[-1].span[1] > 2 and innermost(function) not in _LOGARITHMS
            is_same = innermost(bottom) == innermost(argument[-1])
            return n if is_apart or is_called or is_same else 0
    return 0


def _is_plain(node: Node) -> bool:
    """Whether it is a number or a name, with or without scripts, and no function."""
    inner = innermost(node)
    return isinstance(inner, Number | Symbol) and inner not in _FUNCTIONS


def _derive(cursor: Cursor, factors: _Factors) -> bool:
    r"""Divide dC by dθ where their letters stand apart, as in dC/d\theta; whether these are at hand."""
    top, before = factors.factors[-1], factors.factors[-2:-1]
    apart = before == [Symbol("d")] and factors.operators[-1] == "" and is_name(top)
    d_alone = cursor.sees("name", "d") and cursor.tokens[cursor.at + 1].kind in _NAMES
    if not (d_alone and (is_change(top) or top == Symbol("d"))) and not (
        apart and (d_alone or _sees_change(cursor))
    ):
        return False
    start = (before[0] if apart else top).span[0]
    by = _changed(cursor)
    del factors.factors[-2 if apart else -1 :]
    del factors.operators[len(factors.factors) :]
    of = top if apart else without_d(top)
    node = Derivative(of, by, (start, cursor.behind.end))
    if is_operator(node) and _begins_factor(cursor):
        node = applied(node, cursor.within(product), (start, cursor.behind.end))
    factors.put_back(node)
    return True


def _sees_change(cursor: Cursor) -> bool:
    """Whether dx is at hand."""
    return cursor.token.kind == "name" and is_change(Symbol(cursor.token.text))


def _changed(cursor: Cursor) -> Node:
    """What follows the d at hand."""
    token = cursor.token
    if token.text == "d":
        cursor.advance()
    else:
        cursor.tokens[cursor.at] = token._replace(text=token.text[1:], start=token.start + 1)
    return scripted(cursor, cursor.atom(), cursor.token.start)


def _quotient(top: Node, bottom: Node) -> Node:
    """The quotient; a minus before the top is a minus before all of it."""
    span = (top.span[0], bottom.span[1])
    if isinstance(top, Negative):
        return Negative(_quotient(top.of, bottom), span)
    return Quotient(top, bottom, span)


def _method(cursor: Cursor, receiver: Node) -> tuple[Node, Node]:
    """`x.sum(axis=0)`, and `x.sum(0)`, as sum(x, axis=0)."""
    name = cursor.advance()
    if isinstance(receiver, Negative):
        cursor.fail("it is not clear what the minus belongs to", help="write brackets", span=receiver.span)
    opening = cursor.token
    if not cursor.take("open", "("):
        cursor.fail(f".{name.text} is a method: write .{name.text}()", span=(name.start, name.end))
    rest: tuple[Node, ...] = ()
    if not cursor.sees("close", "("):
        inner = items(cursor)
        rest = inner.items if isinstance(inner, Arguments) else (inner,)
        if name.text in _ALONG and isinstance(rest[0], Number | Negative | Bracket):
            rest = (Keyword("axis", rest[0], rest[0].span), *rest[1:])
    cursor.close(opening)
    span: Span = (receiver.span[0], cursor.behind.end)
    arguments = Arguments((receiver, *rest), span) if rest else receiver
    return Symbol(name.text, (name.start, name.end)), Bracket(arguments, "(", span)


def _length(cursor: Cursor, receiver: Node) -> tuple[Node, Node]:
    """`x.size` as size(x), and `X.shape[0]` as len(X, 0)."""
    token = cursor.advance()
    span: Span = (token.start, token.end)
    name, items = ("len", (Number(float(token.text), span),)) if token.text else ("size", ())
    inner = Arguments((receiver, *items), span) if items else receiver
    return Symbol(name, span), Bracket(inner, "(", (receiver.span[0], token.end))


def _signed(cursor: Cursor) -> Node:
    """An operand that may have a sign, behind an operator or as an exponent."""
    start = cursor.token.start
    if cursor.take("operator", "+"):
        return cursor.within(_signed)
    if cursor.take("operator", "-"):
        node = cursor.within(_signed)
        called = cursor.sees("open", "(") or touches_name(cursor)
        node = with_bracket(cursor, node) if called else _closed(node)
        return Negative(node, (start, cursor.behind.end))
    return _operand(cursor)


def _divisor(cursor: Cursor) -> Node:
    """An operand and its methods; with the bracket that touches it where it is a name: 1/f(x) is 1/(f(x))."""
    node = _signed(cursor)
    if touches_name(cursor) and not (node == _ROOT and cursor.sees("open", "[")):
        node = with_bracket(cursor, node)
    elif isinstance(node, Symbol | Scripted) and innermost(node) in _FUNCTIONS and _begins_factor(cursor):
        order = (bracket(cursor),) if cursor.sees("open", "[") else ()
        argument = cursor.within(_operand)
        span: Span = (node.span[0], cursor.behind.end)
        factors: tuple[Node, ...] = (node, *order, Bracket(argument, "(", argument.span))
        node = Product(factors, ("",) * (len(factors) - 1), span)
    node = _closed(node)
    while cursor.token.kind in ("method", "length"):
        pair = _method(cursor, node) if cursor.token.kind == "method" else _length(cursor, node)
        node = Product(pair, ("",), (node.span[0], cursor.behind.end))
    return node


def _closed(node: Node) -> Node:
    """A Σ that stands where one operand does, in a bracket."""
    return grouped(node) if isinstance(node, BigSum | BigOperation) else node


def _operand(cursor: Cursor) -> Node:
    """One thing with all that hangs on it; a Σ or a ∂/∂w takes the rest of the product, too."""
    start = cursor.token.start
    if cursor.sees("big") or _goes_over_a_letter(cursor):
        return cursor.within(_big)
    node = straight(cursor) or scripted(cursor, cursor.atom(), start)
    if cursor.take("operator", "**"):
        exponent = cursor.argument() if cursor.sees("open", "{") else cursor.within(_divisor)
        return Power(node, exponent, (start, cursor.behind.end))
    if is_operator(node) and _begins_factor(cursor):
        return applied(node, cursor.within(product), (start, cursor.behind.end))
    return node


def _goes_over_a_letter(cursor: Cursor) -> bool:
    """Whether max_j or arg max_j is at hand, the arg of which is stepped over."""
    names = cursor.tokens[cursor.at : cursor.at + 2]
    if names[0].text == "arg" and names[-1].text in ("max", "min"):
        cursor.advance()
        cursor.tokens[cursor.at] = names[-1]._replace(text=f"arg{names[-1].text}", start=names[0].start)
    following = cursor.tokens[min(cursor.at + 1, len(cursor.tokens) - 1)]
    return cursor.sees("name", *_OVER_LETTERS) and (following.kind, following.text) == ("script", "_")


def _big(cursor: Cursor) -> Node:
    """Σ, Π or max with what stands below and above, and its body."""
    operator = cursor.advance()
    start = operator.start
    indices: tuple[Node, ...] = ()
    lower: Node | None = None
    upper: Node | None = None
    where: Node | None = None
    while cursor.sees("script"):
        if cursor.advance().text == "_":
            indices, lower, where = _below(cursor)
        else:
            upper = cursor.argument()
    body = _signed_product(cursor)
    span = (start, cursor.behind.end)
    if operator.text == "sum":
        return BigSum(indices, lower, upper, body, span, where)
    return BigOperation(operator.text, indices, lower, upper, body, span, where)


def _signed_product(cursor: Cursor) -> Node:
    start = cursor.token.start
    if cursor.take("operator", "-"):
        node = cursor.within(_signed_product)
        return Negative(node, (start, cursor.behind.end))
    return product(cursor)


def _below(cursor: Cursor) -> tuple[tuple[Node, ...], Node | None, Node | None]:
    """The indices under a Σ, where the one of them begins, and for which values the sum is."""
    inner = braced_items(cursor)
    if isinstance(inner, Keyword):
        start = inner.span[0]
        return (Symbol(inner.name, (start, start + len(inner.name))),), inner.value, None
    if isinstance(inner, Comparison):
        return (inner.left,), None, inner
    return separate(inner), None, None
