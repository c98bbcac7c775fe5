"""The backward pass that PyTorch or JAX derives, by the rules that their user has written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.function import frameworks
from gradcheck.function.answers import ByValue, Fault
from gradcheck.function.arguments import Arguments, Group, groups
from gradcheck.function.gradient import Given, Gradient, Paired, Upstream
from gradcheck.function.signature import name_of
from gradcheck.function.subject import Reply, StoppedError, failures_named
from gradcheck.function.trees import leaves
from gradcheck.function.values import FLOATS, Argument


@dataclass(frozen=True)
class Derived(Gradient):
    """What PyTorch or JAX derives, by the backward passes that their user has written."""

    f: Callable[..., Any]
    arguments: Arguments
    about: Group
    framework: frameworks.Framework

    is_called = False

    @property
    def name(self) -> str:
        """As a report calls it."""
        return f"the backward pass of {name_of(self.f)}"

    def upstream(self, shape: Shape) -> Upstream:
        """Always an upstream gradient."""
        return "given"

    def at(self, arguments: Arguments) -> Gradient:
        """The same at another point."""
        return replace(self, arguments=arguments)

    def ask(self, upstream: Array | None) -> Reply:
        """The framework's answer, by the names of the values."""
        names = self.arguments.floats_of(self.about)
        at = {a.name: a.value for a in self.arguments if a.name in names}

        def value(moved: Any) -> Any:
            plain, named = self.arguments.given(lambda a: moved.get(a.name, a.fresh))
            return self.f(*plain, **named)

        with failures_named(self.arguments):
            try:
                gradients = self.framework.vjp(value, at, np.ones(()) if upstream is None else upstream)
            except frameworks.NoBackwardError:
                raise StoppedError(
                    "missing",
                    f"{name_of(self.f)} has no backward pass that {self.framework.name} knows",
                    "give its gradient: df, or --grad NAME",
                ) from None
        return Reply(ByValue({name: self._part(name, part) for name, part in gradients.items()}), frozenset())

    def _part(self, name: str, part: Any) -> Any:
        if part is not None:
            return part
        advice = "if it has none by purpose, name the others in wrt"
        return Fault("missing", f"{self.name} gives no gradient by {name}", advice)


def derived(
    f: Callable[..., Any], arguments: Arguments, wrt: Group, framework: frameworks.Framework
) -> Derived:
    """By the arguments of `wrt`, or else by those that PyTorch was asked for, or else by all arrays.

    Of Python's own numbers the frameworks keep no record.
    """
    return Derived(f, arguments, wrt or _asked(arguments) or groups(arguments)[-1], framework)


def _asked(arguments: Arguments) -> Group:
    """The arguments that PyTorch was asked to differentiate by."""

    def asked(a: Argument) -> bool:
        return a.kind in FLOATS and bool(getattr(a.fresh, "requires_grad", False))

    return tuple(p.name for p in arguments.parameters if any(map(asked, leaves(p.tree))))


def gradient_of(
    f: Callable[..., Any], df: Callable[..., Any] | None, arguments: Arguments, wrt: Group, reply: Reply
) -> Gradient:
    """What gives the gradient, from what f returned."""
    if df is not None:
        return Given(df, arguments, f, reply.answer)
    framework = None if isinstance(reply.answer, tuple) else frameworks.framework_of(reply.answer)
    if framework is None:
        return Paired(f, arguments, reply)
    return derived(f, arguments, wrt, framework)
