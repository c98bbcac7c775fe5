"""What takes the loss's place where an exercise has none."""

from __future__ import annotations

import numpy as np

from gradcheck.maths.losses._loss import Loss, loss


@loss
def none_() -> Loss:
    """ℓ = Σ a: the outputs themselves are differentiated, and y is not looked at."""
    return Loss(
        name="none",
        formula="sum a",
        value=lambda a, y: a.sum(-1),
        slope=lambda a, y: np.ones_like(a),
        twin=lambda torch, a, y: a.sum(-1),
        targets="none",
    )


@loss
def upstream() -> Loss:
    """ℓ = Σ y a, so that ∂ℓ/∂a is the y that the exercise gives."""
    return Loss(
        name="upstream",
        formula="sum dout a",
        value=lambda a, y: (y * a).sum(-1),
        slope=lambda a, y: y * np.ones_like(a),
        twin=lambda torch, a, y: torch.linalg.vecdot(y, a),
        targets="upstream",
    )
