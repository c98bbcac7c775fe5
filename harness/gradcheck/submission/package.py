"""A submission's folder as a package, for relative imports such as `from .helpers import sigmoid`."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from types import ModuleType

PACKAGE = "handed_in"
"""What the package is called: nobody imports it by name."""


class _FolderFinder:
    """Finds the package; what lies in it is found by Python itself."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Where the package lies; its __init__.py, where there is one, runs when it is asked for."""
        del path, target
        if name != PACKAGE:
            return None
        init = os.path.join(self._folder, "__init__.py")  # noqa: PTH118
        if os.path.isfile(init):  # noqa: PTH113
            return importlib.util.spec_from_file_location(
                name, init, submodule_search_locations=[self._folder]
            )
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [self._folder]
        return spec


def make_relative(module: ModuleType, folder: str) -> None:
    """Let the module import relatively: it lies, as its `__file__` says, in the folder or below it."""
    # As texts, for the sake of time: see gradcheck.submission.paths.
    inner = os.path.dirname(os.path.normpath(str(module.__file__)))  # noqa: PTH120
    package = PACKAGE + inner.removeprefix(os.path.normpath(folder)).replace(os.sep, ".")
    module.__package__ = package
    module.__spec__ = importlib.machinery.ModuleSpec(f"{package}.{module.__name__}", None)
    sys.meta_path.append(_FolderFinder(folder))


def forget_package() -> None:
    """Undo what `make_relative` did; modules of the package that are loaded stay."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _FolderFinder)]


def is_of_package(name: str) -> bool:
    """Whether a module of that name is the package, or lies in it."""
    return name.partition(".")[0] == PACKAGE
