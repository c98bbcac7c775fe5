"""What is printed, and written as data, of a derivation."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from gradcheck.derivation.records import Complaint, Derivation, Judged, Standing, Step
from gradcheck.report.derivation import render
from gradcheck.report.derivation_data import dumps
from gradcheck.submission.text import is_printable
from gradcheck.text import NARROWEST, chop_formula, columns
from snapshot import Ansi, Json, Text

CODES = re.compile(r"\x1b\[[\d;]*m")
TEXTS = st.text(max_size=60)
STANDINGS = st.sampled_from(Standing)
STEPS = st.builds(Step, text=TEXTS, standing=STANDINGS, message=TEXTS, help=TEXTS, column=st.integers(0, 150))
CLAIMS = st.builds(
    Judged,
    line=st.integers(1, 10_000),
    text=TEXTS,
    steps=st.lists(STEPS, max_size=4).map(tuple),
    standing=STANDINGS,
    end_right=st.booleans(),
    mistake=TEXTS,
    question=TEXTS,
    notes=st.lists(TEXTS, max_size=2).map(tuple),
    meanings=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)
COMPLAINTS = st.builds(
    Complaint,
    line=st.integers(1, 10_000),
    column=st.integers(1, 150),
    message=TEXTS,
    help=TEXTS,
    source=TEXTS,
)
DERIVATIONS = st.builds(
    Derivation,
    source=TEXTS,
    spec=TEXTS,
    of=st.just(""),
    dialect=st.just("plain"),
    claims=st.lists(CLAIMS, max_size=4).map(tuple),
    unread=st.lists(COMPLAINTS, max_size=2).map(tuple),
)

LONG = r"\frac{\partial C}{\partial w^2_{11}} = " + " + ".join([r"w^3_{11} \delta^3_1"] * 5)
SIGN = {"mistake": "It is what stands before it with the other sign.", "question": "Which way does it move?"}


def step(text: str, standing: Standing = Standing.RIGHT, **other: str | int) -> Step:
    return Step(text=text, standing=standing, **other)  # type: ignore[arg-type]


EXAMPLE = Derivation(
    source="homework.md",
    spec="specs/two_layer.yaml",
    of="",
    dialect="markdown",
    claims=(
        Judged(line=3, text="e = a^3 - y", steps=(), standing=Standing.DEFINED),
        Judged(line=4, text="l = L", steps=(), standing=Standing.UNCHECKED),
        Judged(
            line=7,
            text=LONG,
            steps=(step(LONG[:40]), step(LONG[40:]), step("C")),
            standing=Standing.RIGHT,
            meanings=(("C", "the loss"), ("w^2_{1,1}", "weights of layer 1 of 2")),
        ),
        Judged(
            line=12,
            text="a = b = c",
            steps=(
                step("a"),
                step("b"),
                step(LONG, Standing.WRONG),
                step("c + d", Standing.CANNOT_TELL, message="nobody says what d is", column=4),
                step("a"),
            ),
            standing=Standing.WRONG,
            end_right=True,
            slugs=("output-sign-flipped",),
            **SIGN,  # type: ignore[arg-type]
        ),
        Judged(
            line=105,
            text="a = b",
            steps=(step("a"), step("b", Standing.WRONG)),
            standing=Standing.WRONG,
            notes=("it fails for k = 2, and holds for other values",),
            meanings=(("C", "the loss"),),
            **SIGN,  # type: ignore[arg-type]
        ),
    ),
    unread=(Complaint(line=110, column=7, message="a bracket is not closed", help="", source="a = (b"),),
)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_report_is_the_one_that_was_read_and_found_good(width: int, snapshot: SnapshotAssertion) -> None:
    """Right claims on a line each, wrong ones step by step, each explanation once."""
    assert render(EXAMPLE, width=width) == snapshot(extension_class=Text)


def test_names_are_explained_once() -> None:
    """With what each was taken for."""
    text = render(EXAMPLE, explain=True)
    assert text.count("C: the loss") == 1
    assert "w^2_{1,1}: weights of layer 1 of 2" in text


def test_colours_are_as_they_were_looked_at(snapshot: SnapshotAssertion) -> None:
    """Green, red and yellow beside words that say the same."""
    assert render(EXAMPLE, color=True) == snapshot(extension_class=Ansi)


def test_data_is_as_it_was_read(snapshot: SnapshotAssertion) -> None:
    """All fields, without what changes with the version."""
    text = re.sub(r'"gradcheck": ".*"', '"gradcheck": "*"', dumps(EXAMPLE))
    assert text == snapshot(extension_class=Json)


@given(DERIVATIONS, st.integers(NARROWEST, 120), st.booleans())
def test_no_line_is_too_long_and_none_controls_the_terminal(
    derivation: Derivation, width: int, explain: bool
) -> None:
    """Whatever stands in a text."""
    lines = render(derivation, width=width, explain=explain).split("\n")
    assert all(all(map(is_printable, line)) for line in lines)
    assert max(map(columns, lines)) <= width


@given(DERIVATIONS)
def test_colour_changes_nothing_but_colour(derivation: Derivation) -> None:
    """Without its codes, the coloured text is the plain one."""
    assert CODES.sub("", render(derivation, color=True)) == render(derivation)


@given(DERIVATIONS)
def test_data_controls_no_terminal(derivation: Derivation) -> None:
    """JSON escapes but a few of the characters that do."""
    data = dumps(derivation)
    assert all(map(is_printable, data.replace("\n", "")))


@pytest.mark.slow
@settings(max_examples=50)
@given(DERIVATIONS)
def test_data_is_json_with_all_claims(derivation: Derivation) -> None:
    """And with what is said of the whole."""
    (result,) = json.loads(dumps(derivation))["results"]
    assert len(result["claims"]) == len(derivation.claims)
    assert result["status"] == derivation.standing


def test_what_can_not_be_read_stands_where_it_is() -> None:
    """Among the claims, in the order of the text."""
    unread = Complaint(line=4, column=1, message="a bracket is not closed", help="", source="a = (b")
    lines = render(replace(EXAMPLE, unread=(unread,))).splitlines()
    numbers = [int(found[1]) for line in lines if (found := re.match(r"  line +(\d+) ", line))]
    assert numbers == sorted(numbers)
    assert 4 in numbers


def test_a_repeated_reason_stands_once() -> None:
    """In one claim; another reason is said beside it."""
    steps = [
        step("a", Standing.CANNOT_TELL, message="L is open in x", help="write L"),
        step("b", Standing.CANNOT_TELL, message="L is open in y", help="write L"),
        step("c", Standing.CANNOT_TELL, message="M is open", help="write M"),
    ]
    claim = Judged(line=1, text="a = b = c", steps=tuple(steps), standing=Standing.CANNOT_TELL)
    text = render(replace(EXAMPLE, claims=(claim,)))
    assert ("open in x" in text, "open in y" in text, "M is open" in text) == (True, False, True)


def test_a_text_without_equations_gets_advice() -> None:
    """A formula alone claims nothing."""
    alone = Judged(line=1, text="2 x", steps=(), standing=Standing.UNCHECKED)
    assert "--wrt" in render(replace(EXAMPLE, claims=(alone,), unread=(), spec=""))
    assert "--wrt" not in render(EXAMPLE)


@pytest.mark.parametrize("width", [44, 60, 80])
@given(st.text("ab \\+={}_", max_size=300))
def test_a_formula_is_cut_where_signs_are(width: int, text: str) -> None:
    """Nothing is lost, and no piece is too wide."""
    pieces = chop_formula(text, width)
    assert "".join(pieces) == text
    assert all(columns(piece) <= width for piece in pieces)
