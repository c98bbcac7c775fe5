"""The formats of verdicts: one module each, called as `--format` names it, with its FORMAT."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gradcheck.formats.discovery import modules

if TYPE_CHECKING:
    from gradcheck.formats.report_format import Format

NAMES = tuple(sorted(modules(__file__), key=lambda name: (name != "text", name != "json", name)))
"""All of them: text, JSON, and the others by name."""


def report_format(name: str) -> Format:
    """The format of that name."""
    module = import_module(f"{__name__}.{name}")
    form: Format = module.FORMAT
    return form
