"""What takes the loss's place where an exercise has none."""

from __future__ import annotations

from gradcheck.losses.loss import Loss, loss


@loss()
def none_() -> Loss:
    """ℓ = Σ a: the outputs themselves are differentiated, and y is not looked at."""
    return Loss(
        name="none",
        equation="sum(a, k)",
        definition="sum a",
        torch=lambda torch, a, y: a.sum(-1),
        targets="none",
    )


@loss()
def upstream() -> Loss:
    """ℓ = Σ y a, so that ∂ℓ/∂a is the y that the exercise gives."""
    return Loss(
        name="upstream",
        equation="sum(y * a, k)",
        definition="sum dout a",
        torch=lambda torch, a, y: torch.linalg.vecdot(y, a),
        targets="upstream",
    )
