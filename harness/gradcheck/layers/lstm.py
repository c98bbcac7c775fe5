"""Long short-term memory (Hochreiter and Schmidhuber, 1997; forget gate by Gers et al., 2000)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.layer import Position, Statement, layer

_GATES = {"i": "sigmoid", "f": "sigmoid", "o": "sigmoid", "g": "tanh"}


@layer
@dataclass(frozen=True)
class Lstm:
    """Gates i, f, o and g with weights of their own, the same at every time."""

    kind: ClassVar[str] = "lstm"
    about: ClassVar[str] = (
        "i, f, o = sigmoid(x_t Wx + h_{t-1} Wh + b), g = tanh(likewise), c_t = f * c_{t-1} + i * g, "
        "h_t = o * tanh(c_t), c_0 = h_0 = 0; x (times, inputs)"
    )

    units: int

    def stated(self, at: Position) -> Statement:
        """Of gate i Wxi (inputs, units), Whi (units, units), bi (units,); ValueError without times."""
        if len(at.axes) != 2:
            raise ValueError(f"lstm takes an array of times and inputs, not of shape {at.shape}")
        (T, d), (u, c, h, a, i, f, o, g) = at.axes, at.named("u c h a i f o g")
        weights = {gate: at.named(f"Wx{gate} Wh{gate} b{gate}") for gate in _GATES}
        gates = "".join(
            f"  {gate}{at.number}[t] = {_GATES[gate]}({at.source}[t] @ {Wx} + {h}[t-1] @ {Wh} + {b})\n"
            for gate, (Wx, Wh, b) in weights.items()
        )
        parameters = {
            name: axes
            for names in weights.values()
            for name, axes in zip(names, ((d, u), (u, u), (u,)), strict=True)
        }
        return Statement(
            equations=f"{h}[-1] = 0\n{c}[-1] = 0\nfor t in {T}:\n{gates}"
            f"  {c}[t] = {f}[t] * {c}[t-1] + {i}[t] * {g}[t]\n"
            f"  {h}[t] = {o}[t] * tanh({c}[t])\n"
            f"{a} = {h}",
            out=(T, u),
            sizes={u: self.units},
            parameters=parameters,
            layouts={c: ("n", T, u), h: ("n", T, u)},
            hidden=(h,),
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `lstm`, which stacks the gates' weights in the order i, f, g, o and adds up two biases."""
        Wx, Wh, b = (torch.cat([parameters[w + gate] for gate in "ifgo"], -1) for w in ("Wx", "Wh", "b"))
        zero = torch.zeros(1, len(x), self.units, dtype=x.dtype)
        weights = [Wx.T, Wh.T, b, torch.zeros_like(b)]
        return torch.lstm(x, (zero, zero), weights, True, 1, 0.0, True, False, True)[0]
