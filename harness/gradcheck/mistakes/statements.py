"""What the catalogue says, in a learner's notation: what a quantity is, and what a mistake makes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from gradcheck.edits.edit import Edit, edited
from gradcheck.expr.along import SUM
from gradcheck.expr.errors import ExprError
from gradcheck.expr.layout import UNNAMED, Laid
from gradcheck.expr.operation import Along, Moving
from gradcheck.expr.simplify import Monomial, product, simplified
from gradcheck.expr.tree import (
    ONE,
    Apply,
    Axes,
    Expr,
    Name,
    Number,
    Size,
    nodes,
    rebuilt,
    substituted,
)
from gradcheck.expr.writing.dialect import ATOM, PRODUCT, TOTAL, Dialect, Moment, Piece, gone, moved_layout
from gradcheck.expr.writing.numpy_code import NumPyCode
from gradcheck.expr.writing.paper import Paper
from gradcheck.expr.writing.walk import Writer
from gradcheck.layers.layer import SAMPLES
from gradcheck.mistakes.conditions import PAIRED, is_coupled, last
from gradcheck.mistakes.edits import NoSuchMistakeError, Replacement, target
from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.records import Fault, Mistake
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Network
from gradcheck.network.write import within, write_equation, writer_of
from gradcheck.specification.notation import Notation
from gradcheck.specification.quantity import STRENGTH

_BRACES = re.compile(r"\{(.*?)\}")
_WORDS = {"T": "times", "p": "places", "q": "places", "f": "filters", "c": "channels"}
_MOVES = {"unflatten": "reshaped", "overlap": "overlap_add"}
_LETTERS = ("k", "eta")
"""The names of numbers that only whoever made a mistake knows."""
MOST_NODES = 19
"""Of an expression that is put into another one."""
ANY_LOSS = "loss"
"""The name of a loss of which nothing is said."""


class Statement(NamedTuple):
    """What a quantity is and what a mistake makes it, as whole equations."""

    right: str
    wrong: str


@dataclass(frozen=True)
class Handwriting(Paper):
    """Paper where no axis but time has an index: what a sum goes over is said in words."""

    word: Callable[[str], str] = str
    """Axis -> what is along it: samples, units."""

    def gone_over(self, operation: Along, of: Piece, over: Axes, want: Axes) -> Piece:
        """`Σ_samples x`, `Σ_units x`."""
        if operation is not SUM:
            return replace(self._called(operation.name, [of]), layout=gone(operation, of.layout, over))
        text = f"Σ_{','.join(dict.fromkeys(map(self.word, over)))} {self.least(of, PRODUCT + 1)}"
        return Piece(text, TOTAL, gone(operation, of.layout, over))

    def moved(self, operation: Moving, arguments: Sequence[Piece], over: Axes) -> Piece:
        """`windows(x)`, along however many axes."""
        name = operation.symbol or _MOVES.get(operation.name, operation.name)
        layout = moved_layout(operation, [argument.layout for argument in arguments], over)
        if sorted(layout) == sorted(arguments[0].layout):
            layout = arguments[0].layout
        first, *rest = arguments
        if not rest and first.level == ATOM and first.text.startswith(f"{name}("):
            return replace(first, layout=layout)
        return replace(self._called(name, arguments), layout=layout)


@dataclass(frozen=True)
class Statements:
    """Formulas at one layer of one network."""

    notation: Notation
    equations: Equations
    layer: int
    values: Mapping[str, float] = field(default_factory=dict)
    """Known values of names that stand for numbers, such as k."""
    single: bool = False
    """Whether there is always one example alone: nobody divides by m or sums over samples then."""

    def clause(self, text: str) -> str:
        """A text with the formulas in its braces written."""
        return _BRACES.sub(lambda brace: self.formula(brace[1]), text)

    def formula(self, text: str) -> str:
        """A formula of the catalogue, as it lies best."""
        more = {name: Laid(Name(name), ()) for name in _LETTERS}
        laid = self.equations.read(text, self.layer, more)
        layout = self._layout("x", laid.layout) if SAMPLES in laid.layout else ()
        return self.writer.write(self._plain(laid.expression), layout).text

    def of_mistake(self, mistake: Mistake) -> tuple[Statement, ...]:
        """The equations of the quantities that a mistake at this layer changes.

        A learner knows δ, not the ∂J/∂a on the way to it: what replaces that is an equation of δ. A quantity
        whose formula stays the same is spoken of only where all others do, too.
        """
        found: dict[str, Statement] = {}
        for letter in mistake.of:
            try:
                edit = self._edit(mistake, letter)
            except (NoSuchMistakeError, ExprError):
                continue
            found.setdefault(*self._statement(mistake, edit))
        return tuple(s for s in found.values() if s.right != s.wrong) or tuple(found.values())

    def of_itself(self, mistake: Mistake) -> Statement:
        """The equations of ∂J/∂a, where the learner knows that."""
        edit = self._edit(mistake, "a")
        right, wrong = (
            self._equation(edit.equation, edit.old),
            self._equation(edit.equation, edit.new, edit.layout),
        )
        return Statement(right, wrong)

    def _edit(self, mistake: Mistake, letter: str) -> Edit:
        """What a mistake makes of one gradient, all others being right."""
        replacement = Replacement(self.equations, by_name=True)
        name = target(self.equations, letter, self.layer)
        if letter == "a" and self._is_long(name):
            whole = self.equations.whole
            replacement.data[name] = Laid(whole.quantity(name), whole.layouts[name])
        replacement.replace(Fault(mistake, (self.layer,)), letter, self.layer)
        (edit,) = replacement.edits()
        return edit

    def _is_long(self, name: str) -> bool:
        """Whether ∂J/∂ a quantity goes by its name: its equation is long, or not spoken of."""
        if name == adjoint(self.equations.stack.out) and self.equations.stack.loss.name == ANY_LOSS:
            return True
        return sum(1 for _ in nodes(self.equations.whole.equations[name].expression)) > MOST_NODES

    def _statement(self, mistake: Mistake, edit: Edit) -> tuple[str, Statement]:
        name, right, wrong = edit.equation, edit.old, edit.new
        whole, of = self.equations.whole.equations, self.equations.known[edit.equation]
        letter, layer = of.letter, of.layer or 0
        delta, coupled = f"dz{layer}", is_coupled(self.equations.stack, layer)
        if letter in ("da", "dh"):
            right = self.equations.whole.quantity(name) if self._is_long(name) else right
            if delta in whole and not coupled and self.layer:
                into = whole[delta].expression
                right, wrong = (substituted(into, {name: e}) for e in (right, wrong))
                return delta, Statement(self._equation(delta, right), self._equation(delta, wrong))
            known = self._cancelled(layer) if delta in whole else None
            times = _multiple(wrong, right) if known is not None else None
            if known is not None and times is not None:
                wrong = simplified(product(times, known))
                return delta, Statement(self._equation(delta, known), self._equation(delta, wrong))
        if letter == "dz":
            back = next((n for n in (f"da{layer}", f"dh{layer}") if n in right.reads), "")
            if back and not coupled and not self._is_long(back):
                right, wrong = (substituted(e, {back: whole[back].expression}) for e in (right, wrong))
            right = self._cancelled(layer) or right
        return name, Statement(self._equation(name, right), self._equation(name, wrong, edit.layout))

    def _cancelled(self, layer: int) -> Expr | None:
        """The last layer's dz, where so much of it cancels that nobody writes it as da ⊙ g′(z)."""
        if not PAIRED.holds(self.equations.stack, layer):
            return None
        return self.equations.read("share * (p - y)", layer).expression

    def _equation(self, name: str, expression: Expr, layout: Axes | None = None) -> str:
        edit = Edit(name, "other", expression, self._plain(expression), layout=layout)
        network = edited(self._network, [edit])
        writer = within(self._writer(network), network, name)
        lying = self._layout(name, network.layouts[name])
        return write_equation(replace(network.equations[name], layout=lying), writer)

    def _plain(self, expression: Expr) -> Expr:
        """The expression with numbers that are known, and without what changes nothing."""

        def node(e: Expr) -> Expr:
            if isinstance(e, Name) and e.text in _LETTERS:
                return Number(self.values[e.text]) if e.text in self.values else e
            if self.single and e == Size(SAMPLES):
                return ONE
            if self.single and isinstance(e, Apply) and e.operation is SUM and e.over == (SAMPLES,):
                (inner,) = e.arguments
                return inner if isinstance(inner, Name) else e
            return e

        return simplified(rebuilt(expression, node))

    @property
    def _network(self) -> Network:
        return self.equations.whole

    @property
    def writer(self) -> Writer:
        """A writer of expressions over the network's quantities."""
        return self._writer(self._network)

    def _writer(self, network: Network) -> Writer:
        whole = writer_of(network, self._dialect)
        layouts = {name: self._layout(name, layout) for name, layout in network.layouts.items()}
        return replace(whole, layouts={**layouts, **dict.fromkeys(_LETTERS, ())})

    def _layout(self, name: str, layout: Axes) -> Axes:
        """How the learner's array lies; that of a bias is one row a sample where nobody has summed it."""
        if SAMPLES in layout:
            name = "x"
        return self.notation.layout(name, layout) if name in self.notation.known else layout

    @cached_property
    def _dialect(self) -> Dialect:
        """Code where the notation writes code, else paper; code for images is mostly transposes."""
        images = self.layer and len(self.equations.stack.at(self.layer)[0].axes) > 2
        if self.notation.display.writes_code and not images:
            sizes = {axis: self._length(axis) for axis in (*self.equations.stack.sizes, SAMPLES)}
            return _Code(sizes, symbol=self.called)
        return Handwriting(symbol=self.called, length=self._length, word=self.word)

    def word(self, axis: str) -> str:
        """What is along an axis: samples, units."""
        return "samples" if axis == SAMPLES else _WORDS.get(self.equations.letter_of(axis), "units")

    def _length(self, axis: str) -> str:
        """m samples; n_out outputs, n_in inputs of this layer, n_first inputs of the network."""
        stack = self.equations.stack
        words = {stack.at(1)[0].axes[-1]: "n_first"}
        if self.layer:
            words[stack.at(self.layer)[0].axes[-1]] = "n_in"
        if len(stack.at(last(stack))[1].out) == 1:
            words[stack.at(last(stack))[1].out[-1]] = "n_out"
        places = {"p": "n_rows", "q": "n_columns", "u": "n_units"}.get(self.equations.letter_of(axis), axis)
        return {**words, SAMPLES: "m"}.get(axis, places)

    def called(self, name: str) -> str:
        """What the learner calls a quantity, or a number."""
        if name in (STRENGTH, *_LETTERS):
            return name if self.notation.display.writes_code else {STRENGTH: "λ", "eta": "η"}.get(name, name)
        one = self.equations.known[name]
        if one.letter in ("da", "dh"):
            return self._of_output(one.layer or 0)
        if one.base == "b" and one.layer in self.notation.folded:
            return f"row 0 of {self.called(replace(one, base='W').name)}"
        return self.notation.pretty(replace(one, base="a").name if one.letter == "h" else name)

    def _of_output(self, layer: int) -> str:
        """∂J/∂a, which sources that have a letter for δ have none for."""
        stack = self.equations.stack
        if stack.loss.targets == "upstream" and stack.reduction == "sum" and layer == last(stack):
            return self.notation.pretty("dout")
        if "da" in self.notation.letters or "dz" not in self.notation.letters:
            return self.notation.pretty(f"da{layer}")
        return f"∂{self.notation.pretty('J')}/∂{self.notation.pretty(f'a{layer}')}"


def _multiple(wrong: Expr, right: Expr) -> Expr | None:
    """The number by which one product is another one; None where there is none that reads no quantity."""
    whole = Monomial.of(simplified(wrong)).times(Monomial.of(simplified(right)).inverse())
    tops, bottoms = list(whole.tops), list(whole.bottoms)
    for part in whole.tops:
        if part in bottoms:
            tops.remove(part)
            bottoms.remove(part)
    number = replace(whole, tops=tuple(tops), bottoms=tuple(bottoms)).expression()
    return None if number.reads or not whole.below or not whole.above else number


@dataclass(frozen=True)
class _Code(NumPyCode):
    """NumPy's code under the learner's names."""

    symbol: Callable[[str], str] = str

    def name(self, text: str, layout: Axes, time: Moment | None) -> Piece:
        """`dz2`, `dz[:, t]`."""
        return super().name(self.symbol(text), layout, time)

    def whole(self, piece: Piece, target: Axes) -> Piece:
        """The piece as it is, even where NumPy would have to repeat it, or has a row for the one sample."""
        return self.fitted(piece, target) if {*piece.layout} <= {*target, UNNAMED} else piece
