"""A heat map as a picture: the larger a square, the farther off; dots are right, question marks undecided."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report.elements import Html, element, plain
from gradcheck.report.heatmap import RIGHT, UNKNOWN, WRONG, HeatMap
from gradcheck.text import amount

_SIZE, _STEP = 16, 2.9
_NAMED = 6


def figure(picture: HeatMap, symbol: str) -> Html:
    """The picture with its legend; in words for those who don't see it."""
    high, wide = picture.levels.shape
    size = {"width": str(wide * _SIZE), "height": str(high * _SIZE)}
    size |= {"style": f"width:{wide * _SIZE}px", "viewBox": f"0 0 {wide * _SIZE} {high * _SIZE}"}
    label = f"Where {symbol} is wrong: {words(picture)}."
    marks = element("svg", *_marks(picture), role="img", aria_label=label, class_="map", **size)
    texts = [*_legend(picture), *picture.layout]
    return element(
        "figure",
        element("div", marks, class_="picture"),
        element("figcaption", plain("; ".join(texts))),
    )


def _legend(picture: HeatMap) -> Iterator[str]:
    """What the marks mean that occur."""
    levels = set(picture.levels.flat)
    if max(levels) >= WRONG:
        how = "a square is wrong, the larger the farther off" if picture.largest else "a square is wrong"
        yield f"{how}: {picture.worst}" if picture.worst else how
    if RIGHT in levels:
        yield "a dot is right"
    if UNKNOWN in levels:
        yield "of ? nobody can tell"


def _marks(picture: HeatMap) -> Iterator[Html]:
    high, wide = picture.levels.shape
    grid = "".join(f"M0 {y * _SIZE}h{wide * _SIZE}" for y in range(high + 1))
    grid += "".join(f"M{x * _SIZE} 0v{high * _SIZE}" for x in range(wide + 1))
    yield element("path", d=grid, class_="grid")
    by_level: dict[int, list[tuple[int, int]]] = {}
    for row, levels in enumerate(picture.levels.tolist()):
        for column, level in enumerate(levels):
            by_level.setdefault(level, []).append((column * _SIZE + _SIZE // 2, row * _SIZE + _SIZE // 2))
    for level, places in by_level.items():
        if level == UNKNOWN:
            for x, y in places:
                yield element("text", plain("?"), x=str(x), y=str(y + 5), class_="unknown")
            continue
        half = 1.0 if level == RIGHT else 1.2 + _STEP * (level - UNKNOWN) / 2
        square = f"h{2 * half:g}v{2 * half:g}h{-2 * half:g}z"
        path = "".join(f"M{x - half:g} {y - half:g}{square}" for x, y in places)
        yield element("path", d=path, class_="dots" if level == RIGHT else "squares")


def words(picture: HeatMap) -> str:
    """Where the wrong marks are: whole rows and columns, then single places, all counted from 1.

    Of marks that stand for several entries each only how many there are.
    """
    wrong = picture.levels >= WRONG
    if wrong.all():
        return "everywhere"
    if not wrong.any():
        return "nowhere"
    if picture.block != (1, 1):
        return f"{int(wrong.sum())} of {amount(wrong.size, 'mark')}"
    rows, columns = np.asarray(wrong.all(axis=1)), np.asarray(wrong.all(axis=0))
    if len(wrong) == 1:
        shown = [str(column + 1) for column in columns.nonzero()[0]]
        return f"entry {_listed(shown)} of {wrong.size}"
    rest = wrong & ~rows[:, None] & ~columns[None, :]
    shown = [
        *(f"all of row {row + 1}" for row in rows.nonzero()[0]),
        *(f"all of column {column + 1}" for column in columns.nonzero()[0]),
        *(f"row {row + 1}, column {column + 1}" for row, column in zip(*rest.nonzero(), strict=True)),
    ]
    return _listed(shown, "; ")


def _listed(shown: list[str], comma: str = ", ") -> str:
    more = [f"{len(shown) - _NAMED} more"] if len(shown) > _NAMED else []
    return comma.join([*shown[:_NAMED], *more])
