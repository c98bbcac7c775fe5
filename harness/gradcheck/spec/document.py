"""YAML text to the normalised document: plain JSON data with every default filled in."""

from __future__ import annotations

from typing import Any

from gradcheck.spec import equations, layered
from gradcheck.spec.calling import contract, parsed_run
from gradcheck.spec.language import Sheet
from gradcheck.spec.network_language import Equations
from gradcheck.spec.records import NOT_ON_PAPER
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
    stated = equations if isinstance(read.network, Equations) else layered
    question = stated.question(source, read)
    if question is None:
        parsed_run(source, read)
        return None
    if read.submission.formula and question.network["model"] is not None:
        source.complain(("submission", "formula"), NOT_ON_PAPER, "leave it out")
    asked = question.asked
    return {
        "title": read.title,
        "notation": question.notation,
        **question.network,
        "contract": contract(source, read, question.variables, asked["given"]),
        "check": asked["check"],
        "accept": asked["accept"],
        "points": asked["points"],
        "cases": question.cases,
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
