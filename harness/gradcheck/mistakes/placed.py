"""The names in a mistake's formula taken apart: a letter, and the layer that it speaks of."""

from __future__ import annotations

import re

_PLACED = re.compile(r"([A-Za-z]+)(?:_(prev|next|last|first|mirror)|([0-9]+))?")


def placed(name: str, layer: int, last: int) -> tuple[str, int]:
    """W_next at layer 2 is W of layer 3, z1 is z of layer 1; what is no such name stays whole."""
    found = _PLACED.fullmatch(name)
    if found is None:
        return name, layer
    letter, ending, number = found.groups()
    layers = {"prev": layer - 1, "next": layer + 1, "last": last, "first": 1, "mirror": last + 1 - layer}
    return letter, int(number) if number else layers.get(ending, layer)
