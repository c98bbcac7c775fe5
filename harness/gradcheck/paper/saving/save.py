"""From a text to the spec of the network that it defines."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.errors import UsageError
from gradcheck.formulas.dialect import Reading, read_document
from gradcheck.formulas.document import document
from gradcheck.formulas.tree import Node
from gradcheck.paper.check import sections_of
from gradcheck.paper.declared import Declared, declared
from gradcheck.paper.question import question_of
from gradcheck.paper.saving.as_spec import as_spec
from gradcheck.paper.ways import Ways


def spec_of(text: str, source: str, *, of: str = "", wrt: str = "", shapes: str = "", where: str = "") -> str:
    """The spec of what a text defines; of a document, that of the last section that has one.

    The options are those of `check`. Raises UsageError where there is none.
    """
    opened = document(text, source)
    reading = read_document(opened)
    if not reading.can_be_judged:
        raise UsageError("--save: no formula was read: there is no network")
    question = question_of(of, wrt)[1] if of or wrt else None
    found = [*_ways(reading, question, declared(opened.readable, shapes, where))]
    reason = UsageError("--save: what was read makes no network")
    for ways in reversed(found):
        try:
            return as_spec(ways, f"Formulas of {source}")
        except UsageError as error:
            reason = error
    raise reason


def _ways(reading: Reading, question: tuple[Node, Node] | None, declarations: Declared) -> Iterator[Ways]:
    """How the text is understood, or each of its sections."""
    if question is not None or reading.dialect != "markdown":
        yield Ways(reading.claims, question, declarations)
        return
    for section in sections_of(reading, declarations):
        if isinstance(section.ways, Ways):
            yield section.ways
