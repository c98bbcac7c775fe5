r"""Documents: formulas are found where they stand, and nothing else is taken for one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gradcheck.formulas.dialect import Reading, read, read_document
from gradcheck.formulas.document import document
from gradcheck.formulas.written import written

HEAD = r"""\documentclass[11pt]{article}
\usepackage{amsmath}
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} % \pd{x = 1}{y}
\title{What $x = 0$ costs}
\begin{document}
\maketitle \section{Gradients = hard}
"""
TAIL = "\n\\end{document}\n $after = all$\n"


def claims(reading: Reading) -> list[str]:
    """What equates something."""
    return [" = ".join(map(written, claim.sides)) for claim in reading.claims if len(claim.sides) > 1]


def in_latex(body: str) -> Reading:
    return read(HEAD + body + TAIL)


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("We set $a = b$.", ["a = b"]),
        (r"\[ a = b \]", ["a = b"]),
        ("\\begin{align}\n z &= W x + b, \\label{eq:z} \\\\\n a &= \\sigma(z),\n\\end{align}",
         ["z = W x + b", "a = sigma(z)"]),
        ("\\begin{align*}\n a &= b \\\\\n &= c \\nonumber \\\\[2pt]\n d &= e\n\\end{align*}",
         ["a = b = c", "d = e"]),
        ("\\begin{align}\n a &= b & c &= d \\\\\n e &= f\n\\end{align}", ["a = b", "c = d", "e = f"]),
        ("\\begin{gather}\n a = b \\\\ c = d\n\\end{gather}", ["a = b", "c = d"]),
        ("\\begin{eqnarray}\n a &=& b \\nonumber\\\\\n &=& c\n\\end{eqnarray}", ["a = b = c"]),
        ("\\begin{equation}\\begin{split}\n a &= b \\\\ &= c\n\\end{split}\\end{equation}", ["a = b = c"]),
        ("\\begin{multline}\n a = b \\\\ + c \\\\ + d\n\\end{multline}", ["a = b + c + d"]),
        ("\\begin{subequations}\n\\begin{align}\n a &= b\n\\end{align}\n\\end{subequations}", ["a = b"]),
        ("\\begin{align}\n a &= b \\\\\n\\intertext{and so} c &= d\n\\end{align}", ["a = b", "c = d"]),
        ("\\begin{align}\n a &= b \\\\\n\\intertext{with $e = f$ and} c &= d\n\\end{align}",
         ["a = b", "e = f", "c = d"]),
        ("\\begin{flalign}\n a &= b && \\text{by $e = f$}\n\\end{flalign}", None),
        ("% $a = b$\n$c = d$", ["c = d"]),
        ("50\\% of $c = d$ % and $e = f$", ["c = d"]),
        ("\\begin{verbatim}\n$a = b$\n\\end{verbatim}\n$c = d$", ["c = d"]),
        ("\\verb|$a = b$| and $c = d$", ["c = d"]),
        ("\\begin{lstlisting}[language=Python]\nx = 3 # $\n\\end{lstlisting}\n$c = d$", ["c = d"]),
        ("\\iffalse $a = b$ \\fi $c = d$", ["c = d"]),
        ("It costs \\$5, and \\$6 = more. $c = d$", ["c = d"]),
        ("\\begin{figure}[h]\\includegraphics[width=3cm]{a=b.png}\\caption{With $c = d$}\\end{figure}",
         ["c = d"]),
        ("See \\eqref{eq:z}, \\cite{a=b} and \\url{http://x.org/?a=b$}: $c = d$", ["c = d"]),
        ("Let $x \\in \\mathbb{R}^d$ and $f\\colon A \\to B$. $c = d$", ["c = d"]),
        ("", []),
    ],
)  # fmt: skip
def test_displays_of_latex_are_read_in_order(body: str, meant: list[str] | None) -> None:
    """Each line is a claim, or goes on with the one before; prose, code and comments are none."""
    reading = in_latex(body)
    assert meant is None or claims(reading) == meant
    assert meant is None or not reading.unread


def test_macros_of_the_preamble_hold_and_lines_are_those_of_the_file() -> None:
    """The report says where a claim stands."""
    reading = in_latex("So\n\\begin{align}\n \\pd{L}{w} &= x\n\\end{align}")
    assert claims(reading) == ["∂L/∂w = x"]
    assert [claim.line for claim in reading.claims] == [HEAD.count("\n") + 3]


def test_a_chapter_without_a_preamble_is_latex_by_its_name() -> None:
    """Comments are none of it, whatever the text looks like."""
    text = "Some text $a = b$. % $c = d$\nMore text."
    assert claims(read_document(document(text, "chapter.tex"))) == ["a = b"]
    assert claims(read_document(document(text, "chapter.md"))) == ["a = b", "c = d"]


def test_a_file_of_formulas_alone_may_be_latex() -> None:
    """Without dollars and displays, each line is one."""
    assert claims(read_document(document("z = W x\na = \\sigma(z) % b = 1\n", "lines.tex"))) == [
        "z = W x", "a = sigma(z)",
    ]  # fmt: skip


def notebook(*cells: tuple[str, Any]) -> str:
    return json.dumps(
        {"cells": [{"cell_type": kind, "source": source} for kind, source in cells], "nbformat": 4}
    )


def test_a_notebook_is_read_cell_by_cell() -> None:
    """Markdown is read, code is not; each claim has its cell and its line in it."""
    text = notebook(
        ("markdown", ["# Title\n", "We set $a = b$\n"]),
        ("code", "z = 3 * 4\n# $c = d$"),
        ("code", "%%latex\n\\begin{align} e &= f \\end{align}"),
        ("raw", "$g = h$"),
        ("markdown", "one $ alone"),
        ("markdown", ["text\n", "\n", "$$\n", "i = j\n", "$$"]),
    )
    reading = read_document(document(text, "lecture.ipynb"))
    assert claims(reading) == ["a = b", "e = f", "i = j"]
    assert not reading.unread
    assert reading.cells == ((1, 1), (4, 3), (6, 5), (7, 6))
    assert [claim.line for claim in reading.claims] == [2, 5, 10]


def test_macros_hold_from_cell_to_cell() -> None:
    """As they do where a notebook is shown."""
    text = notebook(
        ("markdown", r"$\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}$ one $ alone"),
        ("markdown", r"and $\pd{L}{w} = x$"),
    )
    reading = read_document(document(text, "lecture.ipynb"))
    assert claims(reading) == ["∂L/∂w = x"]
    assert [claim.line for claim in reading.claims] == [2]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "\x00", '{"cells": 3}', '{"cells": [3]}', '{"cells": ' + "[" * 100_000),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(text: str) -> None:
    """Whatever it is instead."""
    (unread,) = read_document(document(text, "lecture.ipynb")).unread
    assert "this is no notebook" in unread.message


@pytest.mark.parametrize("source", ["", {}, None, 3, [1, None, "$a = b$"]])
def test_cells_may_hold_anything(source: object) -> None:
    """What is no text is passed over."""
    text = json.dumps({"cells": [{}, {"cell_type": "markdown", "source": source}]})
    assert claims(read_document(document(text, "lecture.ipynb"))) == ["a = b"] * isinstance(source, list)


@pytest.mark.parametrize(
    "text",
    [
        "s_i = p_i\nif i = j: a = b",
        "s_i = p_i\ni = j: a = b",
        "s_i = p_i\nfor i = j, a = b",
        "$s_i = p_i$. For $i = j$ we get $a = b$.",
        "$s_i = p_i$.\n\nIf $i = j$:\n\n$$a = b$$",
        "$s_i = p_i$\n\n**Case 1: $i = j$**\n\n$$a = b$$",
        "s_i = p_i \\\\\ni = j: \\quad a = b",
        "s_i = p_i\na = b if i = j",
        "s_i = p_i\na = b, i = j",
        "$s_i = p_i$ and $a = b$ for $i = j$.",
    ],
)
def test_a_condition_stands_behind_its_claim(text: str) -> None:
    """Wherever it stood in the text."""
    assert [written(claim.sides[0]) for claim in read(text).claims[1:]] == ["a", "i"]
