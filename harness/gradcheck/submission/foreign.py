"""Modules that derive gradients by themselves: noticed where a submission imports them, or kept out."""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

from gradcheck.submission.records import FOREIGN


class Doorkeeper:
    """Stands before all other finders of modules."""

    def __init__(self, *, keeps_out: bool) -> None:
        self._keeps_out = keeps_out
        self._asked: dict[str, None] = {}

    def stand(self) -> None:
        """Be asked from now on."""
        sys.meta_path.insert(0, self)

    def take(self) -> tuple[str, ...]:
        """The modules of FOREIGN that were asked for since the last time."""
        asked = tuple(self._asked)
        self._asked.clear()
        return asked

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Say where a module is: never; an ImportError keeps it out.

        A submission's own file may have any of these names: its folder comes first in sys.path.
        """
        del target
        if path is not None or name not in FOREIGN or _is_module_of_submission(name):
            return None
        self._asked[name] = None
        if self._keeps_out:
            raise ImportError(
                f"{name} computes gradients by itself: blocked here; derive the gradient by hand",
                name=name,
            )
        return None


def _is_module_of_submission(name: str) -> bool:
    return importlib.machinery.PathFinder.find_spec(name, sys.path[:1]) is not None
