"""Texts that were read and found good, in files by syrupy: `pytest --snapshot-update` writes them anew."""

from __future__ import annotations

from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class Text(SingleFileSnapshotExtension):
    """A text as it is, and the newline that a file ends with."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    def serialize(self, data: str, **_: Any) -> str:
        """What the file holds."""
        return f"{data}\n"


class Ansi(Text):
    """A text with the codes that colour a terminal."""

    file_extension = "ansi"


class Html(Text):
    """A page, or a part of one."""

    file_extension = "html"


class Markdown(Text):
    """A document of GitHub's flavour."""

    file_extension = "md"


class Json(Text):
    """A document for programs."""

    file_extension = "json"
