"""Where everything lies in a drawing of a network: boxes in four columns, and the ways between them.

A row a computed quantity: what it reads that is given, the quantity, its gradient, and the gradients of what
is given. The way forward goes down, the way back goes up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from gradcheck.text import columns

HIGH, LONGEST = 26.0, 14
"""Of a box the height, and the letters that are shown in it."""
_LETTER, _PAD, _GAP, _STEP = 8.2, 9.0, 20.0, 32.0
"""Of a letter the width; around a text the room; between rows; from a box to the next one of its row."""
_NEAR, _TRACK, _MIDDLE, _HEAD = 26.0, 13.0, 40.0, 26.0
"""Between columns the room; for ways past other rows that much more; in the middle; above the first row."""

Node: TypeAlias = Mapping[str, Any]
"""An entry of a result's `network`."""
Names: TypeAlias = Sequence[tuple[str, str]]
"""Canonical names, with symbols."""


class Box(NamedTuple):
    """A quantity in its place; x and y are its centre."""

    name: str
    symbol: str
    x: float
    y: float
    wide: float

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.x - self.wide / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.wide / 2


class Way(NamedTuple):
    """From one box to another: a path of SVG, and where its arrow points to."""

    path: str
    x: float
    y: float
    direction: str
    """up, down, left or right."""


@dataclass(frozen=True)
class Plan:
    """The drawing of these nodes."""

    nodes: Sequence[Node]
    marked: frozenset[str]
    """The quantities beside whose symbols a mark stands."""

    @cached_property
    def computed(self) -> dict[str, Node]:
        """Those that have a row, in forward order."""
        return {node["quantity"]: node for node in self.nodes if node["kind"] == "computed"}

    @cached_property
    def readers(self) -> dict[str, list[str]]:
        """Quantity -> those whose equations read it, in forward order."""
        found: dict[str, list[str]] = {}
        for name, node in self.computed.items():
            for read in node["reads"]:
                found.setdefault(read, []).append(name)
        return found

    def _given(self, row: str) -> list[Node]:
        """What is given and first read in this row."""
        there = (node for node in self.nodes if node["kind"] in ("input", "parameter"))
        return [node for node in there if self.readers.get(node["quantity"], [""])[0] == row]

    def _beside(self, row: str) -> Names:
        """The gradients of what is given, and local derivatives."""
        local = [node for node in self.nodes if node["kind"] == "local" and node["reads"][0] == row]
        return [
            *((node["gradient"], node["gradient_symbol"]) for node in self._given(row) if node["gradient"]),
            *((node["quantity"], node["symbol"]) for node in local),
        ]

    @cached_property
    def rows(self) -> dict[str, float]:
        """Row -> the y of its centre."""
        y, found = _HEAD, {}
        for row in self.computed:
            high = HIGH + _STEP * (max(len(self._given(row)), len(self._beside(row)), 1) - 1)
            found[row] = y + high / 2
            y += high + _GAP
        return found

    @cached_property
    def columns(self) -> tuple[dict[str, Box], ...]:
        """What is given, values, their gradients, and what lies beside those: canonical name -> its box."""
        computed = self.computed.items()
        room = _NEAR + _TRACK * self._tracks
        given = {row: [(n["quantity"], n["symbol"]) for n in self._given(row)] for row in self.computed}
        first = self._column(given, left=1.0, flush="right")
        values = self._column(
            {row: [(row, node["symbol"])] for row, node in computed}, left=_end(first, 1.0 - room) + room
        )
        back = {row: [(n["gradient"], n["gradient_symbol"])] for row, n in computed if n["gradient"]}
        gradients = self._column(back, left=_end(values, 0.0) + _MIDDLE)
        beside = {row: self._beside(row) for row in self.computed}
        last = self._column(beside, left=_end(gradients, _end(values, 0.0)) + room, flush="left")
        return first, values, gradients, last

    def _column(self, column: Mapping[str, Names], *, left: float, flush: str = "") -> dict[str, Box]:
        """The boxes of a column, as wide as each other or, flush with a side, as wide as their texts."""
        widths = {name: self._wide(name, symbol) for several in column.values() for name, symbol in several}
        whole = max(widths.values(), default=0.0)
        found = {}
        for row, several in column.items():
            top = self.rows[row] - _STEP * (len(several) - 1) / 2
            for number, (name, symbol) in enumerate(several):
                wide = widths[name] if flush else whole
                x = left + (whole - wide / 2 if flush == "right" else wide / 2)
                found[name] = Box(name, symbol, x, top + _STEP * number, wide)
        return found

    def _wide(self, name: str, symbol: str) -> float:
        mark = 3 if name in self.marked else 0
        return 2 * _PAD + _LETTER * (mark + min(columns(symbol), LONGEST))

    @cached_property
    def boxes(self) -> dict[str, Box]:
        """All of them."""
        return {name: box for column in self.columns for name, box in column.items()}

    @cached_property
    def _order(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.computed)}

    @property
    def _tracks(self) -> int:
        """How many ways go past other rows, side by side."""
        order = self._order
        skips = {
            abs(order[name] - order[read])
            for name, node in self.computed.items()
            for read in node["reads"]
            if read in order
        }
        return min(len(skips - {0, 1}), 3)

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        boxes = self.boxes.values()
        has_turn = any(way.direction == "left" and way.x in {b.right for b in boxes} for way in self.ways)
        wide = max(box.right for box in boxes) + (12 if has_turn else 1)
        return wide, max(box.y for box in boxes) + HIGH / 2 + 3

    @cached_property
    def ways(self) -> list[Way]:
        """Forward, and back."""
        return [*self._forward(), *self._back()]

    def _forward(self) -> Iterator[Way]:
        for name, node in self.computed.items():
            for read in node["reads"]:
                if read in self._order:
                    yield self._along(self.boxes[read], self.boxes[name], is_back=False)
                elif read in self.boxes:
                    yield _across(self.boxes[read], self.boxes[name])

    def _back(self) -> Iterator[Way]:
        """From each gradient to those that it hands something to; at the end from the value itself."""
        for node in self.nodes:
            name, gradient = node["quantity"], self.boxes.get(node["gradient"] or "")
            if gradient is None:
                continue
            for reader in self.readers.get(name, [name]):
                source = self.columns[2].get(self.computed[reader]["gradient"] or "")
                if source is None or source == gradient:
                    yield self._turn(self.boxes[reader], gradient)
                elif name in self._order:
                    yield self._along(source, gradient, is_back=True)
                else:
                    yield _across(source, gradient)

    def _along(self, start: Box, end: Box, *, is_back: bool) -> Way:
        """A way within a column, beside the rows that it passes."""
        rows = list(self.rows.values())
        passed = abs(rows.index(start.y) - rows.index(end.y)) - 1
        sign = 1 if end.y > start.y else -1
        if not passed:
            a, b = start.y + sign * HIGH / 2, end.y - sign * HIGH / 2
            return Way(f"M{start.x:.0f} {a:.0f}V{b:.0f}", end.x, b, "down" if sign > 0 else "up")
        side, reach = (start.right, 1) if is_back else (start.left, -1)
        out = side + reach * (_NEAR / 2 + _TRACK * min(passed, 3))
        # A little apart from the middle, where ways from other columns end.
        a, b = start.y + 7 * sign, end.y - 7 * sign
        curve = f"M{side:.0f} {a:.0f}C{out:.0f} {a:.0f} {out:.0f} {b:.0f} {side:.0f} {b:.0f}"
        return Way(curve, side, b, "left" if is_back else "right")

    def _turn(self, value: Box, gradient: Box) -> Way:
        """From the end of the way forward to the beginning of the way back, or to what else begins there."""
        if value.y == gradient.y and gradient.name in self.columns[2]:
            line = f"M{value.right:.0f} {value.y:.0f}H{gradient.left:.0f}"
            return Way(line, gradient.left, gradient.y, "right")
        start, below = f"M{value.right:.0f} {value.y:.0f}", gradient.y + HIGH / 2
        if gradient.name in self.columns[2]:
            x, y = gradient.x, value.y
            return Way(f"{start}H{x - 8:.0f}Q{x:.0f} {y:.0f} {x:.0f} {y - 8:.0f}V{below:.0f}", x, below, "up")
        out = max(box.right for box in self.boxes.values()) + 10
        line = f"{start}H{out:.0f}V{gradient.y:.0f}H{gradient.right:.0f}"
        return Way(line, gradient.right, gradient.y, "left")


def _across(start: Box, end: Box) -> Way:
    """A way from one column to the next."""
    a, b = start.right, end.left
    middle = (a + b) / 2
    curve = f"M{a:.0f} {start.y:.0f}C{middle:.0f} {start.y:.0f} {middle:.0f} {end.y:.0f} {b:.0f} {end.y:.0f}"
    return Way(curve, b, end.y, "right")


def _end(boxes: Mapping[str, Box], nothing: float) -> float:
    """Where the boxes end on the right."""
    return max((box.right for box in boxes.values()), default=nothing)
