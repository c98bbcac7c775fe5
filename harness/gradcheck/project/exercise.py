"""The spec of a new exercise: its network, and how students' code is called."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from gradcheck.errors import SpecError, UsageError
from gradcheck.specification import equations, layered
from gradcheck.specification.calling import Variables
from gradcheck.specification.complaint import Complaint
from gradcheck.specification.network_language import Equations
from gradcheck.specification.read import parse
from gradcheck.specification.records import Spec
from gradcheck.specification.sheet import sheet
from gradcheck.specification.yaml_text import load

REFERENCE = "../reference"
"""Where the right solution lies, from the folder of the specs."""
_WIDTH = 96
_ANY = "anything"
"""Is asked for where it is not known yet what there is."""
_REFERENCE = re.compile(r"^reference[ \t]*:.*$", re.MULTILINE)
_EDITORS = re.compile(r"^#[ \t]*yaml-language-server:.*\n", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What an instructor says of an exercise."""

    name: str
    """Of the spec's file and of the students', without their endings."""
    title: str
    function: str
    """What students write."""
    network: Sequence[str]
    """The lines below `network:`."""
    notation: str
    loss: str | None = None
    """None of a network in equations."""
    cases: Sequence[str] = ()
    """Each as a spec writes it; none for the usual ones."""


def spec_text(draft: Draft) -> str:
    """The spec, which asks for the gradient of every parameter, of a layer alone for that of its input too.

    Raises SpecError where the network makes no sense, UsageError where the function can't be called so.
    """
    variables, asked = _asked(draft)
    if draft.function in (*variables.names, *asked):
        raise UsageError(f"--function: {draft.function} is a quantity of this network; choose another name")
    lines = [
        *_head(draft),
        "submission:",
        f"  file: {draft.name}.py",
        "  run: |",
        *textwrap.indent(_call(draft.function, variables, asked), "    ").splitlines(),
        f"check: [{', '.join(asked)}]",
        *(["cases:", *(f"  - {case}" for case in draft.cases)] if draft.cases else []),
        f"reference: {REFERENCE}              # for instructors only",
    ]
    return "\n".join([*lines, ""])


def adapted(text: str, path: str) -> str:
    """A spec that there is already, with the reference where a new course has it.

    Raises SpecError where it is none, UsageError where it is written so that no line can be changed.
    """
    parse(text.encode(), path)
    line = f"reference: {REFERENCE}"
    text = _EDITORS.sub("", text)
    text = _REFERENCE.sub(line, text) if _REFERENCE.search(text) else f"{text.rstrip()}\n{line}\n"
    try:
        reference = parse(text.encode(), path).reference
    except SpecError:
        reference = None
    if reference is None or reference.path != REFERENCE:
        raise UsageError(f"{path}: the line `{line}` can't be added; write each key on a separate line")
    return text


def checked(text: str, path: str) -> Spec:
    """The spec in the text. Raises SpecError."""
    return parse(text.encode(), path)


def _head(draft: Draft) -> list[str]:
    return [
        f"title: {json.dumps(draft.title, ensure_ascii=False)}",
        f"notation: {draft.notation}",
        "network:",
        *(f"  {line}" for line in draft.network),
        *([f"loss: {draft.loss}"] if draft.loss else []),
    ]


def _asked(draft: Draft) -> tuple[Variables, list[str]]:
    """What `run` is given, and the gradients to ask for."""
    variables, complaints = _looked_up(draft, [_ANY])
    if complaints or variables is None:
        raise SpecError(complaints)
    parameters = [f"d{symbol}" for symbol in variables.parameters]
    if parameters and draft.loss != "upstream":
        return variables, parameters
    with_inputs = [*(f"d{symbol}" for symbol in variables.inputs[:1]), *parameters]
    stated, _ = _looked_up(draft, with_inputs)
    return variables, [*stated.check] if stated else parameters


def _looked_up(draft: Draft, check: Sequence[str]) -> tuple[Variables | None, list[Complaint]]:
    """The variables of the network, and what is wrong with it; what can't be checked is left out."""
    lines = [*_head(draft), f"check: [{', '.join(check)}]"]
    source = load("\n".join(lines).encode(), f"{draft.name}.yaml")
    written = sheet(source)
    if written is None:
        return None, source.complaints
    stated = equations if isinstance(written.network, Equations) else layered
    question = stated.question(source, written)
    faults = [complaint for complaint in source.complaints if complaint.line != len(lines)]
    return (question.variables if question else None), faults


def _call(function: str, variables: Variables, asked: Sequence[str]) -> str:
    """The line of `run`, or several where it is long."""
    arguments = [*variables.inputs, *variables.parameters]
    line = f"{', '.join(asked)} = {function}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return line
    filled = (textwrap.fill(f"{', '.join(names)},", _WIDTH) for names in (asked, arguments))
    left, right = (textwrap.indent(text, "    ") for text in filled)
    return f"(\n{left}\n) = {function}(\n{right}\n)"
