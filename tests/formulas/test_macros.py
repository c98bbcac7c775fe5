r"""Commands that a document defines stand for what it says, each from there on."""

from __future__ import annotations

import pytest

from gradcheck.formulas.dialect import read
from gradcheck.formulas.limits import MAX_DOCUMENT
from gradcheck.formulas.macros import expanded
from gradcheck.formulas.written import written


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"\newcommand{\loss}{\mathcal{L}} $\loss = a$", ["L = a"]),
        (r"\newcommand\loss{L} $\loss = a$", ["L = a"]),
        (r"\newcommand*{\pd}[2]{\frac{\partial #1}{\partial #2}} $\pd{L}{w} = a$", [r"∂L/∂w = a"]),
        (r"\newcommand{\pd}[2][L]{\frac{\partial #1}{\partial #2}} $\pd{w} = \pd[C]{w}$", ["∂L/∂w = ∂C/∂w"]),
        (r"\def\pd#1#2{\frac{\partial #1}{\partial #2}} $\pd L w = a$", ["∂L/∂w = a"]),
        (r"\def\be{\begin{equation}} \def\ee{\end{equation}} \be a = b \ee so", ["a = b"]),
        (r"\newenvironment{eq}{\begin{equation}}{\end{equation}} \begin{eq} a = b \end{eq} so", ["a = b"]),
        (r"\DeclareMathOperator{\act}{tanh} $\act(z) = a$", ["tanh(z) = a"]),
        (r"\DeclarePairedDelimiter{\n}{\lVert}{\rVert} $\n*{x}^2 = \n[\big]{y}^2$", ["‖x‖^2 = ‖y‖^2"]),
        (r"\NewDocumentCommand{\pd}{m m}{\frac{\partial #1}{\partial #2}} $\pd{L}{w} = a$", ["∂L/∂w = a"]),
        (r"\NewDocumentCommand{\pd}{O{L} m}{\frac{\partial #1}{\partial #2}} $\pd{w} = a$", ["∂L/∂w = a"]),
        (r"\let\de\partial $\frac{\de L}{\de w} = a$", ["∂L/∂w = a"]),
        (r"\newcommand{\a}{b} $\a = c$ \renewcommand{\a}{d} $\a = e$", ["b = c", "d = e"]),
        (r"\def\D{\partial} \newcommand{\pd}[2]{\frac{\D #1}{\D #2}} $\pd{L}{w} = a$", ["∂L/∂w = a"]),
        (r"$\pdv{L}{w} = \norm{x}^2$", ["∂L/∂w = ‖x‖^2"]),
    ],
)
def test_a_macro_stands_for_its_body(text: str, meant: list[str]) -> None:
    """With its arguments, in every way to define one; what comes of it is read as ever."""
    reading = read(text)
    assert not reading.unread
    assert [" = ".join(map(written, claim.sides)) for claim in reading.claims] == meant


def test_places_are_those_of_the_text() -> None:
    """A claim is what stands there, with the macros as they were typed."""
    text = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}" + "\n" + r"So $\pd{L}{w} = 2 \pd{C}{v}$."
    (claim,) = read(text).claims
    assert claim.line == 2
    assert text[slice(*claim.span)] == r"\pd{L}{w} = 2 \pd{C}{v}"
    assert [text[slice(*side.span)] for side in claim.sides] == [r"\pd{L}{w}", r"2 \pd{C}{v}"]


_BOMBS = {
    "itself": r"\def\a{\a} $\a = b$",
    "itself twice": r"\def\a{\a\a} $\a = b$",
    "itself around": r"\newcommand{\a}[1]{\a{#1 #1}} $\a{x} = b$",
    "each other": r"\def\a{\b}\def\b{\a} $\a = b$",
    "doubling": r"\def\a{x}" + r"\let\b\a\def\a{\b\b}" * 40 + r"$\a = b$",
    "a hundred tenfold": "".join(
        rf"\def\{chr(97 + n)}{{{10 * (chr(92) + chr(98 + n) + ' ')}}}" for n in range(20)
    )
    + r"\def\u{x} $\a = b$",
    "many calls": r"\def\a{" + "x" * 5_000 + "}" + r"$\a$ " * 3_000,
    "unclosed": r"\newcommand{\a}{" * 1_000 + r"$\a = b$",
    "no body": r"\newcommand{\a}",
    "a body of arguments": r"\newcommand{\a}[9]{#1#2#3#4#5#6#7#8#9} $\a = b$",
    "nothing behind": r"\def\a#1{#1} $\a",
    "no name": r"\newcommand{}{} $a = b$",
    "a document of definitions": r"\def\a{b}" * 20_000,
}


@pytest.mark.parametrize("text", _BOMBS.values(), ids=_BOMBS)
def test_what_grows_is_bounded(text: str) -> None:
    """No document is written out to many times its length, and the rest of it is read."""
    found = expanded(text)
    assert len(found.run.text) <= 2 * MAX_DOCUMENT + 10_000
    assert len(found.run.text) == len(found.run.starts) == len(found.run.ends)
    reading = read(text + "\n\nand $c = d$")
    assert all(0 <= one.span[0] <= one.span[1] <= len(text) + 20 for one in reading.unread)


def test_a_bomb_is_pointed_at_and_the_rest_is_read() -> None:
    """It costs its own formula alone."""
    reading = read(r"\def\a{\a\a} $b = c$ and $\a = x$ and $d = e$")
    assert "is made of itself, or too long" in reading.unread[0].message
    assert {written(claim.sides[0]) for claim in reading.claims} >= {"b", "d"}
