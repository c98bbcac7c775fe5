"""MkDocs runs this while it builds the site: it adds the generated pages."""

from __future__ import annotations

from typing import Any

from mkdocs.structure.files import File, Files

from generators.pages import generated


def on_files(files: Files, *, config: Any) -> Files:
    """Add the generated pages."""
    for path, content in generated():
        files.append(File.generated(config, path, content=content))
    return files
