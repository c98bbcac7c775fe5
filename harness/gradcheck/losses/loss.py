"""What a loss is, and the table that every family's file enters itself into."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import gradient
from gradcheck.expr.tree import ONE
from gradcheck.network.compiled import by_rows, filled, read_rows

Targets = Literal["real", "binary", "one_hot", "probabilities", "signs", "counts", "upstream", "none"]
"""What y holds: any numbers; 0 or 1; one 1 an example; numbers from 0 to 1, adding up to 1 where there are
several; -1 or +1; natural numbers; the upstream gradient ∂J/∂a; nothing, for there is none."""

OUTCOMES: tuple[Targets, ...] = ("real", "binary", "one_hot", "probabilities", "signs", "counts")
"""What y may hold where there is one."""


_LETTER = re.compile(r"\b[ayk]\b")


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How a spec has y drawn, where the kind that its loss asks for is not enough."""

    kind: Targets
    classes: bool = False
    """Whether each example has one true class: y is 1 there and 0 or, with signs, -1 elsewhere."""
    every: bool = False
    """Whether the last class occurs in every case, and all classes where there are examples enough."""
    low: float | None = None
    high: float | None = None
    """The range of real numbers; None for both signs and sizes that differ."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """How a small epsilon is added to a loss, to keep its logarithms and quotients finite."""

    equation: str
    """ℓ with the constant `epsilon` in it, of the probabilities p of the outputs."""
    derivative: str | None = None
    """∂ℓ/∂p with it, where that is not the derivative of the equation."""


@dataclass(frozen=True, kw_only=True)
class Loss:
    """ℓ of one example; averaging or summing over the batch is the network's affair."""

    name: str
    equation: str
    """ℓ in the plain dialect, of the outputs a and the targets y along the axis k."""
    definition: str
    """ℓ as a textbook writes it."""
    targets: Targets
    """What y holds unless a spec says otherwise."""
    torch: Callable[[Any, Any, Any], Any] | None = None
    """(torch, a, y) -> ℓ by PyTorch's own loss, of (examples, outputs) one number an example; None where
    PyTorch has none."""
    also: tuple[Targets, ...] = ()
    """What else y may hold."""
    within: tuple[float, float] = (-math.inf, math.inf)
    """The closed interval in which y must lie."""
    sampling: Sampling | None = None
    """How a spec has y drawn; None for any y of the kind `targets`."""
    domain: tuple[float, float] = (-math.inf, math.inf)
    """The open interval in which a must lie."""
    wants_distribution: bool = False
    """Whether the outputs of one example must be positive and add up to 1."""
    probabilities: str | None = None
    """What the loss takes for probabilities, an expression of a."""
    guards: tuple[Guard, ...] = ()
    """The ways in which programs add an epsilon to it."""
    backward: str | None = None
    """∂ℓ/∂ the probabilities, where a program takes another than that of the equation."""

    @cached_property
    def value(self) -> Callable[[Array, Array], Array]:
        """(a, y) -> ℓ, from (..., examples, outputs) one number an example: (..., examples)."""
        function = by_rows(read_rows(self.equation, "a", "y"), "a", "y")
        return self._silent(lambda a, y: function(a, y)[..., 0].astype(a.dtype, copy=False))

    @cached_property
    def gradient(self) -> Callable[[Array, Array], Array]:
        """(a, y) -> ∂ℓ/∂a, of a's shape."""
        of, g = (self.probabilities, self.backward) if self.probabilities and self.backward else ("", "")
        whole = read_rows(of or self.equation, "a", "y")
        g_of = read_rows(g, "a", "y") if g else ONE
        return self._silent(filled(gradient(whole, "a", whole, g_of), "a", "y"))

    def _silent(self, function: Callable[..., Array]) -> Callable[[Array, Array], Array]:
        """Outside the domain of a formula or of a guard, NaN or infinite without a word."""
        return np.errstate(all="ignore")(function) if self.name == "custom" else function

    def guarded(self, guard: Guard, epsilon: float) -> Loss:
        """The loss with an epsilon in it."""
        words = {"p": f"({self.probabilities})", "epsilon": repr(float(epsilon))}

        def stated(text: str) -> str:
            return re.sub(r"\b(p|epsilon)\b", lambda word: words[word[1]], text)

        backward = stated(guard.derivative) if guard.derivative else None
        return replace(self, equation=stated(guard.equation), backward=backward, guards=())

    def of(self, a: str, y: str, axis: str) -> str:
        """The expression of ℓ in the plain dialect; `axis` is that of the outputs."""
        words = {"a": a, "y": y, "k": axis}
        return _LETTER.sub(lambda match: words[match[0]], self.equation)

    @property
    def compares(self) -> bool:
        """Whether it compares the outputs with targets."""
        return self.targets not in ("upstream", "none")


Factory = Callable[..., Loss]

LOSSES: dict[str, Factory] = {}
"""Name in a spec -> factory; the factory's keyword arguments are the options a spec may set."""
ALIASES: list[tuple[str, str]] = []
"""(what others call a loss, its name)."""


def loss(*aliases: str) -> Callable[[Factory], Factory]:
    """Enters a factory into the table under its function's name; `aliases` are what others call it."""

    def enter(factory: Factory) -> Factory:
        name = factory.__name__.rstrip("_")
        LOSSES[name] = factory
        ALIASES.extend((alias, name) for alias in aliases)
        return factory

    return enter


def positive(**options: float) -> None:
    """Raise ValueError where an option is no finite number above 0."""
    for name, value in options.items():
        if not math.isfinite(value):
            raise ValueError(f"{name} must be a finite number, not {value!r}")
        if value <= 0:
            raise ValueError(f"{name} must be above 0, not {value!r}")
