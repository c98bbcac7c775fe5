"""Whether a stream takes colour."""

from __future__ import annotations

import io

import pytest

from gradcheck.report.color import Paint, Style, use_color


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_a_terminal_takes_colour_and_a_file_does_not() -> None:
    """Without any wish, the stream decides."""
    assert use_color("auto", _Terminal())
    assert not use_color("auto", io.StringIO())


@pytest.mark.parametrize(
    ("environment", "terminal", "file"),
    [
        ({"NO_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"NO_COLOR": "", "FORCE_COLOR": ""}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
)
def test_the_environment_is_asked(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, file: bool
) -> None:
    """NO_COLOR beats FORCE_COLOR, which beats what the terminal can do; empty variables don't count."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert use_color("auto", _Terminal()) is terminal
    assert use_color("auto", io.StringIO()) is file


def test_a_choice_on_the_command_line_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither "always" nor "never" asks anybody."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert use_color("always", io.StringIO())
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not use_color("never", _Terminal())


def test_paint_leaves_a_text_alone_when_it_is_off() -> None:
    """The codes surround the text, and nothing else changes."""
    assert Paint(False)("dW", Style.RED) == "dW"
    assert Paint(True)("dW", Style.RED) == "\x1b[31mdW\x1b[0m"
