"""Cells of formulas in notebooks: `%load_ext gradcheck`, and what they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import gradcheck

TEXT = (
    r"$z = W x + b$, $a = \sigma(z)$, $C = \frac12 \|a - y\|^2$,"
    r" $\frac{\partial C}{\partial W} = (a - y) x^T$ & $\frac{\partial C}{\partial b} = ?$"
)


class Shell:
    """As much of IPython's shell as an extension sees."""

    def __init__(self) -> None:
        self.magics: dict[tuple[str, str], Callable[..., Any]] = {}

    def register_magic_function(
        self, func: Callable[..., Any], magic_kind: str = "line", magic_name: str | None = None
    ) -> None:
        """As IPython's own does."""
        assert magic_name is not None
        self.magics[magic_kind, magic_name] = func


@pytest.fixture
def magic() -> Callable[..., Any]:
    """What `%gradcheck` calls."""
    shell = Shell()
    gradcheck.load_ipython_extension(shell)
    return shell.magics["line_cell", "gradcheck"]


def test_a_line_and_a_cell_are_checked(magic: Callable[..., Any]) -> None:
    """With the options of the command in the cell's first line."""
    assert magic("d/dx x^2 = 2x").ok
    assert magic("", TEXT).data()["results"][0]["status"] == "wrong"
    cell = "y = x w; ∂L/∂w = ∂L/∂y x^T"
    assert magic("--shapes 'x: 2x3, w: 3x4'", cell).data()["results"][0]["status"] == "wrong"
    assert magic("--of x^2 --wrt x", "2 x").ok


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--shapes 'W", "No closing quotation"),
        ("--shape 'W: 3x2'", "there are --spec SPEC"),
        ("--shapes W", "W is no shape"),
        ("--spec nowhere.yaml", "nowhere.yaml"),
        ("--spec nowhere.yaml --shapes 'W: 2'", "without a spec"),
    ],
)
def test_nonsense_gets_an_error(
    line: str, said: str, magic: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """On the error stream, and the notebook goes on."""
    assert magic(line, "y = x") is None
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_ipython_takes_it() -> None:
    """The real one, where it is installed."""
    shells = pytest.importorskip("IPython.testing.globalipapp", reason="needs IPython: it is not installed")
    shell = shells.get_ipython() or shells.start_ipython()
    shell.run_line_magic("load_ext", "gradcheck")
    assert shell.run_cell_magic("gradcheck", "--of x^2 --wrt x", "2 x").ok


def test_a_page_sets_the_formulas() -> None:
    """Between dollars, escaped, without a script; what is no LaTeX is shown as it was typed."""
    page = gradcheck.formula(TEXT)._repr_html_()
    assert r'<p>= <span class="formula">' in page
    assert r'<span class="tex">$(a - y) x^T$</span>' in page
    assert "<msup><mi>x</mi><mi>T</mi></msup>" in page
    assert r"$\frac{\partial C}{\partial b} = \frac{\partial C}{\partial z}$" in page
    assert "<script" not in page
    plain = gradcheck.formula("y = w x; dy/dw = <b> x")._repr_html_()
    assert "<code>y = w x</code>" in plain
    assert "&lt;" in plain
    assert "<b>" not in plain
    assert "$" not in plain


def test_a_page_says_what_the_text_says() -> None:
    """Standings, steps, reasons and what can't be read."""
    text = "y = w x; dy/dw = x = w; dy/dx = q + 1; dy/dx = (w"
    page = gradcheck.formula(text)._repr_html_()
    for part in ("WRONG", "← here", "cannot tell", "does not say what q is", "unread", "never closed"):
        assert part in page
