"""A submission's folder: its modules, and itself as a package, as in `from .helpers import sigmoid`."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, ModuleType
from typing import TypeAlias

from gradcheck.submission import notebook, trace
from gradcheck.submission.bindings import Names
from gradcheck.submission.cells import compiled
from gradcheck.submission.decode import NoCodeError, decode
from gradcheck.submission.kinds import NOTEBOOK
from gradcheck.submission.paths import is_inside

PACKAGE = "handed_in"
"""What the package is called: nobody imports it by name."""
Execute: TypeAlias = Callable[[CodeType, str, Names], object]
"""Executes a file's code, of which the text comes next, among global names."""

_PART = r"^[ \t]*(?:(?:from|import)[ \t]+{0}\.|from[ \t]+{0}[ \t]+import[ \t(]+)(\w+)"
"""An import of a part of the package {0}."""
_MOST = 50
"""Files of a folder that are looked at for imports."""


class Folder:
    """A submission's folder as `import` finds it, from `stand` to `leave`."""

    def __init__(self, folder: str, file: str, execute: Execute) -> None:
        """`file` is the path of the submission's own file; `execute` executes the modules that it imports."""
        # As texts, for the sake of time: see gradcheck.submission.paths.
        self._folder = os.path.normpath(folder)
        self._beside = os.path.dirname(os.path.normpath(file))  # noqa: PTH120
        self._execute = execute
        self._packages = {PACKAGE: self._folder}

    def stand(self, module: ModuleType) -> None:
        """Be asked from now on; the submission's own `module` can import relatively."""
        sys.path[:0] = dict.fromkeys([self._beside, self._folder])
        sys.meta_path.insert(sys.meta_path.index(importlib.machinery.PathFinder), self)
        inner = self._beside.removeprefix(self._folder)
        if "." in inner:  # no name of a package
            inner, self._packages[PACKAGE] = "", self._beside
        package = PACKAGE + inner.replace(os.sep, ".")
        module.__package__ = package
        module.__spec__ = importlib.machinery.ModuleSpec(f"{package}.{module.__name__}", None)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module is: in the folder, or wherever Python itself finds it.

        What nothing else is called is the folder under the name that it had at home: `from hw1.layers import
        affine` finds `layers.py` beside the file.
        """
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) or self._notebook(name, path)
        if spec is None and path is None:
            spec = self._package(name)
        loader = spec.loader if spec else None
        if type(loader) is importlib.machinery.SourceFileLoader and is_inside(loader.path, self._folder):
            assert spec is not None
            spec.loader = _Loader(loader.name, loader.path, self._execute)
        return spec

    def _notebook(self, name: str, path: Sequence[str] | None) -> importlib.machinery.ModuleSpec | None:
        """A notebook of that name: `%run helpers.ipynb` imports it, and so do tools like import_ipynb."""
        last = name.rpartition(".")[2]
        for folder in path or dict.fromkeys([self._beside, self._folder]):
            file = os.path.join(folder, f"{last}{NOTEBOOK}")  # noqa: PTH118
            if os.path.isfile(file):  # noqa: PTH113
                loader = _Loader(name, file, self._execute)
                return importlib.util.spec_from_file_location(name, file, loader=loader)
        return None

    def holds(self, name: str) -> bool:
        """Whether a module of that name is the folder as a package, or lies in it."""
        return name.partition(".")[0] in self._packages

    def _package(self, name: str) -> importlib.machinery.ModuleSpec | None:
        """The folder as a package; its __init__.py, where there is one, runs when it is imported."""
        if name not in self._packages and self._is_alias(name):
            self._packages[name] = self._beside
        if (folder := self._packages.get(name)) is None:
            return None
        init = os.path.join(folder, "__init__.py")  # noqa: PTH118
        if os.path.isfile(init):  # noqa: PTH113
            return importlib.util.spec_from_file_location(name, init, submodule_search_locations=[folder])
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [folder]
        return spec

    def _is_alias(self, name: str) -> bool:
        """Whether files beside the submission's own import from a package of that name what lies there."""
        parts = re.compile(_PART.format(re.escape(name)), re.MULTILINE)
        there = {entry.partition(".")[0] for entry in os.listdir(self._beside)}  # noqa: PTH208
        return any(part in there for text in self._texts() for part in parts.findall(text))

    def _texts(self) -> Iterator[str]:
        """The code that lies there."""
        for entry in sorted(os.listdir(self._beside))[:_MOST]:  # noqa: PTH208
            if entry.endswith((".py", ".ipynb")):
                path = os.path.join(self._beside, entry)  # noqa: PTH118
                with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
                    yield file.read()


class _Loader(importlib.machinery.SourceFileLoader):
    """Has a module executed as the submission's own file is."""

    def __init__(self, name: str, path: str, execute: Execute) -> None:
        super().__init__(name, path)
        self._execute = execute

    def exec_module(self, module: ModuleType) -> None:
        """Execute it. Raises SyntaxError, ImportError where it can't be read, and what `execute` does."""
        try:
            text = decode(self.get_data(self.path))
            text = notebook.code(text) if self.path.endswith(NOTEBOOK) else text
        except NoCodeError as error:
            reason = f"{os.path.basename(self.path)}: {error}"  # noqa: PTH119
            raise ImportError(reason, name=module.__name__) from None
        trace.remember(self.path, text)
        program = compiled(text, self.path)
        self._execute(program.code, program.text, module.__dict__)


def forget_folders() -> Callable[[str], bool]:
    """Undo `stand`; whether a module of some name, which may be loaded, is of such a folder."""
    folders = [finder for finder in sys.meta_path if isinstance(finder, Folder)]
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Folder)]
    return lambda name: any(folder.holds(name) for folder in folders)
