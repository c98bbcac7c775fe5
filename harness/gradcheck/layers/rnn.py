"""The simple recurrent layer (Elman, 1990)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.activation import Activation
from gradcheck.layers.layer import Position, Statement, layer


@layer
@dataclass(frozen=True)
class Rnn:
    """The same weights at every time; before the first there are zeros."""

    kind: ClassVar[str] = "rnn"
    aliases: ClassVar[tuple[str, ...]] = ("recurrent", "simple_rnn", "elman")
    about: ClassVar[str] = "z_t = x_t Wx + a_{t-1} Wh + b, a_t = g(z_t), a_0 = 0; x (times, inputs)"

    units: int
    activation: Activation = Activation("tanh")
    bias: bool = True

    def stated(self, at: Position) -> Statement:
        """Wx (inputs, units), Wh (units, units), b (units,); ValueError where there are no times."""
        if len(at.axes) != 2:
            raise ValueError(f"rnn takes an array of times and inputs, not of shape {at.shape}")
        (T, d), (u, Wx, Wh, b, z, h, a) = at.axes, at.named("u Wx Wh b z h a")
        bias = f" + {b}" if self.bias else ""
        return Statement(
            equations=f"{h}[-1] = 0\n"
            f"for t in {T}:\n"
            f"  {z}[t] = {at.source}[t] @ {Wx} + {h}[t-1] @ {Wh}{bias}\n"
            f"  {h}[t] = {self.activation.of(f'{z}[t]', u)}\n"
            f"{a} = {h}",
            out=(T, u),
            sizes={u: self.units},
            parameters={Wx: (d, u), Wh: (u, u), **({b: (u,)} if self.bias else {})},
            layouts={h: ("n", T, u)},
            hidden=(h,),
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """PyTorch's recurrence takes tanh and ReLU alone, so this is a loop over its linear maps."""
        linear = torch.nn.functional.linear
        a = [torch.zeros(len(x), self.units, dtype=x.dtype)]
        for x_t in x.unbind(1):
            z = linear(x_t, parameters["Wx"].T, parameters.get("b")) + linear(a[-1], parameters["Wh"].T)
            a.append(self.activation.torch(torch, z))
        return torch.stack(a[1:], 1)
