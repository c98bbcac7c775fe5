"""A folder of modules, one an entry: their names are known without importing any of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TypeVar

_Entry = TypeVar("_Entry")


class Registry(Mapping[str, _Entry]):
    """The entries of a package by name; a module is imported when its entry is asked for.

    An entry is what a module beside the package's `__init__.py` calls `constant`. Its name is the module's,
    with a dash for an underscore. Names are in alphabetical order, but for those that come `first`.
    """

    def __init__(
        self, package: str, package_file: str, constant: str, *, first: tuple[str, ...] = ()
    ) -> None:
        self._package, self._constant = package, constant
        names = [module.replace("_", "-") for module in _modules(package_file)]
        self._names = tuple(sorted(names, key=lambda name: (*(name != one for one in first), name)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> _Entry:
        if name not in self._names:
            raise KeyError(name)
        module = import_module(f"{self._package}.{name.replace('-', '_')}")
        entry: _Entry = getattr(module, self._constant)
        return entry


def _modules(package_file: str) -> Iterator[str]:
    files = os.listdir(os.path.dirname(package_file))  # noqa: PTH120, PTH208 (every start of the command)
    return (file.removesuffix(".py") for file in files if file.endswith(".py") and not file.startswith("_"))
