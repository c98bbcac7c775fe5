"""Local derivatives, the single links of the chain rule: of what an equation makes by what it reads.

Of an entrywise function they have the axes of what it reads. Of one over an axis, as a softmax, they are a
Jacobian for each place of the other axes: (..., of which entry, by which entry). Of a linear map by its
weights they are what every unit multiplies its weights by: the map's input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.expr.adjoint import gradient
from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import ADD, MULTIPLY
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.by_torch import Tensor, TorchEvaluator, pytorch
from gradcheck.expr.named import Lengths, Named, arranged
from gradcheck.expr.operation import Along, Entrywise
from gradcheck.expr.tree import ONE, Apply, Axes, Expr, Name, axis_of, nodes
from gradcheck.network.graph import linear
from gradcheck.network.records import Equation, Network, named
from gradcheck.slopes import EPS, Slopes, slopes

if TYPE_CHECKING:
    from gradcheck.arrays import Array


def local_derivatives(network: Network) -> Iterator[tuple[str, str, Axes]]:
    """(of, by, layout) of activations by what they are taken of, of examples times weights by the weights.

    Those of a loop are left out: there is one at each time.
    """
    for equation in network.steps:
        if isinstance(equation, Equation):
            if read := _activated(equation, network):
                layout = equation.layout
                coupled = any(not isinstance(one, Entrywise) for one in _operations(equation.expression))
                yield equation.name, read, (*layout, layout[-1]) if coupled else layout
            if product := _weighted(equation.expression):
                source, weights = product
                yield equation.name, weights.text, network.layouts[source.text]


def _operations(expression: Expr) -> list[Any]:
    return [node.operation for node in nodes(expression) if isinstance(node, Apply)]


def _activated(equation: Equation, network: Network) -> str | None:
    """What an equation applies a function of numbers to, or one along the axis of units."""
    read = equation.expression.reads
    if len(read) != 1 or not read <= network.equations.keys():
        return None
    (name,) = read
    match equation.expression:
        case Apply(Along() as along, (Name(),), over) if along.keeps and over == equation.layout[-1:]:
            return name
    entrywise = all(isinstance(one, Entrywise) for one in _operations(equation.expression))
    return name if entrywise and network.layouts[name] == equation.layout else None


def _weighted(expression: Expr) -> tuple[Name, Name] | None:
    """(x, W) of an expression x @ W or x @ W + b of matrices."""
    match expression:
        case Apply(operation, (product, Name())) if operation is ADD:
            return _weighted(product)
        case Apply(operation, (Apply(times, (Name() as x, Name() as W)),)) if (
            operation is SUM and times is MULTIPLY and len(x.axes) == len(W.axes) == len(expression.axes) == 2
        ):
            return x, W
    return None


def rule(network: Network, of: str, by: str) -> Equation | None:
    """The equation of the derivative of one quantity by another; None where it is a Jacobian.

    Its quantity has no name yet.
    """
    equation = network.equations[of]
    if product := _weighted(equation.expression):
        source, _ = product
        return Equation("", source, network.layouts[source.text])
    if any(not isinstance(one, Entrywise) for one in _operations(equation.expression)):
        return None
    return Equation("", gradient(equation.expression, by, network.quantity(of), ONE), equation.layout)


def by_rules(network: Network, of: str, by: str) -> Callable[[Mapping[str, Named], Lengths], Array]:
    """(values, lengths) -> the derivative of one quantity by another, by the rules of its operations."""
    if known := rule(network, of, by):
        slope, axes = known.expression, named(known.layout)
        return lambda values, lengths: arranged(evaluate(slope, values, lengths), axes, lengths)
    value = network.quantity(of)
    slope = gradient(network.equations[of].expression, by, value, Name("g", value.axes))
    *rows, units = value.axes

    def derivative(values: Mapping[str, Named], lengths: Lengths) -> Array:
        count = lengths[axis_of(units)]
        given = {**values, "g": Named(np.eye(count), ("*", units))}
        return arranged(evaluate(slope, given, lengths), (*rows, "*", units), {**lengths, "*": count})

    return derivative


class Local:
    """The derivative of one quantity by another that its equation reads, at one point."""

    def __init__(
        self, network: Network, of: str, by: str, values: Mapping[str, Named], lengths: Lengths
    ) -> None:
        self.expression = network.equations[of].expression
        self.axes = named(network.layouts[of])
        self.by, self.values, self.lengths = network.quantity(by), values, lengths
        self.start: Array = np.array(arranged(values[by], self.by.axes, lengths))
        weights = linear(self.expression, by) and set(self.by.axes) != set(self.axes)
        coupled = isinstance(self.expression, Apply) and isinstance(self.expression.operation, Along)
        self.kind = "weights" if weights else "coupled" if coupled else "entrywise"

    def by_autograd(self) -> Array:
        """By PyTorch."""
        torch = pytorch()
        jacobian_of = torch.autograd.functional.jacobian
        at = torch.tensor(self.start, dtype=torch.float64)
        if self.kind == "entrywise":
            at.requires_grad_()
            (slope,) = torch.autograd.grad(self._torch(torch, at).sum(), at, materialize_grads=True)
        elif self.kind == "coupled":
            units = self.start.shape[-1]  # summed over all else: each row depends on its own entries
            jacobian = jacobian_of(lambda x: self._torch(torch, x).reshape(-1, units).sum(0), at)
            slope = jacobian.movedim(0, -2)
        else:
            slope = jacobian_of(lambda w: self._torch(torch, w)[..., 0], at)[..., 0]
        return np.asarray(slope.detach())

    def by_differences(self) -> Slopes:
        """By difference quotients of the equation run by NumPy."""
        noise: Any = 2 * EPS * (1 + np.abs(self.start))  # what is made on the way is no larger than that
        if self.kind == "entrywise":
            return slopes(lambda s: self._numpy(self.start + s), np.ones_like(self.start), noise)
        if self.kind == "coupled":
            units, ones = self.start.shape[-1], [1] * (self.start.ndim - 1)
            e = np.eye(units).reshape(units, *ones, units)
            step = np.ones((units, *ones, 1))
            along = slopes(lambda s: self._numpy(self.start + s * e), step, noise.max())
            return along.map(lambda part: np.moveaxis(part, 0, -1))
        e = np.zeros((len(self.start), *self.start.shape))
        e[np.arange(len(self.start)), np.arange(len(self.start)), 0] = 1

        def first_unit(s: float) -> Array:
            return self._numpy(self.start + s * e)[..., 0].T

        still = first_unit(0.0)
        return slopes(first_unit, np.ones(still.shape), EPS * (1 + np.abs(still)))

    def _numpy(self, moved: Array) -> Array:
        """What the equation makes, of copies of the quantity along a further axis in front."""
        extra: Axes = ("*",) * (moved.ndim - self.start.ndim)
        value = Named(moved, (*extra, *self.by.axes))
        made = evaluate(self.expression, {**self.values, self.by.text: value}, self.lengths)
        return arranged(made, (*extra, *self.axes), {**self.lengths, "*": len(moved)})

    def _torch(self, torch: Any, at: Any) -> Any:
        def read(name: str, _: int | None) -> Tensor:
            if name == self.by.text:
                return Tensor(at, self.by.axes)
            return Tensor(torch.tensor(np.asarray(self.values[name].array)), self.values[name].axes)

        evaluator = TorchEvaluator(torch, self.lengths, read)
        return evaluator.full(evaluator.value(self.expression), self.axes).data
