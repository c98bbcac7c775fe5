"""The import of installed packages, which a submission is not charged for: who watches the clock is told."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from gradcheck.submission.packages import Installed
from gradcheck.submission.paths import is_inside


class Stopwatch:
    """Notes when the import of an installed package begins and when it ends."""

    def __init__(self) -> None:
        self.tell: Callable[[bool], None] = lambda _: None
        """Told True at the beginning, False at the end."""
        self.runs = False
        """Whether an import goes on, or its beginning or end is just being told."""
        self._begun = 0.0
        self._total = 0.0
        self._taken = 0.0

    @property
    def is_free(self) -> bool:
        """Whether an import that begins now is to be noted: those inside of another are part of it."""
        return not self.runs and threading.current_thread() is threading.main_thread()

    @property
    def total(self) -> float:
        """All seconds so far, those of an import that goes on, too."""
        return self._total + (time.monotonic() - self._begun if self.runs else 0.0)

    @contextmanager
    def running(self) -> Iterator[None]:
        """One import."""
        if not self.is_free:
            yield
            return
        self._begun = time.monotonic()
        self.runs = True
        self.tell(True)
        try:
            yield
        finally:
            self.tell(False)
            self._total = self.total
            self.runs = False

    def take(self) -> float:
        """The seconds since the last time."""
        seconds, self._taken = self._total - self._taken, self._total
        return seconds


class PackageFinder:
    """Finds packages where the harness's own Python does, and has their imports noted."""

    def __init__(self, installed: Installed, stopwatch: Stopwatch) -> None:
        self._mapped = installed.mapped
        self._folders = installed.path
        self._stopwatch = stopwatch

    def stand(self) -> None:
        """Be asked from now on, and before those that find modules along sys.path."""
        sys.meta_path.insert(0, self)
        sys.path += [folder for folder in self._folders if folder not in sys.path]

    def remember_folders(self) -> None:
        """Look at what lies in the folders of sys.path now: later they may not be listed any more."""
        importlib.machinery.PathFinder.find_spec("no such module")

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module is, if it belongs to an installed package."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) or self._find_mapped(name)
        if spec is None or not isinstance(spec.loader, importlib.abc.Loader) or not spec.origin:
            return None
        mapped = self._mapped.get(name.partition(".")[0], "")
        homes = (mapped, *self._folders) if mapped else self._folders
        if spec.origin != mapped and not any(is_inside(spec.origin, home) for home in homes):
            return None
        if self._stopwatch.is_free:
            spec.loader = _Noted(spec.loader, self._stopwatch)
        return spec

    def _find_mapped(self, name: str) -> importlib.machinery.ModuleSpec | None:
        if (path := self._mapped.get(name)) is None:
            return None
        if not os.path.isdir(path):  # noqa: PTH112
            return importlib.util.spec_from_file_location(name, path)
        file = os.path.join(path, "__init__.py")  # noqa: PTH118
        return importlib.util.spec_from_file_location(name, file, submodule_search_locations=[path])


class _Noted(importlib.abc.Loader):
    """Has a module executed by its own loader, and the time noted; then the module knows its loader alone."""

    def __init__(self, loader: importlib.abc.Loader, stopwatch: Stopwatch) -> None:
        self._loader = loader
        self._stopwatch = stopwatch

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """As the loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As the loader does, with the clock stopped."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        with self._stopwatch.running():
            self._loader.exec_module(module)

    def __getattr__(self, name: str) -> Any:
        """Whatever else is asked of a loader."""
        return getattr(self._loader, name)
