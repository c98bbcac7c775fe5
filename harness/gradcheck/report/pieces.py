"""Pieces of a report in HTML. They read well without its style, too, which some hosts take away."""

from __future__ import annotations

from gradcheck.report.elements import Html, element, plain


def subtitle(title: str, tag: str) -> Html:
    """The title of a part, which JupyterLab's table of contents leaves out."""
    return element(tag, plain(title), class_="part jp-toc-ignore")


def badge(text: str, kind: str) -> Html:
    """A status in words, and in the colour of its kind."""
    return element("strong", plain(text), class_=f"status {kind}".rstrip())


def line(label: str, content: Html) -> Html:
    """A label, which may be empty, and what stands beside it; below it where there is no room."""
    tag = "strong" if label else "span"
    return element(
        "p",
        element(tag, plain(label), class_="label"),
        Html(" "),
        element("span", content, class_="text"),
        class_="line",
    )


def picture(words: str, drawn: Html, *captions: Html) -> Html:
    """A picture, and the same in words: for screen readers, and where nothing but text is left of a report.

    The style shows the figure and hides the words from the eye.
    """
    # JupyterLab's sanitizer drops a `hidden` that has no value.
    caption = [element("figcaption", *captions)] if captions else []
    parts = [element("div", drawn, class_="picture"), *caption]
    figure = element("figure", *parts, hidden="hidden", aria_hidden="true")
    return Html(element("p", plain(words), class_="unseen") + figure)
