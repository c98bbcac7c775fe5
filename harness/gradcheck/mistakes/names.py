"""What the names in a mistake's formula stand for, at one layer of one case.

| name | stands for |
| --- | --- |
| x, y, m, share | inputs, targets, the number of examples, and how much of one counts in J: 1/m or 1 |
| z, a, W, b | this layer's; with _prev, _next, _last, _first the layer before, after, the last, the first |
| a_prev | this layer's input: x for the first |
| da, dz, dW, db | ∂J/∂ of them, as the (perhaps already wrong) pass has them; with _next, ... too |
| a, da at layer 0; dz without z | the input, ∂J/∂ it; da |
| p | the probabilities that the loss is about: a_last, or σ, softmax or exp of it |
| right | what the right rule makes |
| n_in, n_first, n_out | how many inputs this layer, how many inputs and how many outputs the network has |
| slope(z), g(z) | this layer's activation's derivative, and itself; slope_next, slope_prev, slope_last |
| w, c, lam, pull | in a penalty: the parameter, the constant before its square, λ, the derivative 2w |
| spread, gathered, overwritten, overwritten_windows | in a convolution: see `gradcheck.mistakes.windows` |
| T, total, ones, zeros, ... | functions on arrays, see FUNCTIONS |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.registry import CALLED, OVER
from gradcheck.layers.activation import Activation
from gradcheck.mistakes.placed import placed
from gradcheck.mistakes.scene import Scene

Gradients = dict[str, Array]


def _row_sum(v: Array) -> Array:
    """The array with its last axis summed, for broadcasting against it."""
    summed: Array = v.sum(-1, keepdims=True)
    return summed


def _only(v: Array, unit: int) -> Array:
    """The array with 0 everywhere but at that unit."""
    kept = np.zeros_like(v)
    kept[..., unit] = v[..., unit]
    return kept


def _through_time(da: Array, Wh: Array, slope: Array) -> Array:
    """dz_t = (da_t + dz_{t+1} Whᵀ) ⊙ slope_t, the last time first; (examples, times, units)."""
    dz, later = np.zeros_like(da), np.zeros_like(da[:, 0])
    for t in reversed(range(da.shape[1])):
        dz[:, t] = (da[:, t] + later) * slope[:, t]
        later = dz[:, t] @ Wh.T
    return dz


FUNCTIONS: dict[str, Any] = {
    "__builtins__": {},
    **{name: operation.value for name, operation in CALLED.items()},
    "T": lambda v: v.swapaxes(-1, -2),
    "total": lambda v: v.sum(0),
    "row_sum": _row_sum,
    "first_unit": lambda v: _only(v, 0),
    "last_unit": lambda v: _only(v, -1),
    "but_last_unit": lambda v: v[..., :-1],
    "diagonal": np.diagonal,
    "first_example": lambda v: v[0],
    "last_example": lambda v: v[-1],
    "bias_first": lambda b, W: np.vstack([b, W]),
    "whole": lambda v: v.sum() * np.ones_like(v),
    "ones": np.ones_like,
    "zeros": np.zeros_like,
    "positive": lambda v: (v > 0).astype(v.dtype),
    "max0": CALLED["relu"].value,
    "sigma": CALLED["sigmoid"].value,
    "softmax": lambda v: OVER["softmax"].value(v, -1),
    "reordered": lambda v: v.ravel(order="F").reshape(v.shape),
    "rotated": lambda W: W[..., ::-1, ::-1],
    "swapped": lambda W: W.swapaxes(0, 1),
    "first_channel": lambda W: np.broadcast_to(W[:, :1], W.shape),
    "all_but_last_axis": lambda v: v.sum(tuple(range(v.ndim - 1))),
    "places": lambda v: v[0, 0].size,
    "columns_first": lambda v: np.stack([e.ravel().reshape(e.shape, order="F") for e in v]),
    "first_time": lambda v: v[:, 0],
    "through_time": _through_time,
}

_OF_WINDOWS = ("spread", "gathered", "overwritten", "overwritten_windows")


class Names(Mapping[str, Any]):
    """The names at one layer, looked up when a formula asks; KeyError for what there is not."""

    def __init__(
        self, scene: Scene, gradients: Gradients, layer: int, right: Any, more: Mapping[str, Any]
    ) -> None:
        self._scene = scene
        self._gradients = gradients
        self._layer = layer
        self._more = {"right": right, **more}

    def __getitem__(self, name: str) -> Any:
        if name in self._more:
            return self._more[name]
        if name in self._scene.plain:
            return self._scene.plain[name]
        if name == "p":
            return self._scene.probabilities
        if name in _OF_WINDOWS:
            return getattr(self._scene.windows[self._layer], name)
        return self._of_a_layer(name)

    def _of_a_layer(self, name: str) -> Any:
        """What there is once for each layer, at the one that the name's ending means."""
        letter, layer = placed(name, self._layer, len(self._scene.chain.layers))
        if letter in ("slope", "g"):
            return _function(letter, self._scene.activations[layer])
        if letter == "a" and name == "a_prev":
            return self._scene.values[self._scene.sources[self._layer]]
        if letter == "n_in":
            return self._scene.values[self._scene.sources[layer]].shape[-1]
        if letter == "dz" and f"z{layer}" not in self._scene.values:
            letter = "da"
        if letter == "da" and layer == 0:
            return self._gradients["dx"]
        if letter.startswith("d"):
            return self._gradients[f"{letter}{layer}"]
        return self._scene.values[f"{letter}{layer}"]

    def __iter__(self) -> Iterator[str]:
        return iter(self._more)

    def __len__(self) -> int:
        return len(self._more)


def _function(letter: str, g: Activation) -> Callable[[Array], Array]:
    if letter == "g":
        return g.value
    if g.slope is None:
        raise KeyError("a softmax has no slope of each unit alone")
    slope = g.slope
    return lambda v: slope(v, g.value(v))
