"""The value of a formula at one point, with its free indices fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from harness.derivation import functions, shapes
from harness.derivation.errors import MeaningError
from harness.derivation.point import Point
from harness.derivation.vocabulary import Reference, Vocabulary
from harness.formulas.tree import (
    Abs,
    Arguments,
    BigSum,
    Bracket,
    Comparison,
    Derivative,
    Keyword,
    Matrix,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from harness.formulas.walk import followed_by_bracket, innermost
from harness.maths._arrays import Array
from harness.maths.activations import Activation
from harness.maths.layers import Activate
from harness.spec.quantity import split

STEP = 1e-3
"""Of the differences for derivatives that no oracle gives; two steps are extrapolated."""
MOST_STEPS = 4000
"""How many parts of a formula are evaluated before it is given up."""


ANY_LAYER = "any layer"
"""The free letter that stands for the layer of names without one."""


@dataclass
class Effort:
    """What is left to spend on one formula, and what was noticed on the way."""

    left: int = MOST_STEPS
    notes: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """What names stand for while a formula is evaluated."""

    words: Vocabulary
    point: Point
    values: Mapping[str, Array]
    """Quantities by canonical name."""
    free: Mapping[str, int] = field(default_factory=dict)
    """Index and layer letters."""
    helpers: Mapping[str, Node] = field(default_factory=dict)
    """Names that the text itself defines."""
    effort: Effort = field(default_factory=Effort)

    def value(self, node: Node) -> Array:
        """The value: a number, or an array as the notation has it lie. Raises MeaningError."""
        self.effort.left -= 1
        if self.effort.left < 0:
            raise MeaningError(
                "unsupported", "this takes too long to evaluate", node.span, "give parts a name"
            )
        match node:
            case Number(number):
                return np.asarray(number)
            case Symbol() | Scripted():
                return self._named(node)
            case Bracket(inner):
                return self.value(inner)
            case Negative(inner):
                return -self.value(inner)
            case Transpose(inner):
                return self.value(inner).T
            case Sum(terms):
                return self._sum(terms)
            case Product():
                return self._product(node)
            case Quotient(top, bottom):
                return self._quotient(node, top, bottom)
            case Power(base, exponent):
                return self.value(base) ** self._number(exponent)
            case Derivative(of, by):
                return self._derivative(node, of, by)
            case BigSum():
                return self._big_sum(node)
            case Matrix(rows):
                return np.array([[float(self._number(cell)) for cell in row] for row in rows])
            case Abs(inner):
                return np.abs(self.value(inner))
            case Norm(inner):
                return np.asarray(np.linalg.norm(self.value(inner)))
            case Comparison(left, relation, right):
                return _COMPARED[relation](self.value(left), self.value(right)).astype(float)
            case _:
                raise MeaningError("unsupported", "several things where one is due", node.span)

    def _number(self, node: Node) -> Array:
        found = self.value(node)
        if found.size != 1:
            raise MeaningError("shape", f"a number is due, not an array of shape {found.shape}", node.span)
        return found.reshape(())

    # Names

    def _named(self, node: Symbol | Scripted) -> Array:
        if isinstance(node, Scripted) and node.sup is not None and not self.words.is_layer(node):
            return self.value(replace(node, sup=None)) ** self._number(node.sup)
        if isinstance(node, Scripted) and node.primes and not isinstance(node.base, Symbol):
            raise MeaningError("unsupported", "a prime belongs behind a function's name", node.span)
        if isinstance(node, Scripted) and not isinstance(node.base, Symbol):
            return self._entry(self.value(node.base), tuple(map(self.index, node.sub)), (1, 1), node.span)
        text = node.text if isinstance(node, Symbol) else node.base.text  # type: ignore[union-attr]
        reference = self.words.reference(node)
        if reference is not None and not (text in self.helpers and text not in self.words.symbols):
            return self.of(reference)
        return self._other_name(node, text)

    def _other_name(self, node: Node, text: str) -> Array:
        if text in self.helpers:
            outer = {name: body for name, body in self.helpers.items() if name != text}
            found = replace(self, helpers=outer).value(self.helpers[text])
            sub = node.sub if isinstance(node, Scripted) else ()
            return self._entry(found, tuple(map(self.index, sub)), (1, 1), node.span) if sub else found
        if text in self.free:
            return np.asarray(float(self.free[text]))
        if text in ("m", "N", "n", "M"):
            return np.asarray(float(len(self.point.case.x)))
        penalty = self.point.spec.penalty
        if text in ("lam", "lambda", "reg") and penalty is not None:
            return np.asarray(penalty.strength)
        if text == "pi":
            return np.asarray(np.pi)
        known = ", ".join(sorted(self.words.symbols)[:12])
        raise MeaningError(
            "unknown", f"{text!r} is no quantity of this network", node.span, f"there are {known}"
        )

    def of(self, reference: Reference) -> Array:
        """The value of a quantity, or of an entry."""
        name = self.name(reference)
        if name not in self.values:
            raise MeaningError("unknown", "nothing is known of this quantity here", reference.span)
        return self._entry(self.values[name], *self.place(reference), reference.span)

    def entry_of(self, reference: Reference, array: Array) -> Array:
        """The entry that a reference means, of an array of its quantity's shape."""
        return self._entry(array, *self.place(reference), reference.span)

    def name(self, reference: Reference) -> str:
        """The canonical name."""
        if reference.layer is None:
            return self.words.canonical(reference, self.free.get(ANY_LAYER))
        return self.words.canonical(reference, self.index(reference.layer))

    def place(self, reference: Reference) -> tuple[tuple[int, ...], tuple[int, int]]:
        """The indices as they are written, and what the first row and column are called."""
        first = self.words.notation.display.first
        letter, layer = split(self.name(reference))
        folded = letter.removeprefix("d") == "W" and layer in self.words.notation.folded
        rows_first = self.words.notation.weights == "in_out"
        firsts = ((0, first) if rows_first else (first, 0)) if folded else (first, first)
        return tuple(map(self.index, reference.indices)), firsts

    def index(self, node: Node) -> int:
        """The whole number that an index or a layer is."""
        match node:
            case Number(number) if number == int(number):
                return int(number)
            case Symbol("L") if "L" not in self.free:
                return self.words.last
            case Symbol(text) if text in self.free:
                return self.free[text]
            case Sum(terms):
                return sum(map(self.index, terms))
            case Negative(inner):
                return -self.index(inner)
            case Bracket(inner):
                return self.index(inner)
        raise MeaningError("index", "this is no index", node.span)

    def _entry(
        self, array: Array, indices: tuple[int, ...], firsts: tuple[int, int], span: tuple[int, int]
    ) -> Array:
        if not indices:
            return array
        if len(indices) == 2 and not shapes.has(array, indices, firsts):
            turned = indices[::-1]
            if shapes.has(array, turned, firsts):
                self.effort.notes[f"indices ({_listed(indices)}) are taken for ({_listed(turned)})"] = None
                indices = turned
        if 0 in indices and len(indices) == 1 and self.words.notation.folded and 1 in array.shape:
            return np.asarray(1.0)  # the input of the bias, x_0 = 1
        return shapes.entry(array, indices, firsts, span)

    # Sums and products

    def _sum(self, terms: Sequence[Node]) -> Array:
        total = self.value(terms[0])
        for term in terms[1:]:
            total = shapes.elementwise(np.add, total, self.value(term), "the sum", term.span)
        return total

    def _quotient(self, node: Quotient, top: Node, bottom: Node) -> Array:
        if isinstance(top, Symbol) and isinstance(bottom, Symbol) and top.text[:1] == bottom.text[:1] == "d":
            of, by = (Symbol(s.text[1:], s.span) for s in (top, bottom))
            if of.text and self.words.reference(of) and self.words.reference(by):
                return self._derivative(node, of, by)
        return shapes.elementwise(np.divide, self.value(top), self.value(bottom), "the quotient", node.span)

    def _product(self, node: Product) -> Array:
        """Side by side and @ first, then ⊙: W δ ⊙ σ′(z) is (W δ) ⊙ σ′(z)."""
        total: Array | None = None
        operator, i = "", 0
        hadamards: list[Array] = []
        while i < len(node.factors):
            factor, used = self._factor(node, i)
            if total is None:
                total = factor
            elif operator == "⊙":
                hadamards.append(total)
                total = factor
            else:
                total = shapes.product(operator, total, factor, node.factors[i].span)
            i += used
            operator = node.operators[i - 1] if i - 1 < len(node.operators) else ""
        assert total is not None
        for other in reversed(hadamards):
            total = shapes.elementwise(np.multiply, other, total, "⊙", node.span)
        return total

    def _factor(self, node: Product, i: int) -> tuple[Array, int]:
        """The value of factor i, and how many factors it takes up: a call takes two."""
        here = node.factors[i]
        head = here.base if isinstance(here, Scripted) else here
        if not isinstance(head, Symbol) or i + 1 >= len(node.factors) or node.operators[i] != "":
            return self.value(here), 1
        behind = node.factors[i + 1]
        if head.text == "nabla" and isinstance(here, Scripted) and here.sub:
            return self._derivative(node, behind, here.sub[0]), 2
        bracketed = followed_by_bracket(node, i)
        if bracketed and self._is_objective(here):
            return self.value(here), 2  # C(w): the objective, named with what it depends on
        if self._is_function(here, head.text, bracketed):
            return self._call(here, head.text, behind), 2
        return self.value(here), 1

    def _is_objective(self, node: Node) -> bool:
        reference = self.words.reference(node)
        return reference is not None and reference.letter == "J"

    def _is_function(self, here: Node, text: str, bracketed: bool) -> bool:
        primes = here.primes if isinstance(here, Scripted) else 0
        if text in functions.ELEMENTARY or text in functions.ARRAYS or text in functions.NAMED:
            return True
        if functions.named(text) is None or text in self.helpers:
            return False
        return bool(primes) or (bracketed and self.words.reference(here) is None)

    def _call(self, here: Node, text: str, behind: Node) -> Array:
        inner = innermost(behind)
        argument = inner.inner if isinstance(inner, Bracket) else behind
        found = self._applied(here, text, argument)
        if isinstance(here, Scripted) and here.sup is not None and not here.layered:
            found = found ** self._number(here.sup)
        return self._wrapped(behind, found) if isinstance(inner, Bracket) else found

    def _wrapped(self, node: Node, value: Array) -> Array:
        """What stands around the bracket of a call, done to its result: σ(z)² , σ(z)ᵀ."""
        match node:
            case Power(base, exponent):
                return self._wrapped(base, value) ** self._number(exponent)
            case Transpose(inner):
                return self._wrapped(inner, value).T
            case Scripted(base, sup=sup, sub=sub):
                found = self._wrapped(base, value)
                found = self._entry(found, tuple(map(self.index, sub)), (1, 1), node.span)
                return found if sup is None else found ** self._number(sup)
        return value

    def _applied(self, here: Node, text: str, argument: Node) -> Array:
        if text in functions.ELEMENTARY:
            return functions.ELEMENTARY[text](self.value(argument))
        if text in functions.ARRAYS:
            return self._array_function(here, text, argument)
        known = functions.named(text)
        assert known is not None
        base, primes = known
        primes += here.primes if isinstance(here, Scripted) else 0
        found = functions.applied(self._activation(here, base, argument), primes, self.value(argument))
        if found is None:
            raise MeaningError("unsupported", "this derivative is not one number a unit", here.span)
        return found

    def _array_function(self, here: Node, text: str, argument: Node) -> Array:
        items = argument.items if isinstance(argument, Arguments) else (argument,)
        options = {item.name: self._option(item.value) for item in items if isinstance(item, Keyword)}
        values = [self.value(item) for item in items if not isinstance(item, Keyword)]
        try:
            return np.asarray(functions.ARRAYS[text](*values, **options))
        except (TypeError, ValueError) as error:
            shown = " and ".join(str(v.shape) for v in values)
            raise MeaningError("shape", f"{text} does not take {shown}", here.span) from error

    def _option(self, node: Node) -> int | bool:
        return node.text == "True" if isinstance(node, Symbol) else self.index(node)

    def _activation(self, here: Node, base: str, argument: Node) -> Activation:
        """The activation that a letter means: that of the layer it is applied at, or the only one."""
        if base in functions.NAMED:
            return functions.activation(base)
        by_layer = {
            s.layer: s.link.activation for s in self.words.chain.steps if isinstance(s.link, Activate)
        }
        if isinstance(here, Scripted) and here.sup is not None and here.layered:
            own = self.index(here.sup) - self.words.offset("a")
            if own in by_layer:
                return by_layer[own]
        reference = self.words.reference(argument)
        layer = split(self.name(reference))[1] if reference else None
        if layer in by_layer and by_layer[layer].name != "identity":
            return by_layer[layer]
        curved = {g.name: g for g in by_layer.values() if g.name != "identity"}
        if base == "sigma" and "sigmoid" in curved:
            return curved["sigmoid"]
        if len(curved) == 1:
            return next(iter(curved.values()))
        raise MeaningError("unknown", "which activation is this?", here.span, "name it: sigmoid, tanh, relu")

    def _big_sum(self, node: BigSum) -> Array:
        from harness.derivation.indices import bounds

        total: Array | None = None
        for free in bounds(self, node):
            term = replace(self, free={**self.free, **free}).value(node.body)
            total = term if total is None else total + term
        if total is None:
            raise MeaningError("index", "a sum over nothing", node.span)
        return total

    # Derivatives

    def _derivative(self, node: Node, of: Node | None, by: Node) -> Array:
        reference = self.words.reference(by)
        if reference is None:
            raise MeaningError("unknown", "a derivative is by a quantity of the network", by.span)
        if reference.letter == "a" and reference.layer is None and self._applies_nabla(node):
            reference = replace(reference, layer=Symbol("L", reference.span))
        name = self.name(reference)
        if (of is None or self._is_objective(_plain(of))) and f"d{name}" in self.values:
            return self._entry(self.values[f"d{name}"], *self.place(reference), reference.span)
        if of is None:
            raise MeaningError("unsupported", "the derivative of what?", node.span)
        return self._difference(of, name, reference)

    def _applies_nabla(self, node: Node) -> bool:
        return isinstance(node, Product)

    def _difference(self, of: Node, name: str, by: Reference) -> Array:
        """By differences: the network runs again with one entry moved."""
        whole = self.values[name]
        indices, firsts = self.place(by)
        places = (
            [shapes.position(whole, indices, firsts, by.span)] if indices else list(np.ndindex(whole.shape))
        )
        columns = [self._slope(of, name, place) for place in places]
        if len(columns) == 1:
            return columns[0]
        if columns[0].size == 1:
            return np.array([float(c.reshape(())) for c in columns]).reshape(whole.shape)
        if 1 not in whole.shape:
            message = "the derivative of a vector by a matrix is no matrix"
            raise MeaningError("unsupported", message, by.span, "write one entry of it")
        return np.stack([c.ravel() for c in columns], axis=1)

    def _slope(self, of: Node, name: str, place: tuple[int, ...]) -> Array:
        def central(step: float) -> Array:
            above, below = (
                replace(self, values={**self.values, **self.point.moved(name, place, s)}).value(of)
                for s in (step, -step)
            )
            return (above - below) / (2 * step)

        coarse, fine = central(STEP), central(STEP / 2)
        return (4 * fine - coarse) / 3


def _listed(indices: tuple[int, ...]) -> str:
    return ", ".join(map(str, indices))


_COMPARED = {"<": np.less, ">": np.greater, "≤": np.less_equal, "≥": np.greater_equal}


def _plain(node: Node) -> Node:
    """C(w) as C: what the objective depends on may be written behind it."""
    if isinstance(node, Product) and len(node.factors) == 2 and followed_by_bracket(node, 0):
        return node.factors[0]
    return node
