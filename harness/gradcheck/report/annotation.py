"""Commands of a GitHub workflow that make annotations (docs.github.com, "Workflow commands")."""

from __future__ import annotations

from gradcheck.text import muted, printable


def annotation(level: str, message: str, **properties: object) -> str:
    """`::error file=thesis.tex,line=41::…`: one line, whatever the texts hold; what is None is left out.

    `level` is error, warning or notice; properties are file, line, col and title.
    """
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value is not None)
    return f"::{level}{' ' * bool(given)}{given}::{_escaped(message)}"


def _property(value: object) -> str:
    return _escaped(str(value)).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return muted(printable(text)).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
