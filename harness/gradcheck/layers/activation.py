"""The activation of a layer: a function of z, chosen by name and options.

Every operation that declares its range can be one; a few more names stand for expressions of z.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from gradcheck.expr.along import ALONG
from gradcheck.expr.by_torch import Tensor, TorchEvaluator
from gradcheck.expr.formula import AXES, formula
from gradcheck.expr.functions import FUNCTIONS
from gradcheck.expr.operation import REAL, Along, Entrywise, Interval
from gradcheck.expr.registry import CALLED

_WORD = re.compile(r"\b(z|axis)\b")

_ALL: tuple[Entrywise | Along, ...] = (*FUNCTIONS, *ALONG)
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

    @property
    def _numbers(self) -> dict[str, Any]:
        defaults = {}
        if isinstance(self.operation, Entrywise):
            defaults = dict(zip(self.operation.options, self.operation.defaults, strict=True))
        return {name: self.options.get(name, default) for name, default in defaults.items()}
