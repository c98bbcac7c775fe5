"""What lies in a folder of modules, one a format or a system, without importing any of them."""

from __future__ import annotations

import os


def modules(package_file: str) -> list[str]:
    """The names of the modules beside a package's `__init__.py`, sorted."""
    files = os.listdir(os.path.dirname(package_file))  # noqa: PTH120, PTH208 (every start of the command)
    return sorted(
        file.removesuffix(".py") for file in files if file.endswith(".py") and not file.startswith("_")
    )
