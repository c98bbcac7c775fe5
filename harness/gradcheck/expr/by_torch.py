"""Expressions evaluated by PyTorch, each operation by PyTorch's own function.

It shares nothing with the evaluation by NumPy: one is the other's witness. Axes are matched by `einsum` in
sums of products, and by permuted views elsewhere. All numbers are float64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from gradcheck.expr.along import SUM
from gradcheck.expr.arithmetic import MULTIPLY
from gradcheck.expr.operation import Along, Entrywise, Moving
from gradcheck.expr.structure import NEXT, PREVIOUS, is_whole_over
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Number, Size, axis_of

Read: TypeAlias = "Callable[[str, int | None], Tensor]"
"""(a quantity, a time of the loop or None) -> its tensor at that time, or the whole where there is one."""


def pytorch() -> Any:
    """PyTorch, which takes seconds to import: what is kept needs none, nor does it have to be installed."""
    import torch

    return torch


class Tensor(NamedTuple):
    """A tensor of PyTorch's, and the names of its axes."""

    data: Any
    axes: Axes

    def as_axes(self, axes: Axes) -> Any:
        """The data with its axes in this order, and of length one where it lacks them."""
        data = self.data.permute([self.axes.index(axis) for axis in axes if axis in self.axes])
        for n, axis in enumerate(axes):
            if axis not in self.axes:
                data = data.unsqueeze(n)
        return data


class TorchEvaluator(NamedTuple):
    """What an expression's value depends on, besides the quantities that `read` gives."""

    torch: Any
    lengths: Mapping[str, int]
    read: Read
    loop: str = ""
    """The axis of the loop that it stands in."""

    def value(self, e: Expr, time: int | None = None) -> Tensor:
        """The expression's value: at a time of the loop, or as a whole."""
        match e:
            case Number(value):
                return self._number(value)
            case Size(axis):
                return self._number(self.lengths[axis_of(axis)])
            case Name(text):
                return self.at(self.read(text, time), time)
            case Apply(operation) if time is not None and operation in (PREVIOUS, NEXT):
                return self._neighbour(e, time)
            case Apply() if time is not None and is_whole_over(e, self.loop):
                return self.at(self.value(e), time)
            case Apply(operation, (inner,)) if operation is SUM:
                return self._sum_of_products([self.value(f, time) for f in _factors(inner)], e.over)
            case Apply():
                return self._applied(e, [self.value(argument, time) for argument in e.arguments])

    def full(self, tensor: Tensor, axes: Axes) -> Tensor:
        """The tensor as one of exactly these axes, repeated along those that it lacks."""
        return Tensor(tensor.as_axes(axes).expand(self._shape(axes)), axes)

    def at(self, tensor: Tensor, time: int | None) -> Tensor:
        """What a whole tensor holds at a time of the loop."""
        if time is None or self.loop not in tensor.axes:
            return tensor
        rest = tuple(axis for axis in tensor.axes if axis != self.loop)
        return Tensor(tensor.data.select(tensor.axes.index(self.loop), time), rest)

    def _number(self, value: float) -> Tensor:
        return Tensor(self.torch.tensor(value, dtype=self.torch.float64), ())

    def _shape(self, axes: Axes) -> tuple[int, ...]:
        return tuple(self.lengths[axis_of(axis)] for axis in axes)

    def _neighbour(self, e: Apply, time: int) -> Tensor:
        """What stands before or after; at the first time what is said for it, and behind the last zeros."""
        if e.operation is PREVIOUS:
            if time:
                return self.value(e.arguments[0], time - 1)
            end = self.value(e.arguments[1], time)
        elif time + 1 < self.lengths[self.loop]:
            return self.value(e.arguments[0], time + 1)
        else:
            end = self._number(0)
        return self.full(end, tuple(axis for axis in e.axes if axis != self.loop))

    def _sum_of_products(self, several: Sequence[Tensor], over: Axes) -> Tensor:
        letters: dict[str, int] = {}
        for tensor in several:
            for axis in tensor.axes:
                letters.setdefault(axis, len(letters))
        rest = tuple(axis for axis in letters if axis not in over)
        operands = [part for t in several for part in (t.data, [letters[axis] for axis in t.axes])]
        return Tensor(self.torch.einsum(*operands, [letters[axis] for axis in rest]), rest)

    def _applied(self, e: Apply, known: Sequence[Tensor]) -> Tensor:
        match e.operation:
            case Entrywise(torch=function):
                axes = tuple(dict.fromkeys(axis for tensor in known for axis in tensor.axes))
                return Tensor(function(self.torch, *(tensor.as_axes(axes) for tensor in known)), axes)
            case Along() as operation:
                (over,) = e.over
                axes = (*(axis for axis in known[0].axes if axis != over), over)
                value = operation.torch(self.torch, known[0].as_axes(axes), len(axes) - 1)
                return Tensor(value, axes if operation.keeps else axes[:-1])
            case Moving() as operation:
                return self._moved(operation, e, known)
        raise TypeError(f"{e.operation.name} is no operation of PyTorch's")

    def _moved(self, operation: Moving, e: Apply, known: Sequence[Tensor]) -> Tensor:
        cores, new = operation.core([argument.axes for argument in e.arguments], e.over)
        front: dict[str, None] = {}
        for tensor, core in zip(known, cores, strict=True):
            front |= dict.fromkeys(axis for axis in tensor.axes if axis not in core)
        parts = []
        for tensor, core in zip(known, cores, strict=True):
            data = tensor.as_axes((*front, *core))
            parts.append(data.expand((*data.shape[: len(front)], *self._shape(core))))
        value = operation.torch(self.torch, self._shape(new), len(front), *parts)
        return Tensor(value, (*front, *new))


def _factors(e: Expr) -> Iterator[Expr]:
    if isinstance(e, Apply) and e.operation is MULTIPLY:
        for argument in e.arguments:
            yield from _factors(argument)
    else:
        yield e
