"""Documents: what is defined holds from there on, until it is defined anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.check import check

RIGHT, WRONG, CANNOT_TELL = Standing.RIGHT, Standing.WRONG, Standing.CANNOT_TELL
DEFINED, UNCHECKED = Standing.DEFINED, Standing.UNCHECKED


def judged(text: str, name: str = "notes.md") -> Derivation:
    return check(text, name)


def standings(text: str) -> list[Standing]:
    return [claim.standing for claim in judged(text).claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let $a = \\tanh(z)$. Then $\\frac{da}{dz} = 1 - a^2$.\n\n"
         "Now let $a = \\sigma(z)$. Then $\\frac{da}{dz} = a (1 - a)$.", [DEFINED, RIGHT, DEFINED, RIGHT]),
        ("Let $a = \\tanh(z)$. Then $\\frac{da}{dz} = 1 - a^2$.\n\n"
         "Now let $a = \\sigma(z)$. Then $\\frac{da}{dz} = 1 - a^2$.", [DEFINED, RIGHT, DEFINED, WRONG]),
        ("Let $L = (y - t)^2$, $y = w x$. Then $\\frac{dL}{dw} = 2 (y - t) x$.\n\n"
         "With $L = \\frac12 (y - t)^2$, $\\frac{dL}{dw} = (y - t) x$.",
         [DEFINED, DEFINED, RIGHT, DEFINED, RIGHT]),
        ("Let $L = (y - t)^2$. That is $L = y^2 - 2 y t + t^2$, so $\\frac{dL}{dy} = 2 y - 2 t$.",
         [DEFINED, RIGHT, RIGHT]),
        ("# One\nLet $z_j = \\sum_i w_{ji} x_i$ and $L = \\sum_j z_j^2$.\n"
         "# Two\n$\\frac{\\partial L}{\\partial w_{ji}} = 2 z_j x_i$",
         [DEFINED, DEFINED, RIGHT]),
        ("# One\n$E = (y - t)^2$, $y = w x$, $\\delta = \\frac{dE}{dy}$.\n"
         "# Two\n$\\frac{dE}{dw} = \\delta x$ and $\\frac{dE}{dw} = \\delta w$",
         [DEFINED, DEFINED, DEFINED, RIGHT, WRONG]),
        ("$\\frac{dL}{dw} = 2 (y - t) x$, where $L = (y - t)^2$. Let $t = 1$, or $t = 2$. Here $y = w x$.",
         [RIGHT, DEFINED, DEFINED, DEFINED, DEFINED]),
    ],
)  # fmt: skip
def test_the_last_definition_of_a_name_counts(text: str, expected: list[Standing]) -> None:
    """What is said again is tried; what is another thing holds from there on."""
    assert standings(text) == expected


def test_a_section_knows_what_its_derivatives_are_of() -> None:
    """Of what stands behind a straight d, too."""
    text = "# Forward\nLet $a = \\sigma(z)$ and $J = (a - y)^2$.\n# Backward\n$dJ/dz = 2 (a - y) a (1 - a)$"
    assert standings(text) == [DEFINED, DEFINED, RIGHT]


def test_a_new_definition_is_noted() -> None:
    """With the line of what held before."""
    text = "$a = \\tanh(z)$\n\n$a = \\sigma(z)$"
    assert judged(text).claims[-1].notes == ("this holds from here on; line 1 has it otherwise",)


def test_without_prose_a_text_says_one_thing_once() -> None:
    """Of a few lines alone, the second is tried."""
    assert standings("a = tanh(z); a = sigmoid(z)") == [DEFINED, WRONG]


def test_what_a_document_does_not_define_is_not_tried() -> None:
    """Where it is about no derivative; else it is asked for."""
    text = "With $p + q = 1$ and $y = w x$, $\\frac{dL}{dw} = (y - t) x$."
    assert standings(text) == [UNCHECKED, DEFINED, CANNOT_TELL]
    assert standings("p + q = 1") == [CANNOT_TELL]


def test_sections_know_what_they_take_names_for() -> None:
    """Each its own, from its first line on."""
    text = "# A\n$L = \\|W x - y\\|^2$\n# B\n$M = \\|v\\|^2$"
    lines = [line for line, _ in judged(text).readings]
    assert lines == [2, 4]


def test_a_notebook_has_cells() -> None:
    """The place of a claim is a cell and a line in it."""
    cells = [
        {"cell_type": "markdown", "source": ["$y = w x$"]},
        {"cell_type": "code", "source": ["y = 3"]},
        {"cell_type": "markdown", "source": ["so\n", "$\\frac{dy}{dw} = 2 x$"]},
    ]
    found = judged(json.dumps({"cells": cells}), "lecture.ipynb")
    assert [claim.standing for claim in found.claims] == [DEFINED, WRONG]
    assert [found.place(claim.line) for claim in found.claims] == [(1, 1), (3, 2)]


@pytest.mark.parametrize("count", [150, 400])
def test_many_definitions_are_no_trouble(count: int) -> None:
    """Of one name, one after the other."""
    text = "".join(f"$x = {n} w$\n\n" for n in range(1, count))
    assert len(judged(text).claims) == count - 1


def test_a_paper_is_read_as_it_stands() -> None:
    """With a preamble, macros, theorems, footnotes and a bibliography: what claims something is judged."""
    path = Path(__file__).parent / "documents" / "paper.tex"
    found = judged(path.read_text(encoding="utf-8"), str(path))
    said = [(claim.line, claim.standing) for claim in found.claims if claim.standing is not UNCHECKED]
    assert said == [
        (29, DEFINED), (29, DEFINED), (34, DEFINED), (35, DEFINED), (38, DEFINED), (40, DEFINED),
        (42, RIGHT), (42, RIGHT), (43, WRONG), (47, RIGHT),
        (50, DEFINED), (50, RIGHT), (50, RIGHT), (50, DEFINED),
    ]  # fmt: skip
    assert [one.line for one in found.unread] == [27]


def test_a_claim_is_shown_as_it_was_typed() -> None:
    """With its macros, its bold letters and its braces, without what aligns lines."""
    text = (
        "\\newcommand{\\v}[1]{\\mathbf{#1}}\n\\begin{align}\n \\mathbf{z} &= \\mathbf W \\v{x} \\\\\n"
        " \\frac{\\partial z}{\\partial \\v{x}} &= \\mathbf{W} \\nonumber \\\\ &= 2 {W}\n\\end{align}\n"
    )
    shown = [claim.text for claim in judged(text, "notes.tex").claims]
    assert shown == [
        r"\mathbf{z} = \mathbf W \v{x}",
        r"\frac{\partial z}{\partial \v{x}} = \mathbf{W} = 2 {W}",
    ]
