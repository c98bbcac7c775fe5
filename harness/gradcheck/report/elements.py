"""What fragments of HTML are made of: elements, text that is escaped, and one style."""

from __future__ import annotations

from html import escape
from typing import NewType

from gradcheck.text import printable

Html = NewType("Html", str)
"""Text that is escaped already."""

# Tints over whatever lies below and the text's own colour: readable on light and on dark pages.
STYLE = Html(
    """
.gradcheck { max-width: 60em; line-height: 1.5; overflow-wrap: anywhere; }
.gradcheck p { margin: .3em 0; }
.gradcheck section { margin: .8em 0; padding-left: .8em; border-left: 3px solid #8886; overflow-x: auto; }
.gradcheck code { font-size: inherit; }
.gradcheck header p { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 2em; }
.gradcheck .status { padding: 0 .5em; border: 1px solid; border-radius: .6em; font: bold 85% sans-serif; }
.gradcheck .right { background: rgba(46, 160, 67, .2); }
.gradcheck .wrong, .gradcheck .error { background: rgba(218, 54, 51, .25); }
.gradcheck .cannot-tell { background: rgba(210, 153, 34, .25); }
.gradcheck table { margin: .5em 0; border-collapse: collapse; color: inherit; font-size: inherit; }
.gradcheck td { font-variant-numeric: tabular-nums; }
.gradcheck caption, .gradcheck figcaption { text-align: left; font-size: 85%; color: inherit; }
.gradcheck caption { caption-side: bottom; }
.gradcheck figure { margin: .5em 0; }
.gradcheck th, .gradcheck td { padding: .1em .7em; text-align: right; white-space: nowrap; }
.gradcheck thead th { border-bottom: 1px solid; font-weight: normal; }
.gradcheck th:first-child { padding-left: 0; text-align: left; }
.gradcheck .map td { width: 1em; height: 1em; padding: 0; text-align: center; line-height: 1; }
.gradcheck .map td { border: 1px solid #8886; }
.gradcheck .map td:not(.level-0, .level-1) { color: transparent; }
.gradcheck .level-1 { background: rgba(210, 153, 34, .3); }
.gradcheck .level-2 { background: rgba(218, 54, 51, .2); }
.gradcheck .level-3 { background: rgba(218, 54, 51, .4); }
.gradcheck .level-4 { background: rgba(218, 54, 51, .6); }
.gradcheck .level-5 { background: rgba(218, 54, 51, .8); }
.gradcheck dl { display: grid; grid-template-columns: auto 1fr; gap: .3em 1em; margin: .3em 0; }
.gradcheck dt { font-weight: bold; }
.gradcheck dd { margin: 0; }
.gradcheck mark { padding: 0 .2em; color: inherit; }
.gradcheck pre { margin: .5em 0; white-space: pre-wrap; }
"""
)


def plain(text: str) -> Html:
    """Text, escaped."""
    return Html(escape(printable(text)))


def element(tag: str, *children: Html, **attributes: str) -> Html:
    """An element; an attribute's name may end in an underscore to be no keyword of Python."""
    given = "".join(f' {name.rstrip("_")}="{escape(value)}"' for name, value in attributes.items())
    return Html(f"<{tag}{given}>{''.join(children)}</{tag}>")
