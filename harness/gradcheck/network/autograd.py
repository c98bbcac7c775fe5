"""The first oracle: a network run by PyTorch, and its gradients by PyTorch's autograd.

Every quantity's tensor is kept, so that the objective can be differentiated by each. In a loop each time's
entries are a tensor of their own: the gradient by them holds everything that comes later in time, as dh does
in backpropagation through time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcheck.expr.by_torch import Tensor, TorchEvaluator, pytorch
from gradcheck.expr.tree import axis_of
from gradcheck.network.records import Equation, Loop, Network, named

if TYPE_CHECKING:
    from gradcheck.arrays import Array
    from gradcheck.expr.named import Lengths


class Truth(NamedTuple):
    """What PyTorch finds: arrays in the network's layouts, in float64."""

    values: Mapping[str, Array]
    """Every quantity's, what is given among them."""
    gradients: Mapping[str, Array]
    """The objective's whole derivative by every quantity; zeros where it does not depend on it."""


def differentiate(
    network: Network,
    given: Mapping[str, Array],
    lengths: Lengths,
    upstream: Mapping[str, Array] | None = None,
) -> Truth:
    """The values of all quantities, and the gradients of J or, given upstream gradients, of Σ du · u.

    `given` are the arrays of inputs and parameters and `upstream` those of u -> du, all as the network lays
    them. The gradient by an upstream quantity holds du itself.
    """
    torch = pytorch()
    run = _Run(network, torch, lengths)
    for name, array in given.items():
        data = torch.tensor(array, dtype=torch.float64).reshape(_shape(network, name, lengths))
        run.whole[name] = Tensor(data.requires_grad_(), named(network.layouts[name]))
    run.forward()
    if upstream is None:
        objective = run.whole["J"].data
    else:
        objective = sum(
            (torch.tensor(du, dtype=torch.float64).reshape(run.laid(u).shape) * run.laid(u)).sum()
            for u, du in upstream.items()
        )
    values = {name: run.array(name, tensor) for name, tensor in run.whole.items()}
    return Truth(values, run.gradients(objective))


def values(network: Network, given: Mapping[str, Any], lengths: Lengths) -> Callable[[str], Any]:
    """Every quantity's tensor by its name, from those that are given, all as the network lays them."""
    run = _Run(network, pytorch(), lengths)
    for name, data in given.items():
        run.whole[name] = Tensor(data.reshape(_shape(network, name, lengths)), named(network.layouts[name]))
    run.forward()
    return run.laid


@dataclass
class _Run:
    network: Network
    torch: Any
    lengths: Lengths
    whole: dict[str, Tensor] = field(default_factory=dict)
    times: dict[str, dict[int, Tensor]] = field(default_factory=dict)
    """Of what loops make: time -> its tensor."""

    def forward(self) -> None:
        for step in self.network.steps:
            if isinstance(step, Loop):
                self._loop(step)
            else:
                self.whole[step.name] = self._made(step)

    def _made(self, step: Equation) -> Tensor:
        """What an equation makes; a gradient of another quantity by autograd, not by its equations."""
        if step.name in self.network.gradients:
            of, by = (self.whole[name] for name in self.network.gradients[step.name])
            (data,) = self.torch.autograd.grad(of.data, by.data, create_graph=True)
            return _node(Tensor(data, by.axes))
        evaluator = TorchEvaluator(self.torch, self.lengths, self._read)
        return _node(evaluator.full(evaluator.value(step.expression), named(step.layout)))

    def _read(self, name: str, time: int | None) -> Tensor:
        return self.whole[name] if time is None or name in self.whole else self.times[name][time]

    def _loop(self, loop: Loop) -> None:
        evaluator = TorchEvaluator(self.torch, self.lengths, self._read, loop.axis)
        self.times |= {equation.name: {} for equation in loop.equations}
        order = range(self.lengths[loop.axis])
        for time in reversed(order) if loop.backwards else order:
            for equation in loop.equations:
                axes = tuple(axis for axis in named(equation.layout) if axis != loop.axis)
                value = evaluator.full(evaluator.value(equation.expression, time), axes)
                self.times[equation.name][time] = _node(value)
        for equation in loop.equations:
            self.whole[equation.name] = self._stacked(equation.name, loop.axis)

    def _stacked(self, name: str, axis: str) -> Tensor:
        slices = [self.times[name][time] for time in range(self.lengths[axis])]
        return Tensor(self.torch.stack([one.data for one in slices], -1), (*slices[0].axes, axis))

    def gradients(self, objective: Any) -> dict[str, Array]:
        """By every quantity; what a loop makes by its times, put together."""
        leaves = [
            (name, time, tensor)
            for name in self.network.layouts
            for time, tensor in (self.times.get(name) or {-1: self.whole[name]}).items()
        ]
        data = [tensor.data for _, _, tensor in leaves]
        gradients = self.torch.autograd.grad(objective, data, allow_unused=True)
        parts: dict[str, dict[int, Any]] = {name: {} for name in self.network.layouts}
        for (name, time, tensor), gradient in zip(leaves, gradients, strict=True):
            parts[name][time] = self.torch.zeros_like(tensor.data) if gradient is None else gradient
        return {name: self.array(name, self._together(name, pieces)) for name, pieces in parts.items()}

    def _together(self, name: str, pieces: Mapping[int, Any]) -> Tensor:
        if name not in self.times:
            return Tensor(pieces[-1], self.whole[name].axes)
        return Tensor(self.torch.stack([pieces[time] for time in sorted(pieces)], -1), self.whole[name].axes)

    def laid(self, name: str, tensor: Tensor | None = None) -> Any:
        """A quantity's tensor as the network lays it."""
        return (tensor or self.whole[name]).as_axes(self.network.layouts[name])

    def array(self, name: str, tensor: Tensor) -> Array:
        """The same as an array."""
        array: Array = self.laid(name, tensor).detach().numpy().copy()
        return array


def _node(tensor: Tensor) -> Tensor:
    """The tensor as one of its own, where the expression is a mere name or a constant, too."""
    data = tensor.data.clone()
    return Tensor(data if data.requires_grad else data.requires_grad_(), tensor.axes)


def _shape(network: Network, name: str, lengths: Lengths) -> list[int]:
    return [lengths[axis_of(axis)] for axis in named(network.layouts[name])]
