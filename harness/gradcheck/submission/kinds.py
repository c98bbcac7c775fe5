"""What a file is by its name: `net.PY` and `net.py.txt` are Python, `lab.ipynb.json` is a notebook."""

from __future__ import annotations

from collections.abc import Iterable

PYTHON, NOTEBOOK = ".py", ".ipynb"
MADE = ("__MACOSX", "__pycache__", "node_modules")
"""Folders that programs make by themselves."""
_ADDED = (".txt", ".json", ".download")
"""What browsers and mail programs add to a file's name."""


def kind(name: str) -> str:
    """PYTHON, NOTEBOOK, or nothing."""
    plain = _without_addition(name.lower())
    return next((suffix for suffix in (PYTHON, NOTEBOOK) if plain.endswith(suffix)), "")


def stem(name: str) -> str:
    """The name without what says that it is code; any other name without its last suffix."""
    if of := kind(name):
        return name[: len(_without_addition(name.lower())) - len(of)]
    return name.rpartition(".")[0] or name


def is_left_out(name: str) -> bool:
    """Whether what is called so is no part of what was handed in: hidden, or made by a program."""
    return name.startswith(".") or name in MADE


def is_environment(names: Iterable[str]) -> bool:
    """Whether a folder with files of these names is a virtual environment of Python."""
    return "pyvenv.cfg" in names


def _without_addition(name: str) -> str:
    for added in _ADDED:
        plain = name.removesuffix(added)
        if plain != name and plain.endswith((PYTHON, NOTEBOOK)):
            return plain
    return name
