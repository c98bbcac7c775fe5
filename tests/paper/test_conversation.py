"""Formulas that are typed one after the other."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
from collections.abc import Iterator

import pytest

from gradcheck.commands.prompt import PROMPT, converse
from gradcheck.derivation.records import Derivation, Standing
from gradcheck.paper.conversation import Conversation
from gradcheck.report.derivation import render_claims

LAYER = ("z = W x + b", "a = σ(z)", "C = ½‖a − y‖²")


def typed(*lines: str | BaseException) -> list[str]:
    """What is shown for some lines."""
    left: Iterator[str | BaseException] = iter(lines)

    def ask(prompt: str) -> str:
        assert prompt == PROMPT
        line = next(left, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line

    shown: list[str] = []
    converse(ask, shown.append, render_claims, Conversation())
    return shown


def standings(derivation: Derivation) -> list[Standing]:
    return [claim.standing for claim in derivation.claims]


def test_definitions_stay() -> None:
    """A later line is about what earlier ones say."""
    talk = Conversation()
    for line in LAYER:
        assert standings(talk.answered(line, "")) == [Standing.DEFINED]
    assert standings(talk.answered("∂C/∂z = (a − y) ⊙ a ⊙ (1 − a)", "")) == [Standing.RIGHT]
    assert standings(talk.answered("∂C/∂z = a − y", "")) == [Standing.WRONG]
    assert standings(talk.answered(r"\frac{\partial C}{\partial a} = a - y", "")) == [Standing.RIGHT]


def test_a_name_can_be_defined_anew() -> None:
    """What was said of it before is forgotten, and what is made of it stays."""
    talk = Conversation()
    for line in LAYER:
        talk.answered(line, "")
    (claim,) = talk.answered("a = tanh(z)", "").claims
    assert claim.standing is Standing.DEFINED
    assert claim.notes == ("this holds from here on",)
    assert standings(talk.answered("∂C/∂z = (a − y) ⊙ (1 − a²)", "")) == [Standing.RIGHT]
    assert standings(talk.answered("a = tanh(W x + b)", "")) == [Standing.RIGHT]


def test_a_derivative_alone_is_answered() -> None:
    """As one with a question mark is."""
    shown = typed("y = sin(x)", "dy/dx", "dy/dx = ?")
    assert "cos(x)" in shown[1]
    assert "cos(x)" in shown[2]


def test_commands_for_shapes_functions_and_names() -> None:
    """With a colon in front."""
    shown = typed(
        "y = x w", ":shapes x: 2x3, w: 3x4", "∂L/∂w = ∂L/∂y x^T", ":where θ = tanh", "a = θ(s)",
        "da/ds = 1 - a^2", ":names",
    )  # fmt: skip
    assert "WRONG" in shown[1]
    assert "right" in shown[3]
    assert "  x: 2x3, given" in shown
    assert "  s: a number, given" in shown


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (":shapes W", ":shapes: W is no shape; write W: 3x2, x: 2"),
        (":where θ = nothing", ":where: θ = nothing names no function; write θ = tanh"),
        (":bar", ":bar is not a command here"),
        ("z = (", "unread"),
        ("x^999999999 = 1", "unread"),
        ("a" * 20_000, "unread"),
    ],
)
def test_the_conversation_goes_on_after_an_error(line: str, message: str) -> None:
    """The next line is answered."""
    shown = typed(line, "d/dx x^2 = 2x")
    assert message in shown[0]
    assert "right" in shown[-2]


def test_an_interrupt_drops_the_line_and_the_end_ends() -> None:
    """As in other programs of this kind."""
    assert "right" in typed(KeyboardInterrupt(), "d/dx x^2 = 2x")[1]
    assert typed("", ":forget", ":quit", "d/dx x^2 = 2x") == []


@pytest.mark.slow
def test_it_is_there_on_a_terminal() -> None:
    """Without a formula; Ctrl-C discards a line, and Ctrl-D ends it."""
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # which whoever starts the tests may ignore
        os.execv(sys.executable, [sys.executable, "-m", "gradcheck", "formula", "--color", "never"])
    _until(PROMPT, terminal)
    os.write(terminal, b"y = w x\n")
    assert "defines      y = w x" in _until(PROMPT, terminal)
    os.write(terminal, b"half a line")
    shown = _until("half a line", terminal)
    while not shown.endswith(PROMPT):  # readline may overlook one that comes in just that moment
        os.write(terminal, b"\x03")
        shown = _until(PROMPT, terminal, seconds=2)
    os.write(terminal, b"dy/dw = x\n")
    assert "right        dy/dw = x" in _until(PROMPT, terminal)
    os.write(terminal, b"\x04")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _until(end: str, terminal: int, seconds: float = 120) -> str:
    """What is shown until that, or until nothing comes for so long."""
    shown = b""
    while not shown.endswith(end.encode()) and select.select([terminal], [], [], seconds)[0]:
        shown += os.read(terminal, 4096)
    return shown.decode(errors="replace")
