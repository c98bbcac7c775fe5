"""`gradcheck formula`: where its text comes from, and its exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gradcheck.cli import main

SPEC = str(Path(__file__).parent.parent.parent / "specs" / "two_layer.yaml")
OF = ["--of", "(tanh(s) - y)^2", "--wrt", "s"]
Output = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("delta3 = (a3 - y) * a3 * (1 - a3)", 0),
        ("delta3 = a3 - y", 1),
        ("delta3 = a3 - y; delta3 = (", 1),
        ("delta3 = eta", 2),
        ("delta3 = (", 2),
        ("", 2),
        ("W3", 2),
    ],
)
def test_the_exit_status_says_what_is_known(text: str, status: int, capsys: Output) -> None:
    """0 all right, 1 something wrong, 2 something that nobody can tell, or nothing to tell."""
    assert main(["formula", text, "--spec", SPEC]) == status
    assert capsys.readouterr().out


@pytest.mark.parametrize(("text", "status"), [("-2*(y - tanh(s))/cosh(s)^2", 0), ("-2", 1), ("q", 2)])
def test_a_formula_may_begin_with_a_minus(text: str, status: int) -> None:
    """It is no option."""
    assert main(["formula", text, *OF]) == status


def test_a_file_and_what_is_piped_in_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """The report says which."""
    monkeypatch.chdir(tmp_path)  # a longer path could break the name over two lines
    Path("homework.md").write_text("So $\\delta^3 = a^3 - y$.", encoding="utf-8")
    assert main(["formula", "homework.md", "--spec", SPEC]) == 1
    assert "homework.md" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("delta3 = (a3 - y) * a3 * (1 - a3)"))
    assert main(["formula", "-", "--spec", SPEC]) == 0
    assert "what was piped in" in capsys.readouterr().out


class _Endless(io.StringIO):
    """A stream that never runs dry."""

    def read(self, size: int | None = -1) -> str:
        assert size is not None
        assert 0 <= size < 1_000_000
        return "(" * size


def test_what_is_piped_in_may_have_no_end(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """No more of it is read than shows that it is too long."""
    monkeypatch.setattr("sys.stdin", _Endless())
    assert main(["formula", "-", "--spec", SPEC]) == 2
    assert "more than 200,000 characters" in " ".join(capsys.readouterr().out.split())


def test_what_is_piped_in_may_be_no_text(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Bytes that are no UTF-8 are characters that no formula has."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff = a"), encoding="utf-8"))
    assert main(["formula", "-", "--spec", SPEC]) == 2
    assert "is no part of a formula" in " ".join(capsys.readouterr().out.split())


_LOADED = """\
import sys
from gradcheck.cli import main
main(sys.argv[1:])
print([m for m in ("numpy", "torch", "yaml", "gradcheck.oracle", "gradcheck.mistakes") if m in sys.modules])
"""


@pytest.mark.slow
@pytest.mark.parametrize("question", [["--spec", SPEC], OF], ids=["spec", "expression"])
@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000,
        "a" * 10_000,
        r"\frac{" * 1_500,
        "^" * 10_000,
        "=" * 10_000,
        "a = 9^9^9^9",
        "a = 9**9**9**9",
        "a = 1e999999",
        "__import__('os').system('true')",
        "a = \x01",
        "a = b\n" * 1_500,
        "$a$ " * 1_500,
        "",
    ],
    ids=lambda text: repr(text[:30]),
)
def test_what_can_not_be_judged_waits_for_nothing_heavy(text: str, question: list[str]) -> None:
    """It is refused with neither NumPy nor a spec's answers loaded."""
    command = [sys.executable, "-c", _LOADED, "formula", "-", *question]
    done = subprocess.run(command, input=text, capture_output=True, check=True, encoding="utf-8")
    assert "no claim to check" in done.stdout
    assert done.stdout.endswith("\n[]\n")


@pytest.mark.parametrize("before", [0, 400, 5_000])
def test_of_a_long_line_a_part_is_shown(before: int, capsys: Output) -> None:
    """What can't be read stands in it, in the column that is said."""
    text = "a " * before + "\x01" + " b" * 1_000
    assert main(["formula", text, "--spec", SPEC, "--format", "json"]) == 2
    ((unread,),) = [r["complaints"] for r in json.loads(capsys.readouterr().out)["results"]]
    assert unread["column"] == 2 * before + 1
    shown = text.replace("\x01", "\N{REPLACEMENT CHARACTER}")
    assert unread["text"] == shown[unread["skipped"] :][: len(unread["text"])]
    assert unread["text"][unread["column"] - 1 - unread["skipped"]] == "\N{REPLACEMENT CHARACTER}"
    assert len(unread["text"]) <= 1_000


def test_data_are_printed_on_demand(capsys: Output) -> None:
    """With the status of every claim."""
    assert main(["formula", "delta3 = a3 - y", "--spec", SPEC, "--format", "json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert [claim["status"] for claim in result["claims"]] == ["wrong"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--of", "s^2"], "--of and --wrt go together"),
        ([*OF, "--spec", SPEC], "can't be combined with --spec"),
        (["--shapes", "W: 3x2", "--spec", SPEC], "can't be combined with --spec"),
        (["--shapes", "W = 3"], "--shapes: W = 3 is no shape"),
        (["--of", "s^2", "--wrt", "q"], "q does not stand in the expression"),
        (["--spec", "nowhere.yaml"], "nowhere.yaml"),
        (["--save", "x.yaml", "--spec", SPEC], "can't be combined with --spec"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(options: list[str], said: str, capsys: Output) -> None:
    """What to do about it is said on the error stream."""
    assert main(["formula", "s", *options]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_there_is_not_is_no_formula(capsys: Output) -> None:
    """A name that looks like a file's is taken for one."""
    assert main(["formula", "homework.tex", "--spec", SPEC]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_a_missing_formula_gets_advice(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Nothing is waited for."""
    monkeypatch.setattr("sys.stdin", io.StringIO("d/dx x^2 = 2x"))
    assert main(["formula"]) == 2
    assert "gradcheck formula -" in capsys.readouterr().err


@pytest.mark.slow
def test_the_examples_of_the_help_work_when_they_are_pasted(capsys: Output) -> None:
    """All of them are right."""
    with pytest.raises(SystemExit):
        main(["formula", "--help"])
    examples = re.findall(r"^  (.*gradcheck formula .*['-])$", capsys.readouterr().out, re.MULTILINE)
    assert len(examples) == 4
    bin_ = str(Path(sys.executable).parent)
    for example in examples:
        done = subprocess.run(
            ["sh", "-c", example], env={**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"},
            capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert "right" in done.stdout or "answer" in done.stdout
