"""`--sandbox`: one submission of somebody else's, judged as a class's are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from exercise import DOUBLED, RIGHT, SPEC, exercise, instead
from gradcheck.cli import main
from gradcheck.submission.protection import LIGHT
from gradcheck.submission.runner import Runner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strangers' code is held on Linux")

Output = pytest.CaptureFixture[str]
SPY = instead('print("SEEN", x.sum())\nreturn dW, 2 * db')


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec that is shown, one that is hidden by its folder, and one that says so itself."""
    exercise(tmp_path, right=RIGHT, doubled=DOUBLED, spy=SPY)
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "layer.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "specs" / "own.yaml").write_text("hidden: true\n" + SPEC, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def results(capsys: Output, *arguments: str) -> dict[str, dict[str, object]]:
    """Spec -> its result."""
    main([*arguments, "--spec", "specs", "--hidden", "hidden", "--sandbox", "--format", "json"])
    return {one["spec"]: one for one in json.loads(capsys.readouterr().out)["results"]}


@pytest.mark.slow
def test_hidden_specs_withhold(capsys: Output) -> None:
    """By folder or by their own word; the order is that of the command, hidden ones behind."""
    found = results(capsys, "spy")
    assert list(found) == ["specs/layer.yaml", "specs/own.yaml", "hidden/layer.yaml"]
    assert "SEEN" in str(found["specs/layer.yaml"]["output"])
    for spec in ("specs/own.yaml", "hidden/layer.yaml"):
        assert "SEEN" not in json.dumps(found[spec])
        assert found[spec]["diagnosis"] is None
    assert {(one["status"], one["points"]) for one in found.values()} == {("wrong", 1)}


@pytest.mark.slow
def test_a_fresh_case_is_asked(capsys: Output) -> None:
    """Beside the spec's two cases there is one that nobody can know."""
    main(["right", "--spec", "specs/layer.yaml", "--format", "json"])
    own = json.loads(capsys.readouterr().out)["results"][0]
    held = results(capsys, "right", "--name", "Zoë\x1b[31m")["specs/layer.yaml"]
    assert held["quantities"][0]["cases"] == own["quantities"][0]["cases"] + 1  # type: ignore[index]
    assert held["submission"] == "Zoë\\x1b[31m"


@pytest.mark.slow
def test_a_broken_spec_among_good_ones(project: Path, capsys: Output) -> None:
    """It costs itself; the status is 2, and what reads the report as points learns of it."""
    (project / "specs" / "broken.yaml").write_text(SPEC.replace("sigmoid}", "sigmiod}"), encoding="utf-8")
    assert main(["right", "--spec", "specs", "--sandbox", "--format", "gradescope"]) == 2
    shown = capsys.readouterr()
    data = json.loads(shown.out)
    assert (data["score"], len(data["tests"])) == (4, 5)
    assert "there is no activation sigmiod" in data["tests"][-1]["output"]
    assert "there is no activation sigmiod" in shown.err


@pytest.mark.slow
def test_when_students_see_it_on_gradescope(project: Path, capsys: Output) -> None:
    """By the spec's own word, shown or hidden; of other hidden specs by the option."""
    (project / "specs" / "later.yaml").write_text("visibility: after_due_date\n" + SPEC, encoding="utf-8")
    never = "hidden: true\nvisibility: hidden\n" + SPEC
    (project / "hidden" / "never.yaml").write_text(never, encoding="utf-8")
    command = ["right", "--spec", "specs", "--hidden", "hidden", "--sandbox", "--format", "gradescope"]
    assert main([*command, "--hidden-visibility", "after_published"]) == 0
    tests = json.loads(capsys.readouterr().out)["tests"]
    assert {test["tags"][0]: test["visibility"] for test in tests} == {
        "specs/later.yaml": "after_due_date",
        "specs/layer.yaml": "visible",
        "specs/own.yaml": "after_published",
        "hidden/layer.yaml": "after_published",
        "hidden/never.yaml": "hidden",
    }


def test_when_students_see_it_elsewhere(capsys: Output) -> None:
    """No other format can say so."""
    command = ["right", "--spec", "specs", "--sandbox", "--hidden-visibility", "hidden"]
    assert main([*command, "--format", "junit"]) == 2
    assert "--hidden-visibility goes with --format gradescope" in capsys.readouterr().err


def test_without_a_sandbox_nothing_is_run(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text says it as an error; a report for a program says it, too."""
    monkeypatch.setattr(Runner, "protection", property(lambda self: LIGHT))
    asked = ["right", "--spec", "specs/layer.yaml", "--sandbox"]
    assert main(asked) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert shown.err.startswith("hostile code can't be held on this machine")
    assert main([*asked, "--format", "gradescope"]) == 2
    data = json.loads(capsys.readouterr().out)
    assert data["score"] == 0
    assert "hostile code can't be held" in data["output"]
    assert main([*asked, "--unsafe"]) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("right --spec specs --hidden hidden", "--hidden goes with --sandbox"),
        ("right --spec specs --name A --unsafe", "--unsafe and --name go with --sandbox"),
        ("right --sandbox", "--sandbox goes with --spec SPEC"),
        ("right.py:gradients --sandbox", "--sandbox goes with --spec SPEC"),
    ],
)
def test_settings_that_make_no_sense(arguments: str, complaint: str, capsys: Output) -> None:
    assert main(arguments.split()) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.slow
def test_files_of_github(project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is appended stays behind what is there; a file that can't be written is named."""
    output = project / "outputs"
    output.write_text("before=1\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    main(["doubled", "--spec", "specs/layer.yaml", "--format", "classroom"])
    before, result = output.read_text("utf-8").splitlines()
    assert before == "before=1"
    assert result.startswith("result=")
    assert capsys.readouterr().out.startswith("::error file=submissions/doubled.py,title=")
    monkeypatch.setenv("GITHUB_OUTPUT", str(project))
    assert main(["doubled", "--spec", "specs/layer.yaml", "--format", "classroom"]) == 2
    assert "GITHUB_OUTPUT names a file that can't be written" in capsys.readouterr().err
