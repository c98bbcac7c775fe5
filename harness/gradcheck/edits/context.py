"""What is known where an expression is changed, and a change of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gradcheck.edits.edit import Kind
from gradcheck.expr.simplify import Monomial
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import Apply, Expr, Name, axis_of


@dataclass(frozen=True)
class Local:
    """A function of one number that the forward pass applies, and its derivative there."""

    node: Apply
    value: Expr
    """A name for its value, where it has one."""
    derivative: Monomial


@dataclass(frozen=True)
class Context:
    """What there is where an equation is due."""

    known: Sequence[Name]
    """The quantities that may be read."""
    adjoints: Collection[str]
    """Those of them that are adjoints."""
    same: Callable[[str, str], bool]
    """Whether two axes are equally long in some case."""
    locals: Sequence[Local] = ()
    earlier: Mapping[str, Expr] = field(default_factory=dict)
    """Quantity of a loop -> the same a time before."""
    times: Collection[str] = ()
    """The axes of loops."""
    beyond: Sequence[Name] = ()
    """What can be read of other times alone: the quantities of the same loop."""
    updated: Mapping[str, Expr] = field(default_factory=dict)
    """Parameter -> what it is after a step against its gradient."""
    counts: Sequence[Apply] = ()
    """How many of something there are: margins that are violated, entries that are no padding."""
    kernels: Collection[str] = ()
    """The axes of places in windows."""
    examples: Collection[str] = ()
    """The axes that no parameter has."""
    sums: Mapping[str, Expr] = field(default_factory=dict)
    """Adjoint -> the sum that it is."""
    shares: Collection[str] = ()
    """The quantities that lie between 0 and 1."""
    products: Mapping[str, Expr] = field(default_factory=dict)
    """Value -> the product that it is."""

    @property
    def axes(self) -> Sequence[str]:
        """The axes of all that may be read."""
        return list(dict.fromkeys(axis for quantity in self.known for axis in map(axis_of, quantity.axes)))

    def others(self, name: Name, *, any_kind: bool = False) -> Iterator[Expr]:
        """What may be read in a quantity's place: values for a value, adjoints for an adjoint.

        Arrays of the same axes, or of as many that are as long, one by one.
        """
        kind = name.text in self.adjoints
        for quantity in self.known:
            if quantity.text == name.text or not (any_kind or (quantity.text in self.adjoints) is kind):
                continue
            if set(quantity.axes) == set(name.axes):
                yield quantity
            elif len(quantity.axes) == len(name.axes):
                pairs = tuple(zip(quantity.axes, name.axes, strict=True))
                if len(set(quantity.axes) - set(name.axes)) == 1:
                    yield quantity
                if all(one == other or self.same(one, other) for one, other in pairs):
                    yield Apply(Rename(tuple(p for p in pairs if p[0] != p[1])), (quantity,))

    def swaps(self, name: Name) -> Iterator[Expr]:
        """The transpose of a square array, in each pair of its axes."""
        for i, one in enumerate(name.axes):
            for other in name.axes[:i]:
                if self.same(one, other):
                    yield Apply(Rename(((one, other), (other, one))), (name,))


@dataclass(frozen=True)
class Rewrite:
    """An expression with one thing changed."""

    kind: Kind
    part: Expr
    whole: Expr
    """The expression afterwards."""
    instead: Expr | None = None
    """What stands in the part's place, if anything does."""
