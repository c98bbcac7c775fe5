"""Mistakes at layers of a stack, as edits of its equations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradcheck.edits.edit import Edit
from gradcheck.expr import layout
from gradcheck.expr.arithmetic import ADD
from gradcheck.expr.errors import ExprError
from gradcheck.expr.layout import Laid
from gradcheck.expr.named import Lengths
from gradcheck.expr.operation import Moving
from gradcheck.expr.simplify import sum_of
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import ZERO, Apply, Axes, Expr, Name, axis_of, nodes, substituted
from gradcheck.layers import Stack
from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.records import Fault, Mistake, Part
from gradcheck.network.backward import adjoint
from gradcheck.quantity import Quantity


class NoSuchMistakeError(Exception):
    """The mistake can't be made here: lengths don't meet, or there is no such quantity."""


def layers_of(mistake: Mistake, stack: Stack) -> tuple[int, ...]:
    """Where in a network it can be made. The input counts as layer 0, but has nothing except its da."""
    first = 0 if "a" in mistake.of else 1
    return tuple(n for n in range(first, len(stack.layers) + 1) if mistake.where.holds(stack, n))


def target(equations: Equations, letter: str, layer: int) -> str:
    """The gradient whose equation is replaced. Raises NoSuchMistakeError where there is none."""
    one = Quantity(letter, layer, is_gradient=True)
    if letter == "x":
        name = adjoint(equations.stack.at(layer)[0].source)
    else:
        name = (equations.find(one) or one).name
    if name not in equations.whole.equations:
        raise NoSuchMistakeError(f"there is no {name}")
    return name


@dataclass
class Replacement:
    """The expressions of a stack's gradients while mistakes replace them, one after the other."""

    equations: Equations
    by_name: bool = False
    """Whether what is handed in for another parameter, and an unknown number, stand there by their names."""
    data: dict[str, Laid] = field(default_factory=dict)
    """Gradient -> what has come of the data's part of it."""
    penalty: dict[str, Laid] = field(default_factory=dict)
    whole: dict[str, Laid] = field(default_factory=dict)
    by: dict[str, Mistake] = field(default_factory=dict)
    """Gradient -> the last mistake in it."""

    def replace(self, fault: Fault, letter: str, layer: int) -> None:
        """Put a mistake's formula in the place of what is there. Raises NoSuchMistakeError."""
        name, part = target(self.equations, letter, layer), fault.mistake.part
        parts = {"data": self.data, "penalty": self.penalty, "handed in": self.whole}[part]
        right = parts[name] if name in parts else self._now(name, part)
        try:
            new = self._read(fault, letter, layer, right)
            parts[name] = self._lying(name, new)
        except ExprError as error:
            raise NoSuchMistakeError(str(error)) from error
        self.by[name] = fault.mistake

    def _read(self, fault: Fault, letter: str, layer: int, right: Laid) -> Laid:
        mistake, more = fault.mistake, {"right": right}
        if mistake.unknown:
            more[mistake.unknown] = Laid(Name(mistake.unknown) if self.by_name else unknown(mistake), ())
        if mistake.part == "penalty":
            w = self._parameter(letter, layer)
            more["derivative"] = Laid(self.equations.norm_derivative(w.expression), w.layout)
        wrong = mistake.wrong_of(letter)
        if mistake.submits_others and not self.by_name and isinstance(wrong, str):
            more |= self._others(wrong, layer)
        if mistake.reads:
            values = {
                self._known(name, layer): self.equations.read(formula, layer, more)
                for name, formula in mistake.reads.items()
            }
            return Laid(
                substituted(right.expression, {n: self._arrange(n, v) for n, v in values.items()}),
                right.layout,
            )
        if callable(wrong):
            return wrong(right)
        return self.equations.read(wrong, layer, more)

    def _others(self, formula: str, layer: int) -> dict[str, Laid]:
        """Other parameters' gradients in a formula of what is handed in: as they are made, not handed in."""
        reads, meanings = self.equations.read(formula, layer).expression.reads, self.equations.meanings(layer)
        read = {name: one.name for name, one in meanings.items() if one.name in reads}
        return {name: self._total(one) for name, one in read.items() if self.equations.parameter(one)}

    def _known(self, name: str, layer: int) -> str:
        one = self.equations.meanings(layer).get(name)
        if one is None:
            raise NoSuchMistakeError(f"there is no {name}")
        return one.name

    def _arrange(self, name: str, new: Laid) -> Expr:
        """What stands for a quantity, with the names of its axes."""
        axes = self.equations.whole.layouts[name]
        if len(new.layout) < len(axes):
            return new.expression
        return layout.relaid(new, axes).expression

    def _parameter(self, letter: str, layer: int) -> Laid:
        whole, name = self.equations.whole, f"{letter}{layer}"
        return Laid(whole.quantity(name), whole.layouts[name])

    def _now(self, name: str, part: Part) -> Laid:
        """What there is of a part of a gradient before any mistake is made in it."""
        if part == "handed in":
            return self._total(name)
        data, penalty = self.equations.parts(name)
        return penalty if part == "penalty" else data

    def _total(self, name: str) -> Laid:
        """What the data and the penalty give a gradient, as it stands."""
        data, penalty = self.equations.parts(name)
        data, penalty = self.data.get(name, data), self.penalty.get(name, penalty)
        if data.expression == ZERO or penalty.expression == ZERO:
            return penalty if data.expression == ZERO else data
        data = layout.alongside(penalty, data)
        lying = layout.entrywise(ADD, [data, penalty], str).layout
        return Laid(sum_of([data.expression, penalty.expression]), lying)

    def _lying(self, name: str, new: Laid) -> Laid:
        """What is made, as it lies; of what is no parameter's gradient as that lies.

        Raises NoSuchMistakeError where the latter is not possible.
        """
        own = self.equations.whole.layouts[name]
        if set(new.layout) <= set(own) and len(new.layout) < len(own):
            return Laid(new.expression, own)
        if self.equations.parameter(name):
            return new
        if len(new.layout) != len(own):
            raise NoSuchMistakeError(f"{name} would lie as {layout.shown(new.layout)}")
        return layout.relaid(new, own)

    def edits(self) -> tuple[Edit, ...]:
        """The equations that are others now."""
        found = []
        for name, mistake in self.by.items():
            new = self.whole.get(name) or self._total(name)
            old = self.equations.whole.equations[name].expression
            found.append(Edit(name, mistake.kind, old, new.expression, layout=new.layout))
        return tuple(found)


def unknown(mistake: Mistake) -> Name:
    """The name of a mistake's unknown number in the expressions that it makes."""
    return Name(f"{mistake.unknown} of {mistake.slug}")


_ORDER: Mapping[Part, int] = {"data": 1, "penalty": 2, "handed in": 3}
"""Which of several mistakes in one gradient comes first: as what it replaces is made."""


def targets(equations: Equations, fault: Fault) -> tuple[str, ...]:
    """The gradients whose equations a mistake replaces; none where it can't be made."""
    try:
        return tuple(target(equations, letter, layer) for _, letter, layer in _due(equations, [fault]))
    except NoSuchMistakeError:
        return ()


def independent(equations: Equations, faults: Sequence[Fault]) -> bool:
    """Whether mistakes replace different gradients, and none hands in what another one replaces."""
    several = [set(targets(equations, fault)) for fault in faults]
    apart = sum(map(len, several)) == len(set().union(*several))
    return apart and not any(fault.mistake.submits_others for fault in faults)


def replace_expressions(equations: Equations, faults: Sequence[Fault]) -> Replacement:
    """What these mistakes make of the equations. Raises NoSuchMistakeError where one can't be made."""
    replacement = Replacement(equations)
    due = _due(equations, faults)
    for fault, letter, layer in sorted(due, key=lambda one: one[1] != "x" and _ORDER[one[0].mistake.part]):
        replacement.replace(fault, letter, layer)
    return replacement


def _due(equations: Equations, faults: Sequence[Fault]) -> list[tuple[Fault, str, int]]:
    """What each mistake replaces, and at which layers."""
    return [
        (fault, letter, layer)
        for fault in faults
        for letter in fault.mistake.of
        for layer in fault.layers
        if len(fault.mistake.of) == 1 or _is_there(equations, fault.mistake.part, Quantity(letter, layer))
    ]


def _is_there(equations: Equations, part: Part, one: Quantity) -> bool:
    """Of a mistake in several gradients, or parts of them, only those count that there are."""
    if one.name not in equations.stack.parameters:
        return part == "data" and one.base in ("a", "z", "x")
    return part != "penalty" or equations.is_penalised(one)


def fits(edit: Edit, lengths: Lengths) -> bool:
    """Whether all that meets in an edit's expression is equally long, or is repeated, as NumPy does it."""
    return all(
        _meets(node.operation, node.over, lengths)
        for node in nodes(edit.new)
        if isinstance(node, Apply) and isinstance(node.operation, Moving)
    )


def _meets(operation: Moving, over: Axes, lengths: Lengths) -> bool:
    if isinstance(operation, Rename):
        pairs = ((lengths[axis_of(old)], lengths[axis_of(new)]) for old, new in operation.pairs)
        return all(old == new or 1 in (old, new) for old, new in pairs)
    return operation.misfit(over, lengths) is None
