"""Tensors of PyTorch and arrays of JAX, where the code under check has imported either.

Neither is imported here. Every array of theirs is read as one of NumPy, handed back as one of theirs, and
a function of theirs that comes without a gradient has the one that its framework derives: so a custom
backward pass, `torch.autograd.Function` or `jax.custom_vjp`, is checked as it stands.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import numpy as np

from gradcheck.arrays import Array

WhereValues = Callable[[Mapping[str, Any]], Any]
"""The value of a function with some of its arguments' arrays replaced, by name."""


class NoBackwardError(Exception):
    """The framework has no way back from a value to what it was computed from."""


class Framework:
    """One framework, present where its module is."""

    name: str

    def owns(self, value: object) -> bool:
        """Whether the value is an array of this framework."""
        raise NotImplementedError

    def array(self, value: Any) -> Any:
        """The value as NumPy's: of its own dtype, or the nearest that NumPy has."""
        raise NotImplementedError

    def native(self, array: Array, like: Any = None) -> Any:
        """A NumPy array as one of this framework, on the device where `like` lies, if it is given."""
        raise NotImplementedError

    def vjp(self, f: WhereValues, at: Mapping[str, Array], upstream: Array) -> dict[str, Any]:
        """Σ upstream · ∂f/∂x for each x of `at`, None for one that it passes nothing to.

        As the framework derives it. Raises NoBackwardError, and what f does.
        """
        raise NotImplementedError


class _Torch(Framework):
    name = "torch"

    def owns(self, value: object) -> bool:
        torch = sys.modules.get("torch")
        return torch is not None and isinstance(value, torch.Tensor)

    def array(self, value: Any) -> Any:
        torch = sys.modules["torch"]
        plain = value.detach().cpu().resolve_conj().resolve_neg()
        plain = plain.to_dense() if plain.layout != torch.strided else plain
        return plain.float().numpy() if plain.dtype == torch.bfloat16 else plain.numpy()

    def native(self, array: Array, like: Any = None) -> Any:
        tensor = sys.modules["torch"].tensor(array, device=getattr(like, "device", None))
        asked = bool(getattr(like, "requires_grad", False)) and tensor.is_floating_point()
        return tensor.requires_grad_(asked)

    def vjp(self, f: WhereValues, at: Mapping[str, Array], upstream: Array) -> dict[str, Any]:
        torch = sys.modules["torch"]
        tensors = {name: torch.tensor(x, requires_grad=True) for name, x in at.items()}
        with torch.enable_grad():
            value = f(tensors)
            if not value.requires_grad:
                raise NoBackwardError
            up = torch.as_tensor(upstream, dtype=value.dtype, device=value.device).reshape(value.shape)
            gradients = torch.autograd.grad(value, list(tensors.values()), up, allow_unused=True)
        return dict(zip(tensors, gradients, strict=True))


class _Jax(Framework):
    name = "jax"

    def owns(self, value: object) -> bool:
        jax = sys.modules.get("jax")
        if jax is None or not isinstance(value, getattr(jax, "Array", ())):
            return False
        # Keys of random numbers are arrays of nothing that NumPy knows.
        return not jax.dtypes.issubdtype(getattr(value, "dtype", None), jax.dtypes.prng_key)

    def array(self, value: Any) -> Any:
        array = np.asarray(value)
        return array if array.dtype.kind != "V" else array.astype(np.float32)

    def native(self, array: Array, like: Any = None) -> Any:
        return sys.modules["jax"].numpy.asarray(array)

    def vjp(self, f: WhereValues, at: Mapping[str, Array], upstream: Array) -> dict[str, Any]:
        jax = sys.modules["jax"]

        def values(*arrays: Any) -> Any:
            return f(dict(zip(at, arrays, strict=True)))

        value, back = jax.vjp(values, *map(jax.numpy.asarray, at.values()))
        gradients = back(jax.numpy.asarray(upstream, value.dtype).reshape(value.shape))
        return dict(zip(at, gradients, strict=True))


FRAMEWORKS: tuple[Framework, ...] = (_Torch(), _Jax())


def framework_of(value: object) -> Framework | None:
    """The framework whose array the value is."""
    # Anything of NumPy or Python is told by its type, at no cost.
    if type(value).__module__ in ("numpy", "builtins"):
        return None
    return next((framework for framework in FRAMEWORKS if framework.owns(value)), None)


def in_framework(name: str, value: Any) -> Any:
    """An array as one of the framework of that name. Raises ValueError where nobody has imported that."""
    if name not in sys.modules:
        raise ValueError(f"{name} is not imported by the file")
    with precise():
        return next(one.native(np.asarray(value), None) for one in FRAMEWORKS if one.name == name)


def plain(value: Any) -> Any:
    """The value with NumPy's arrays in place of a framework's, in lists and tuples, too; Pandas' likewise."""
    if type(value) in (list, tuple) and ("torch" in sys.modules or "jax" in sys.modules):
        return type(value)(plain(part) for part in value)
    framework = framework_of(value)
    if framework is not None:
        return framework.array(value)
    return value.to_numpy() if is_pandas(value) else value


def is_pandas(value: object) -> bool:
    """Whether the value is a table or a column of Pandas."""
    return type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "to_numpy")


def like(template: Any, array: Array) -> Any:
    """A copy of the array, of the kind that `template` is; a number where it has no axes."""
    framework = framework_of(template)
    return np.array(array)[()] if framework is None else framework.native(array, template)


def precise() -> contextlib.AbstractContextManager[Any]:
    """Let JAX, where it is imported, compute in double precision meanwhile."""
    jax = sys.modules.get("jax")
    if jax is None or not hasattr(jax, "numpy"):
        return contextlib.nullcontext()
    enable = getattr(jax, "enable_x64", None)
    if not callable(enable):
        enable = jax.experimental.enable_x64
    context: contextlib.AbstractContextManager[Any] = enable(True)
    return context


def as_function(f: Callable[..., Any]) -> Callable[..., Any]:
    """f; of a `torch.autograd.Function`, the function that applies it, which takes NumPy's arrays, too."""
    torch = sys.modules.get("torch")
    kind = f if isinstance(f, type) else getattr(f, "__self__", None)
    if torch is None or not isinstance(kind, type) or not issubclass(kind, torch.autograd.Function):
        return f

    @wraps(kind.forward)  # type: ignore[attr-defined]
    def apply(*arguments: Any) -> Any:
        return kind.apply(*(_as_tensor(torch, a) for a in arguments))  # type: ignore[attr-defined]

    apply.__name__ = kind.__name__
    parameters = list(inspect.signature(kind.forward).parameters.values())  # type: ignore[attr-defined]
    own_context = kind.setup_context is torch.autograd.Function.setup_context  # type: ignore[attr-defined]
    apply.__signature__ = inspect.Signature(parameters[1:] if own_context else parameters)  # type: ignore[attr-defined]
    return apply


def _as_tensor(torch: Any, value: Any) -> Any:
    real = isinstance(value, (np.ndarray, np.floating))
    return torch.as_tensor(np.asarray(value)) if real else value
