"""Local derivatives, the single links of the chain rule: of what an equation makes by what it reads.

Of an entrywise function they have the axes of what it reads. Of one over an axis, as a softmax, they are a
Jacobian for each place of the other axes: (..., of which entry, by which entry). Of a linear map by its
weights they are what every unit multiplies its weights by: the map's input.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.by_torch import Tensor, TorchEvaluator
from gradcheck.expr.named import Lengths, Named, arranged
from gradcheck.expr.operation import Along
from gradcheck.expr.tree import Apply, Axes
from gradcheck.network.graph import linear
from gradcheck.network.records import Network, named
from gradcheck.slopes import EPS, Slopes, slopes

if TYPE_CHECKING:
    from gradcheck.expr.named import Array


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
        import torch

        jacobian_of: Any = torch.autograd.functional.jacobian
        at = torch.tensor(self.start, dtype=torch.float64)
        if self.kind == "entrywise":
            at.requires_grad_()
            (slope,) = torch.autograd.grad(self._torch(torch, at).sum(), at, materialize_grads=True)
        elif self.kind == "coupled":
            jacobian = jacobian_of(lambda x: self._torch(torch, x).sum(0), at)
            slope = jacobian.movedim(-2, 0)  # the sum over examples: each depends on its own entries
        else:
            slope = jacobian_of(lambda w: self._torch(torch, w)[..., 0], at)[..., 0]
        return np.asarray(slope.detach())

    def by_differences(self) -> Slopes:
        """By difference quotients of the equation run by NumPy."""
        noise: Any = 2 * EPS * (1 + np.abs(self.start))  # what is made on the way is no larger than that
        if self.kind == "entrywise":
            return slopes(lambda s: self._numpy(self.start + s), np.ones_like(self.start), noise)
        if self.kind == "coupled":
            e = np.eye(self.start.shape[-1])[:, None, :]
            along = slopes(lambda s: self._numpy(self.start + s * e), np.ones((len(e), 1, 1)), noise.max())
            return along.map(lambda part: part.transpose(1, 2, 0))
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
