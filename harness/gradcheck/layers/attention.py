"""Scaled dot-product self-attention with one head (Vaswani et al., 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gradcheck.layers.layer import Position, Statement, layer


@layer
@dataclass(frozen=True)
class Attention:
    """Every time looks at all times, or at itself and the earlier ones where it is causal."""

    kind: ClassVar[str] = "attention"
    aliases: ClassVar[tuple[str, ...]] = ("self_attention", "multi_head_attention")
    about: ClassVar[str] = (
        "Q = x Wq, K = x Wk, V = x Wv, S = Q K.T / sqrt(units), P = softmax(S), a = P V; x (times, inputs)"
    )

    units: int
    causal: bool = False

    def stated(self, at: Position) -> Statement:
        """Wq, Wk, Wv (inputs, units); s is the axis of times that are looked at. ValueError without times."""
        if len(at.axes) != 2:
            raise ValueError(f"attention takes an array of times and inputs, not of shape {at.shape}")
        (T, d), x = at.axes, at.source
        u, s, Wq, Wk, Wv, Q, K, V, S, P, a = at.named("u s Wq Wk Wv Q K V S P a")
        hidden = f" - 1e9 * later(1, {T}, {s})" if self.causal else ""
        return Statement(
            equations=f"{Q} = {x} @ {Wq}\n"
            f"{K} = rename({x} @ {Wk}, {T}, {s})\n"
            f"{V} = rename({x} @ {Wv}, {T}, {s})\n"
            f"{S} = {Q} @ {K} / sqrt(size({u})){hidden}\n"
            f"{P} = softmax({S}, {s})\n"
            f"{a} = {P} @ {V}",
            out=(T, u),
            sizes={u: self.units, s: at.lengths[T]},
            parameters=dict.fromkeys((Wq, Wk, Wv), (d, u)),
            layouts={P: ("n", T, s)},
        )

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """By `scaled_dot_product_attention`."""
        Q, K, V = (x @ parameters[name] for name in ("Wq", "Wk", "Wv"))
        return torch.nn.functional.scaled_dot_product_attention(Q, K, V, is_causal=self.causal)
