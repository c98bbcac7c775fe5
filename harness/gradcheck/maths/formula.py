"""Formulas that a spec writes down, read by a grammar of their own: nothing of Python is ever evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from gradcheck.maths._grammar import Apply, FormulaError, Node, Number, Variable, read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gradcheck.maths._arrays import Array
    from gradcheck.maths._operations import Operation

__all__ = ["Formula", "FormulaError"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Formula:
    """A function of some variables, elementwise on arrays that broadcast against each other.

    Outside a function's domain (log of a negative number) the result is NaN or infinite, silently.
    """

    text: str
    root: Node = field(repr=False)

    @classmethod
    def parse(cls, text: str, variables: frozenset[str]) -> Formula:
        """Read a formula in `variables`, such as ``1.7159*tanh(2*z/3)``.

        It may hold numbers, pi, e, + - * / ** (or ^), parentheses and the `FUNCTIONS` of `_operations`.
        Raises FormulaError for anything else, for more than 500 characters, for more than 30 levels
        of nesting, for constants that are not finite and for constant exponents beyond ±100.
        """
        return cls(text, read(text, variables))

    @property
    def variables(self) -> frozenset[str]:
        """The variables that occur in it."""
        nothing: frozenset[str] = frozenset()
        return _fold(
            self.root,
            number=lambda x: nothing,
            variable=lambda name: frozenset({name}),
            apply=lambda operation, names: nothing.union(*names),
        )

    def needing(self, variable: str) -> Formula:
        """The formula itself; raises FormulaError where `variable` does not occur in it."""
        if variable not in self.variables:
            raise FormulaError(self.text, 1, f"{variable} does not occur in it, so there is no gradient")
        return self

    def value(self, **arrays: Array) -> Array:
        """The formula at these arrays, of their common shape and dtype."""
        with np.errstate(all="ignore"):
            value = _fold(
                self.root,
                number=lambda x: x,
                variable=arrays.__getitem__,
                apply=lambda operation, x: operation.value(*x),
            )
            return _like(arrays, value)

    def derivative(self, variable: str, /, **arrays: Array) -> Array:
        """The partial derivative by `variable` at these arrays, of their common shape and dtype."""

        def apply(operation: Operation, arguments: Sequence[_Dual]) -> _Dual:
            x = [argument.value for argument in arguments]
            links = [
                partial(*x) * argument.slope
                for partial, argument in zip(operation.partials, arguments, strict=True)
                if argument.slope is not None
            ]
            return _Dual(operation.value(*x), sum(links) if links else None)

        with np.errstate(all="ignore"):
            dual = _fold(
                self.root,
                number=lambda x: _Dual(x, None),
                variable=lambda name: _Dual(arrays[name], 1 if name == variable else None),
                apply=apply,
            )
            return _like(arrays, 0 if dual.slope is None else dual.slope)

    def twin(self, torch: Any, /, **tensors: Any) -> Any:
        """The formula at these tensors by PyTorch's own functions, of their common shape."""
        value = _fold(
            self.root,
            number=lambda x: torch.tensor(x, dtype=torch.float64),
            variable=tensors.__getitem__,
            apply=lambda operation, x: operation.twin(torch, *x),
        )
        return torch.broadcast_tensors(value, *tensors.values())[0]


class _Dual(NamedTuple):
    """A value and its slope; the slope is None where the variable does not occur."""

    value: Any
    slope: Any


def _fold(
    node: Node,
    *,
    number: Callable[[float], _T],
    variable: Callable[[str], _T],
    apply: Callable[[Operation, Sequence[_T]], _T],
) -> _T:
    """One result from the leaves up."""
    match node:
        case Number(value):
            return number(value)
        case Variable(name):
            return variable(name)
        case Apply(operation, arguments):
            return apply(
                operation, [_fold(x, number=number, variable=variable, apply=apply) for x in arguments]
            )


def _like(arrays: dict[str, Array], value: Any) -> Array:
    """`value` in the common shape and dtype of the arrays."""
    shape = np.broadcast_shapes(*(x.shape for x in arrays.values()))
    return np.full(shape, value, dtype=np.result_type(*arrays.values()))
