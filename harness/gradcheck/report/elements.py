"""What HTML is made of: elements, and text that is escaped."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import NewType

from gradcheck.text import printable

Html = NewType("Html", str)
"""Text that is escaped already."""


@lru_cache(maxsize=4096)
def _attribute(name: str, value: str) -> str:
    return f' {name.rstrip("_").replace("_", "-")}="{escape(printable(value))}"'


def plain(text: str) -> Html:
    """Text, escaped."""
    return Html(escape(printable(text)))


def element(tag: str, *children: Html, **attributes: str) -> Html:
    """An element. An attribute's name may end in an underscore to be no keyword of Python; others stand for
    hyphens, as in aria_label.
    """
    given = "".join([_attribute(*one) for one in attributes.items()]) if attributes else ""
    return Html(f"<{tag}{given}>{''.join(children)}</{tag}>")
