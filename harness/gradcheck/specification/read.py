"""A spec's file to a Spec."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from gradcheck.specification import equations, layered
from gradcheck.specification.calling import contract, parsed_run
from gradcheck.specification.content import content
from gradcheck.specification.graph import graph
from gradcheck.specification.language import Sheet
from gradcheck.specification.network_language import Equations
from gradcheck.specification.records import NOT_ON_PAPER, Reference, Spec
from gradcheck.specification.sheet import sheet
from gradcheck.specification.yaml_text import Source, load


def read(path: Path) -> Spec:
    """The spec in the file; SpecError with all complaints where there is none."""
    return parse(content(path), str(path))


def parse(raw: bytes, path: str) -> Spec:
    """The spec in the content of the file that is shown as `path`; SpecError with all complaints."""
    source = load(raw, path)
    written = sheet(source)
    spec = None if written is None else _spec(source, written, sha256(raw).hexdigest())
    source.settle()
    assert spec is not None
    return spec


def _spec(source: Source, written: Sheet, text_hash: str) -> Spec | None:
    stated = equations if isinstance(written.network, Equations) else layered
    question = stated.question(source, written)
    if question is None:
        parsed_run(source, written)
        return None
    if written.submission.formula and question.network["model"] is not None:
        source.complain(("submission", "formula"), NOT_ON_PAPER, "leave it out")
    asked = question.asked
    spec = Spec(
        title=written.title,
        path=source.path,
        text_hash=text_hash,
        notation=question.notation,
        labels=question.labels,
        network=question.network,
        contract=contract(source, written, question.variables, asked.given),
        check=asked.check,
        accept=asked.accept,
        points=asked.points,
        cases=question.cases,
        tolerance=written.tolerance,
        precision=written.precision,
        epsilon=written.epsilon,
        scoring=written.scoring,
        feedback=written.feedback,
        hidden=written.hidden,
        visibility=written.visibility,
        reference=_reference(source, written),
    )
    return spec if source.complaints else replace(spec, graph=graph(spec))


def _reference(source: Source, written: Sheet) -> Reference | None:
    if written.reference is None:
        return None
    return Reference(path=written.reference, line=source.places["reference",].value.line)
