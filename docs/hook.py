"""MkDocs runs this while it builds the site: it adds the generated pages and mends links out of docs/."""

from __future__ import annotations

import re
from posixpath import join, normpath
from typing import Any

from mkdocs.structure.files import File, Files

from generators.pages import generated

_LINK = re.compile(r"(\]\()(\.\./[^)\s]+)(\))")


def on_files(files: Files, *, config: Any) -> Files:
    """Add the generated pages."""
    for path, content in generated():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Files) -> str:
    """Links that lead out of the documentation's folder lead to the repository."""

    def sent(link: re.Match[str]) -> str:
        path = normpath(join("docs", page.file.src_uri, "..", link[2]))
        inside = path.startswith("docs/")
        return link[0] if inside else f"{link[1]}{config.repo_url}/blob/main/{path}{link[3]}"

    return _LINK.sub(sent, markdown)
