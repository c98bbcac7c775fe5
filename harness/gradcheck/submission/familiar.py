"""Packages that the fork server loads itself, once for a whole class: well-known ones that a file names."""

from __future__ import annotations

import re
from functools import lru_cache

FAMILIAR = frozenset(
    {"scipy", "pandas", "sklearn", "sympy", "statsmodels", "networkx", "tqdm", "PIL", "h5py"}
)
"""Importing any public module of these has no other effect than to load it."""
_PARTS_LEFT_OUT = frozenset({"tests", "test", "testing", "conftest", "setup", "main"})
_MOST = 32
"""Modules that one file may have loaded."""
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w.,\t ]+))", re.MULTILINE)


@lru_cache(maxsize=4)
def familiar(source: str) -> tuple[str, ...]:
    """The modules of FAMILIAR that a Python file seems to import, with the packages that they are part of.

    Found by looking for lines: one that is not found is imported when its turn comes, one too many costs
    nothing but time.
    """
    if not any(name in source for name in FAMILIAR):
        return ()
    modules: dict[str, None] = {}
    for match in _IMPORT.finditer(source):
        for part in (match[1] or match[2]).split(","):
            name = part.split()[0] if part.split() else ""
            if _is_familiar(name):
                modules[name] = None
    return tuple(modules)[:_MOST]


def _is_familiar(name: str) -> bool:
    parts = name.split(".")
    if parts[0] not in FAMILIAR or not name.isascii():
        return False
    return all(p.isidentifier() and not p.startswith("_") and p not in _PARTS_LEFT_OUT for p in parts)
