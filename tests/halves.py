"""The quick half of the tests and the slow one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def some(every: Iterable[Any], quick: int) -> list[Any]:
    """Parameters of a test: so many, evenly spread, are in the quick half, and all others in the slow one."""
    parameters = list(every)
    chosen = {n * len(parameters) // quick for n in range(quick)}
    return [one if n in chosen else _slow(one) for n, one in enumerate(parameters)]


def _slow(one: Any) -> Any:
    return pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.slow)
