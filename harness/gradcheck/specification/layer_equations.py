"""A layer that a sheet states by its equations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from gradcheck.expr.errors import ExprError
from gradcheck.expr.layout import UNNAMED, shown
from gradcheck.expr.tree import axis_of
from gradcheck.layers import EquationLayer
from gradcheck.layers.equations import OUTPUT
from gradcheck.layers.layer import SAMPLES
from gradcheck.network.draws import Draw
from gradcheck.network.lengths import unwhole
from gradcheck.network.read import EquationsError
from gradcheck.network.records import Network
from gradcheck.specification import stack
from gradcheck.specification.calling import NO_VARIABLE
from gradcheck.specification.complaint import listed, short
from gradcheck.specification.network_language import LayerOfEquations, Quantity
from gradcheck.specification.quantity import STRENGTH, split
from gradcheck.specification.statement import (
    axes_at,
    check_axes,
    check_layouts,
    complain_of_text,
    line_span,
    quantity_of,
)
from gradcheck.specification.yaml_text import Source, Where

TAKEN = ("x", "y", "J", STRENGTH, "dout")
"""What has a name in every network."""
INTEGERS = "{integers: 10}"
"""How whole numbers are asked for, as an example."""


def stated(source: Source, where: Where, layer: LayerOfEquations) -> dict[str, Any] | None:
    """The layer as plain data, as `stack.layer` takes it; None where it can't be built, with complaints."""
    return _Reader(source, where, layer).data()


class _Reader:
    def __init__(self, source: Source, where: Where, layer: LayerOfEquations) -> None:
        self.source, self.where, self.layer = source, where, layer
        ((self.name, value),) = layer.input.items()
        self.input = quantity_of(value)
        self.axes = [str(axis) for axis in self.input.axes][1:]
        self.parameters = {name: quantity_of(value) for name, value in layer.parameters.items()}

    def data(self) -> dict[str, Any] | None:
        """The layer's data."""
        before = len(self.source.complaints)
        self._check_input()
        self._check_sizes()
        self._check_parameters()
        for name, layout in self.layer.layout.items():
            check_axes(self.source, (*self.where, "layout", name), layout, [SAMPLES, *self._known])
        if len(self.source.complaints) > before:
            return None
        options: dict[str, Any] = {
            "equations": self.layer.equations,
            "source": self.name,
            "axes": self.axes,
            "sizes": dict(self.layer.sizes),
            "parameters": {name: list(map(str, array.axes)) for name, array in self.parameters.items()},
            "layout": {name: list(map(str, layout)) for name, layout in self.layer.layout.items()},
            "draws": {name: asdict(draw) for name, draw in self._draws().items()},
        }
        data = {"name": EquationLayer.kind, "options": options}
        try:
            network = stack.of_equations(**options).network
        except EquationsError as error:
            for fault in error.faults:
                self._complain(fault)
            return None
        for fault in self._unfit(network):
            self._complain(fault)
        check_layouts(self.source, (*self.where, "layout"), self.layer.layout, network)
        return data

    def _draws(self) -> dict[str, Draw]:
        """How what is given is drawn; what comes from a layer before is not."""
        inputs = {self.name: self.input} if self.input.draw != "normal" else {}
        return {name: _draw(array) for name, array in {**self.parameters, **inputs}.items()}

    @property
    def _known(self) -> list[str]:
        return [*self.axes, *self.layer.sizes]

    def _complain(self, fault: ExprError) -> None:
        complain_of_text(self.source, (*self.where, "equations"), self.layer.equations, fault)

    def _check_input(self) -> None:
        array, axes = (*self.where, "input", self.name), self.input.axes
        where = axes_at(self.source, array)
        if not axes or axes[0] != SAMPLES:
            message = f"the first axis of a layer's input is {SAMPLES}, that of examples"
            self.source.complain(where, message, f"write [{listed([SAMPLES, *map(str, axes)])}]")
        for number, axis in enumerate(axes):
            if axis == 1 or axes.index(axis) < number:
                message = "axes of a layer's input have names, each another one"
                self.source.complain((*where, number), message, "as in [n, T, d]")
            elif not axis.isidentifier():
                self.source.complain((*where, number), f"{short(axis)!r} can't name an axis")
        if self.name != "x":
            self._check_name(array, self.name)
        if self.input.draw != "normal" and self.where[-1] != 0:
            message = "what comes from a layer before is not drawn"
            self.source.complain((*array, "draw"), message, "leave draw out", key=True)
        self._check_draw(array, self.input, ("normal", "positive", INTEGERS))

    def _check_sizes(self) -> None:
        for axis, length in self.layer.sizes.items():
            where = (*self.where, "sizes", axis)
            if axis == SAMPLES or axis in self.axes:
                message = f"{axis} is an axis of the input, which is as long as what comes before makes it"
                self.source.complain(where, message, "leave it out of sizes", key=True)
            elif not axis.isidentifier():
                self.source.complain(where, f"{short(axis)!r} can't name an axis", key=True)
            elif isinstance(length, str) and length not in self.axes:
                message = f"{short(length)} is no axis of the input"
                self.source.complain(where, message, f"give a number or one of {listed(self.axes)}")

    def _check_parameters(self) -> None:
        for name, array in self.parameters.items():
            where = (*self.where, "parameters", name)
            self._check_name(where, name)
            if name == self.name:
                self.source.complain(where, f"{name} is the input already", "give it another name", key=True)
            axes = axes_at(self.source, where)
            if SAMPLES in array.axes:
                message = f"a parameter has no axis of examples, {SAMPLES}"
                self.source.complain(axes, message, "leave it out")
            else:
                check_axes(self.source, axes, array.axes, self._known)
            self._check_draw(where, array, ("normal", "positive"))

    def _check_name(self, where: Where, name: str) -> None:
        reason = _refused(name)
        if not name.isidentifier():
            reason = f"{short(name)!r} {NO_VARIABLE}"
        if reason:
            self.source.complain(where, reason, key=True)

    def _check_draw(self, where: Where, array: Quantity, kinds: tuple[str, ...]) -> None:
        whole = array.draw if not isinstance(array.draw, str) else None
        sound = array.draw in kinds if whole is None else whole.labels is None and INTEGERS in kinds
        if not sound or array.over is not None:
            message = "in a layer this can't be drawn so"
            self.source.complain((*where, "draw"), message, f"there is {listed(kinds)}")
        elif whole is not None and isinstance(whole.integers, str) and whole.integers not in self.layer.sizes:
            message = f"{short(whole.integers)} is no axis of the layer's sizes"
            self.source.complain((*where, "draw"), message, f"as in {INTEGERS}")

    def _unfit(self, network: Network) -> Iterator[ExprError]:
        """What a network of layers can't take of equations that are sound by themselves."""
        text = self.layer.equations
        for name in network.gradients:
            span = line_span(text, network.equations[name].line)
            yield ExprError("a layer's equations take no gradient(...): theirs is derived from them", span)
            return
        for equation, what in unwhole(network, self._draws()):
            yield ExprError(what, line_span(text, equation.line))
        out = list(network.equations)[-1]
        for name, equation in network.equations.items():
            span = line_span(text, equation.line)
            reason = None if name == out else _refused(name)
            if name == OUTPUT != out:
                reason = f"{OUTPUT} is what the output is called, which is {out} here: give one another name"
            if reason:
                yield ExprError(reason, span)
            elif SAMPLES in equation.layout[1:]:
                order = [SAMPLES, *(axis_of(axis) for axis in equation.layout if axis != SAMPLES)]
                reason = (
                    f"{name} lies as {shown(equation.layout)}, and in layers the axis of examples is the "
                    f"first: say so, as in layout: {{{name}: [{listed(order)}]}}"
                )
                yield ExprError(reason, span)
        yield from self._unfit_output(network, out)

    def _unfit_output(self, network: Network, out: str) -> Iterator[ExprError]:
        span = line_span(self.layer.equations, network.equations[out].line)
        layout = network.layouts[out]
        if SAMPLES not in layout:
            reason = f"the output, {out}, has the axes {shown(layout)}, and not that of examples, {SAMPLES}"
            yield ExprError(reason, span)
        elif UNNAMED in layout or len({axis_of(axis) for axis in layout}) < len(layout):
            reason = f"the output, {out}, lies as {shown(layout)}: its axes need names, each another one"
            yield ExprError(reason, span)


def _refused(name: str) -> str | None:
    """Why a quantity of a layer can't be called so."""
    if name in TAKEN:
        return f"{name} is a name of the whole network: give it another one"
    if name[-1].isdigit():
        letter, _ = split(name)
        return f"{name} ends with a number, and gets the layer's: give it a name without, as {letter}"
    if name.startswith("d") and len(name) > 1:
        return f"{name} begins with d, as gradients do: give it another name"
    return None


def _draw(array: Quantity) -> Draw:
    if not isinstance(array.draw, str):
        return Draw("integers", below=array.draw.integers)
    return Draw("weights" if array.draw == "normal" else array.draw)
