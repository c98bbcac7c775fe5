"""The style of HTML reports: of fragments, wherever they are put, and of pages."""

from __future__ import annotations

import re
from pathlib import Path

from gradcheck.report.elements import Html

_ROOT = ":is(#g#g, .gradcheck)"
"""A selector that outranks those of the page around a fragment: `:is` counts as its strongest argument does,
though nothing has that id. JupyterLab and VS Code have rules of their own for tables, code and headings."""


def _style(name: str) -> Html:
    """The rules of a file beside this one, on as few characters as a page needs."""
    rules = Path(__file__).with_name(name).read_text("utf-8")
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL).replace("&", _ROOT)
    return Html(re.sub(r"\s*([{};,\n])\s*", r"\1", rules).replace("\n", "").replace("}", "}\n"))


STYLE = _style("fragment.css")
"""Of a fragment."""
PAGE = _style("page.css")
"""Of a whole page besides."""
