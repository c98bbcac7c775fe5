"""The packages that are installed beside NumPy: where they lie, and what of them a submission may read."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from gradcheck.submission.records import FOREIGN

_CODE = (".py", ".so", ".pyd", ".dll", ".dylib", ".pyi")
_SPECS = (".yaml", ".yml")
_FORBIDDEN = frozenset({*FOREIGN, "gradcheck"})
"""Their folders can't be read, whatever a submission does to the import system."""
_MOST = 5000
"""Files of one package that are looked at."""
_LONGEST = 1 << 16
"""Characters of a .pth file that are read."""


@dataclass(frozen=True)
class Installed:
    """Where the harness's own Python finds packages, in its order."""

    site: tuple[str, ...] = ()
    """Folders of installed packages, such as site-packages."""
    other: tuple[str, ...] = ()
    """Folders and archives that PYTHONPATH or a .pth file names; what lies there need not be a package."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """Of editable installs that name each package: its name -> its folder or file."""
    path: tuple[str, ...] = ()
    """`site` and `other` as they follow each other in sys.path."""

    def as_data(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Installed:
        """The inverse of `as_data`."""
        return cls(tuple(data["site"]), tuple(data["other"]), dict(data["mapped"]), tuple(data["path"]))

    def readable(self) -> Iterator[str]:
        """The files and folders that a submission may read, with all that is below them."""
        for folder in self.site:
            yield from (path for name, path in _entries(folder) if name not in _FORBIDDEN)
        yield from self.loose()

    def loose(self) -> Iterator[str]:
        """Those of them that lie outside of `site`."""
        for folder in self.other:
            if os.path.isfile(folder):  # noqa: PTH113
                yield folder
            for name, path in _entries(folder):
                if name not in _FORBIDDEN:
                    yield from _code_at(path)
        for name, path in self.mapped.items():
            if name not in _FORBIDDEN:
                yield from _code_at(path)

    def forbidden(self) -> Iterator[str]:
        """The folders in `site` that a submission may not read."""
        for folder in self.site:
            paths = (os.path.join(folder, name) for name in sorted(_FORBIDDEN))  # noqa: PTH118
            yield from filter(os.path.isdir, paths)


def installed() -> Installed:
    """What this very Python was installed with, or told by PYTHONPATH.

    What a program itself has put into sys.path, the folder that it was started in or from, is no part of it.
    """
    sites = {_real(folder) for folder in (*site.getsitepackages(), site.getusersitepackages())}
    named = {_real(part) for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part}
    named |= {path for folder in sites for path in _named_by(folder)}
    known = sites | named
    path = dict.fromkeys(
        real for entry in sys.path if (real := _real(entry or ".")) in known and _exists(real)
    )
    inside = tuple(folder for folder in path if folder in sites or _is_site(folder))
    other = tuple(folder for folder in path if folder not in inside)
    return Installed(inside, other, _mapped(), tuple(path))


def _named_by(folder: str) -> Iterator[str]:
    """The folders that its .pth files name."""
    for _, path in _entries(folder):
        if path.endswith(".pth"):
            try:
                with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
                    lines = file.read(_LONGEST).splitlines()
            except OSError:
                continue
            for line in lines:
                if line.strip() and not line.startswith(("#", "import ", "import\t")):
                    yield _real(os.path.join(folder, line.strip()))  # noqa: PTH118


def _is_site(folder: str) -> bool:
    return os.path.basename(folder) in ("site-packages", "dist-packages")  # noqa: PTH119


def _exists(path: str) -> bool:
    return os.path.exists(path)  # noqa: PTH110


def _real(path: str) -> str:
    return os.path.realpath(path)


def _mapped() -> dict[str, str]:
    """What setuptools' finders of editable installs know."""
    paths: dict[str, str] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("__editable__"):
            mapping = getattr(module, "MAPPING", {})
            paths |= {top: _with_suffix(_real(path)) for top, path in mapping.items() if "." not in top}
    return paths


def _with_suffix(path: str) -> str:
    return path if os.path.isdir(path) else f"{path.removesuffix('.py')}.py"  # noqa: PTH112


def _entries(folder: str) -> list[tuple[str, str]]:
    """The name without its ending, and the path, of all that lies in the folder."""
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name.partition(".")[0], entry.path) for entry in entries)
    except OSError:
        return []


def _code_at(path: str) -> Iterator[str]:
    """A module or a package; of a package with specs in it, the code alone: they may be hidden ones."""
    if not os.path.isdir(path):  # noqa: PTH112
        if path.endswith(_CODE):
            yield path
        return
    if not _exists(os.path.join(path, "__init__.py")):  # noqa: PTH118
        return
    files = []
    for where, _, names in os.walk(path):
        files += [os.path.join(where, name) for name in names]  # noqa: PTH118
        if len(files) > _MOST:
            break
    if any(name.endswith(_SPECS) for name in files):
        yield from (name for name in files if name.endswith(_CODE))
    else:
        yield path
