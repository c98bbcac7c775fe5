"""Layouts of other systems in a folder: an export unpacked, and a Python that has what it asks for alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

_SITE = Path(np.__file__).parent.parent
_PACKAGES = (
    *("numpy", "numpy.libs", "yaml"),
    *("pydantic", "pydantic_core", "annotated_types", "typing_inspection"),
)
_MODULES = ("typing_extensions.py",)
"""What pip installs for the requirements of an export."""


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip with the rights that its files have in it."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            path = Path(opened.extract(entry, folder))
            path.chmod(entry.external_attr >> 16 & 0o777)


def bare_python(folder: Path) -> Path:
    """A virtual environment without PyTorch, or anything else that an export doesn't ask for; its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in _MODULES:
        shutil.copy(_SITE / name, site / name)
    for name in _PACKAGES:
        if (_SITE / name).exists():
            shutil.copytree(_SITE / name, site / name, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    return folder / "bin" / "python"


def run(program: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program of an export as its system does: with none of this project's own settings."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        ["bash", str(program)],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
