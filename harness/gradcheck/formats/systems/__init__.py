"""The systems to export to: one module each, called as `gradcheck export` names it, with its SYSTEM."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gradcheck.formats.discovery import modules

if TYPE_CHECKING:
    from gradcheck.formats.system import System

NAMES = tuple(modules(__file__))
"""All of them."""


def system(name: str) -> System:
    """The system of that name."""
    found: System = import_module(f"{__name__}.{name}").SYSTEM
    return found
