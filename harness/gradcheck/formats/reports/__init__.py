"""The formats of verdicts: one module each, called as `--format` names it, with its FORMAT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcheck.formats.discovery import Registry

if TYPE_CHECKING:
    from gradcheck.formats.report_format import Format

FORMATS: Registry[Format] = Registry(__name__, __file__, "FORMAT", first=("text", "json"))
