"""A heat map as a picture: the larger a square, the farther off; dots are right, question marks undecided."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report.elements import Html, element, plain
from gradcheck.report.heatmap import RIGHT, UNKNOWN, WRONG, HeatMap
from gradcheck.report.pieces import picture
from gradcheck.text import amount

_SIZE, _STEP = 16, 2.9
_NAMED = 6


def figure(heat_map: HeatMap, symbol: str, of_case: str = "") -> Html:
    """The picture with its legend, and which case it is of; in words for those who don't see it."""
    high, wide = heat_map.levels.shape
    size = {"width": str(wide * _SIZE), "height": str(high * _SIZE)}
    size |= {"style": f"width:{wide * _SIZE}px", "viewBox": f"0 0 {wide * _SIZE} {high * _SIZE}"}
    drawn = element("svg", *_marks(heat_map), class_="map", **size)
    where = "; ".join([words(heat_map), *heat_map.layout])
    caption = "; ".join([*_legend(heat_map), *heat_map.layout, *([of_case] if of_case else [])])
    return picture(f"Where {symbol} is wrong: {where}.", drawn, plain(caption))


def _legend(heat_map: HeatMap) -> Iterator[str]:
    """What the marks mean that occur."""
    levels = set(heat_map.levels.flat)
    if max(levels) >= WRONG:
        how = "a square is wrong, the larger the farther off" if heat_map.largest else "a square is wrong"
        yield f"{how}: {heat_map.worst}" if heat_map.worst else how
    if RIGHT in levels:
        yield "a dot is right"
    if UNKNOWN in levels:
        yield "of ? nobody can tell"


def _marks(heat_map: HeatMap) -> Iterator[Html]:
    high, wide = heat_map.levels.shape
    grid = "".join(f"M0 {y * _SIZE}h{wide * _SIZE}" for y in range(high + 1))
    grid += "".join(f"M{x * _SIZE} 0v{high * _SIZE}" for x in range(wide + 1))
    yield element("path", d=grid, class_="grid")
    by_level: dict[int, list[tuple[int, int]]] = {}
    for row, levels in enumerate(heat_map.levels.tolist()):
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


def words(heat_map: HeatMap) -> str:
    """Where the wrong marks are: whole rows and columns, then single places, all counted from 1.

    Of marks that stand for several entries each only how many there are.
    """
    wrong = heat_map.levels >= WRONG
    if wrong.all():
        return "everywhere"
    if not wrong.any():
        return "nowhere"
    if heat_map.block != (1, 1):
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
