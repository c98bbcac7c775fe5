"""Square windows that slide over the height and the width of channels."""

from __future__ import annotations

from gradcheck.layers.layer import Position


def slid(at: Position, kind: str, size: int, stride: int, padding: int = 0) -> tuple[str, dict[str, int]]:
    """The expression of the windows, and the axes that they bring: p, q of windows, i, j of places in one.

    Raises ValueError where no window fits. For the sizes see Dumoulin and Visin, "A guide to convolution
    arithmetic" (2016).
    """
    if len(at.axes) != 3:
        raise ValueError(f"{kind} takes an array of channels, height and width, not of shape {at.shape}")
    rows, columns = (1 + (n + 2 * padding - size) // stride for n in at.shape[1:])
    if min(rows, columns) < 1:
        raise ValueError(
            f"a window of {size} does not fit into {at.shape[1]} x {at.shape[2]} with padding {padding}"
        )
    (_, h, w), (p, q, i, j) = at.axes, at.named("p q i j")
    inner = f"windows({at.source}, {h}, {p}, {i}, {stride}, {padding})"
    windows = f"windows({inner}, {w}, {q}, {j}, {stride}, {padding})"
    return windows, {p: rows, q: columns, i: size, j: size}
