"""The systems to export to: one module each, called as `gradcheck export` names it, with its SYSTEM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcheck.formats.discovery import Registry

if TYPE_CHECKING:
    from gradcheck.formats.system import System

SYSTEMS: Registry[System] = Registry(__name__, __file__, "SYSTEM")
