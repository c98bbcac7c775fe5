"""The activation of a layer: a function of z, chosen by name and options.

Every operation that declares its range can be one; a few more names stand for expressions of z.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import gradient, kinks
from gradcheck.expr.along import ALONG
from gradcheck.expr.by_torch import Tensor, TorchEvaluator
from gradcheck.expr.formula import AXES, formula
from gradcheck.expr.functions import BY_NAME
from gradcheck.expr.operation import REAL, Along, Entrywise, Interval
from gradcheck.expr.registry import CALLED
from gradcheck.expr.tree import ONE, Expr, Name
from gradcheck.network.compiled import ROWS, filled, read_rows

_WORD = re.compile(r"\b(z|axis)\b")

_ALL: tuple[Entrywise | Along, ...] = (*BY_NAME.values(), *ALONG)
NAMED = {operation.name: operation for operation in _ALL if operation.range is not None}
"""Activations that are an operation."""


def _options() -> dict[str, Mapping[str, tuple[Any, Any]]]:
    options: dict[str, Mapping[str, tuple[Any, Any]]] = {
        name: {key: (float, default) for key, default in zip(one.options, one.defaults, strict=True)}
        if isinstance(one, Entrywise)
        else {}
        for name, one in NAMED.items()
        if name not in ("sin", "gelu_tanh")
    }
    others = {"identity": {}, "sine": {}, "gelu": {"approximate": (Literal["none", "tanh"], "none")}}
    return {**options, **others, "custom": {"formula": (str, ...)}}


OPTIONS = _options()
"""Name in a spec -> its options, each with its type and its default, ... where it has none."""

ALIASES = [
    *((alias, name) for name, one in NAMED.items() if isinstance(one, Entrywise) for alias in one.aliases),
    ("linear", "identity"),
]
"""(what others call an activation, its name)."""

_A = Name("a", ROWS)
_HAIR, _SMOOTH = 1e-9, 1e-6


@dataclass(frozen=True)
class Activation:
    """G of a = g(z)."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Refuse a formula that can't be read (ExprError) and options outside the function's domain.

        Raises ValueError, naming the option and its value.
        """
        if self.name == "custom":
            formula(self.options["formula"], "z")
        if (approximate := self.options.get("approximate", "none")) not in ("none", "tanh"):
            raise ValueError(f'approximate must be "none" or "tanh", not {approximate!r}')
        domains = getattr(self.operation, "domain", ())[1:]
        for (name, value), (low, high) in zip(self._numbers.items(), (*domains, REAL), strict=False):
            if not (isinstance(value, int | float) and math.isfinite(value)):
                raise ValueError(f"{name} must be a finite number, not {value!r}")
            if not low < value < high:
                raise ValueError(f"{name} must be above {low:g}, not {value!r}")

    @cached_property
    def operation(self) -> Entrywise | Along | None:
        """The operation that it is; None where it is an expression of several."""
        if self.name == "gelu" and self.options.get("approximate") == "tanh":
            return CALLED["gelu_tanh"]
        return CALLED["sin"] if self.name == "sine" else NAMED.get(self.name)

    def of(self, z: str, axis: str) -> str:
        """The expression of a in the plain dialect; `axis` is that of the units."""
        words = {"z": z, "axis": axis}
        return _WORD.sub(lambda word: words[word[1]], self.formula)

    @property
    def formula(self) -> str:
        """The expression of z, with `axis` for the axis of the units."""
        if self.operation is None:
            return f"({self.options['formula']})" if self.name == "custom" else "z"
        arguments = ["z", *map(repr, self._numbers.values())]
        return f"{self.operation.name}({', '.join([*arguments, *['axis'] * self.coupled])})"

    @cached_property
    def value(self) -> Callable[[Array], Array]:
        """z -> a, both (..., units)."""
        return self._function(self._expression, "z")

    @cached_property
    def derivative(self) -> Callable[[Array, Array], Array] | None:
        """(z, a) -> ∂a/∂z, all (..., units); None where units are coupled."""
        return None if self.coupled else self._function(gradient(self._expression, "z", _A, ONE), "z", "a")

    @cached_property
    def kinks(self) -> tuple[float, ...]:
        """The z at which g has no derivative; of a formula they are not known."""
        if not isinstance(self.operation, Entrywise):
            return ()
        assert self.derivative is not None
        zero = np.zeros(())
        at = [-float(filled(kink, "z")(zero)) + 0.0 for kink in kinks(self._expression)]  # each is z - c
        beside = np.add.outer(at, (-_HAIR, _HAIR))
        left, right = self.derivative(beside, self.value(beside)).T
        return tuple(z for z, bend in zip(at, np.abs(right - left), strict=True) if bend > _SMOOTH)

    @property
    def coupled(self) -> bool:
        """Whether each unit depends on the z of all."""
        return isinstance(self.operation, Along)

    @property
    def distribution(self) -> bool:
        """Whether the units of one example are positive and add up to 1."""
        return isinstance(self.operation, Along) and self.operation.distribution

    @property
    def range(self) -> Interval:
        """The open interval that holds every a: what a loss may rely on."""
        if self.operation is None or self.operation.range is None:
            return REAL
        return self.operation.range(*self._numbers.values())

    def torch(self, torch: Any, z: Any) -> Any:
        """The value by PyTorch's own function; of a formula by those of its operations."""
        if isinstance(self.operation, Along):
            return self.operation.torch(torch, z, -1)
        if self.operation is not None:
            numbers = [torch.tensor(x, dtype=z.dtype) for x in self._numbers.values()]
            return self.operation.torch(torch, z, *numbers)
        return self._evaluated(torch, z) if self.name == "custom" else z

    def _evaluated(self, torch: Any, z: Any) -> Any:
        evaluator = TorchEvaluator(torch, {"u": z.numel()}, lambda name, time: Tensor(z.flatten(), AXES))
        value = evaluator.value(formula(self.options["formula"], "z"))
        return evaluator.full(value, AXES).data.reshape(z.shape)

    def _function(self, expression: Expr, *names: str) -> Callable[..., Array]:
        """The compiled expression; outside a formula's domain it is NaN or infinite, silently."""
        function = filled(expression, *names)
        return np.errstate(all="ignore")(function) if self.name == "custom" else function

    @cached_property
    def _expression(self) -> Expr:
        return read_rows(self.of("z", "k"), "z")

    @property
    def _numbers(self) -> dict[str, Any]:
        defaults = {}
        if isinstance(self.operation, Entrywise):
            defaults = dict(zip(self.operation.options, self.operation.defaults, strict=True))
        return {name: self.options.get(name, default) for name, default in defaults.items()}


def _chosen(name: str, **options: Any) -> Activation:
    return Activation(name, options)


ACTIVATIONS: Mapping[str, Callable[..., Activation]] = {name: partial(_chosen, name) for name in OPTIONS}
"""Name in a spec -> what makes the activation, from its options by keyword."""
