"""The dense layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.activation import Activation
from gradcheck.layers.layer import Position, Statement, layer


@layer
@dataclass(frozen=True)
class Dense:
    """Every unit reads every input."""

    kind: ClassVar[str] = "dense"
    aliases: ClassVar[tuple[str, ...]] = ("linear", "fully_connected", "fc", "affine")
    about: ClassVar[str] = "z = x W + b, a = g(z)"

    units: int
    activation: Activation = Activation("identity")
    bias: bool = True

    def stated(self, at: Position) -> Statement:
        """W (inputs, units), b (units,); ValueError where an example is no vector."""
        if len(at.axes) != 1:
            raise ValueError(
                f"a dense layer takes a vector an example, not an array of shape {at.shape}: "
                "put a flatten layer before it"
            )
        (d,), (u, W, b, z, a) = at.axes, at.named("u W b z a")
        bias = f" + {b}" if self.bias else ""
        return Statement(
            equations=f"{z} = {at.source} @ {W}{bias}\n{a} = {self.activation.of(z, u)}",
            out=(u,),
            sizes={u: self.units},
            parameters={W: (d, u), **({b: (u,)} if self.bias else {})},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `linear`, which keeps W as (units, inputs)."""
        z = torch.nn.functional.linear(x, parameters["W"].T, parameters.get("b"))
        return self.activation.torch(torch, z)
