"""YAML text to the normalised document: plain JSON data with every default filled in."""

from __future__ import annotations

from typing import Any

from gradcheck.spec.calling import contract
from gradcheck.spec.language import Sheet
from gradcheck.spec.naming import asked, notation
from gradcheck.spec.network import network
from gradcheck.spec.notation import Notation
from gradcheck.spec.plans import plans
from gradcheck.spec.sheet import sheet
from gradcheck.spec.yaml_text import Source, load


def document(text: bytes, path: str) -> dict[str, Any]:
    """What `Spec.build` takes, from the content of the file that is shown as `path`.

    Raises SpecError with all complaints at once where the text poses no sound question.
    """
    source = load(text, path)
    read = sheet(source)
    made = None if read is None else _made(source, read)
    source.settle()
    assert made is not None
    return made


def _made(source: Source, read: Sheet) -> dict[str, Any] | None:
    joined = network(source, read)
    if joined is None:
        return None
    net, chain = joined
    cases = plans(source, read, chain)
    names = notation(source, read, chain)
    if names is None:
        return None
    spoken = Notation.build(names)
    wanted = asked(source, read, spoken, chain)
    return {
        "title": read.title,
        "notation": names,
        **net,
        "contract": contract(source, read, spoken, chain, wanted),
        "check": wanted["check"],
        "accept": wanted["accept"],
        "points": wanted["points"],
        "cases": cases,
        "tolerance": read.tolerance,
        "precision": read.precision,
        "epsilon": read.epsilon,
        "scoring": read.scoring,
        "feedback": read.feedback,
        "hidden": read.hidden,
        "reference": _reference(source, read),
    }


def _reference(source: Source, read: Sheet) -> dict[str, Any] | None:
    if read.reference is None:
        return None
    return {"path": read.reference, "line": source.places["reference",].value.line}
