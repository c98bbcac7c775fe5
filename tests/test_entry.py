"""Where the command begins: help comes before anything else is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradcheck.commands.help import text
from gradcheck.entry import HELP, command

PACKAGE = Path(__file__).parent.parent / "harness" / "gradcheck"
Output = pytest.CaptureFixture[str]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="later versions lay the same options out otherwise")
def test_the_help_is_what_the_options_say() -> None:
    """If this fails: python -m gradcheck.commands.help > harness/gradcheck/help.txt."""
    assert (PACKAGE / HELP).read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(option: str, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["gradcheck", option])
    assert command() == 0
    assert capsys.readouterr().out == (PACKAGE / HELP).read_text(encoding="utf-8")


@pytest.mark.slow
def test_help_loads_nothing() -> None:
    """Not even what reads arguments."""
    code = "import sys; before = {*sys.modules}; from gradcheck.entry import command; command()"
    code += "; print(*{*sys.modules} - before, file=sys.stderr)"
    run = [sys.executable, "-c", code, "--help"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=600, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split() if name != "gradcheck.entry"}
    assert loaded <= {"gradcheck", "__future__", "importlib", "warnings"}


@pytest.mark.slow
def test_a_terminal_without_unicode(tmp_path: Path) -> None:
    """And a reader that has left."""
    for suffix in ("", " | head -1"):
        done = subprocess.run(
            f"{sys.executable} -m gradcheck --help{suffix}",
            shell=True,
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
        assert done.stdout.startswith("usage:")
        assert not done.stderr
