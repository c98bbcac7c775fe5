"""`gradcheck gradebook`, and what its guide says of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradcheck.cli import main
from gradcheck.formats.grades import FORMATS
from gradcheck.grading.intake.layouts import READERS
from gradcheck.grading.policy import read as policy_file
from gradcheck.grading.run import GRADEBOOK
from gradcheck.verdict.records import Status
from gradebooks import SPECS, fill, row

PAGE = (Path(__file__).parents[1] / "docs" / "grading.md").read_text(encoding="utf-8")
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `out` with a gradebook of two."""
    monkeypatch.chdir(tmp_path)
    bob = "[red]bob"
    rows = [row("ann"), row("ann", SPECS[1])]
    rows += [row(bob, status=Status.WRONG, points=0.5), row(bob, SPECS[1], Status.WRONG)]
    fill(tmp_path / "out" / GRADEBOOK, rows)
    return tmp_path / "out"


def test_overrides(folder: Path, capsys: Output) -> None:
    """Given, shown with a star and the reason, and taken back."""
    override = ["gradebook", "out", "--override", "[red]bob", "one", "1.5", "--reason", "a [bold]typo"]
    assert main(override) == 0
    capsys.readouterr()
    assert main(["gradebook", "out"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^\[red\]bob +1\.5\* ✗ +0 ✗ +1\.5 +0\.5  one: 1\.5 instead of", shown, re.MULTILINE)
    assert "* overridden" in shown
    assert main(["gradebook", "out", "--remove-override", "[red]bob", "one"]) == 0
    capsys.readouterr()
    assert main(["gradebook", "out"]) == 0
    assert "*" not in capsys.readouterr().out


def test_a_policy_is_used_at_once(folder: Path, capsys: Output) -> None:
    """Letters, and points without what is extra; a broken one is said, with its place."""
    policy = "extra_credit: ['*two*']\nletters: {A: 90%, F: 0%}\n"
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    assert main(["gradebook", "out", "--format", "csv", "--sort", "name"]) == 0
    ann, bob = capsys.readouterr().out.splitlines()[1:3][::-1]
    assert ann.startswith("ann,2,2,4,2,")
    assert bob.startswith("[red]bob,0.5,0,0.5,2,")
    assert ",F," in bob
    (folder / "policy.yaml").write_text("late_days: x\n", encoding="utf-8")
    assert main(["gradebook", "out"]) == 2
    assert "policy.yaml:1:12: write a whole number that is not negative" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--reason", "x"], "--reason needs --override"),
        (["--template", "x.csv"], "--template needs --format"),
        (["--output", "x.csv"], "--output needs --format"),
        (["--format", "csv", "--template", "x.csv"], "--format csv takes no template"),
        (["--format", "canvas"], "fills in a file from the course system"),
        (["--format", "canvas", "--template", "x.csv"], "x.csv: can't be read"),
        (["--override", "ann", "one", "many"], "many is not a number of points"),
        (["--override", "ann", "one", "nan", "--reason", "x"], "nan is not a number of points"),
        (["--override", "ann", "one", "-1", "--reason", "x"], "-1: points cannot be negative"),
        (["--override", "ann", "one", "1"], "an override needs its reason"),
        (["--override", "anm", "one", "1", "--reason", "x"], "did you mean ann?"),
        (["--remove-override", "ann", "one"], "ann has no override for specs/one.yaml"),
        (["--spec", "three", "--format", "csv"], "three: the gradebook has no spec with this name"),
        (["--sort", "x"], "--sort takes one of name, points, status, one, two"),
    ],
)
def test_what_makes_no_sense(folder: Path, options: list[str], says: str, capsys: Output) -> None:
    """It says what does, with exit status 2."""
    assert main(["gradebook", "out", *options]) == 2
    assert says in capsys.readouterr().err


def test_a_name_that_is_no_unicode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """It is the same on the terminal as in a file, so that a system finds whose grade it is."""
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / GRADEBOOK, [row("M\udcfcller")])
    assert main(["gradebook", ".", "--format", "csv"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert main(["gradebook", ".", "--format", "csv", "--output", "file.csv"]) == 0
    assert shown == Path("file.csv").read_text(encoding="utf-8").splitlines()
    assert shown[1].startswith("M\\udcfcller,2,")


def test_an_override_makes_no_gradebook(tmp_path: Path, capsys: Output) -> None:
    """Where there is none, there is none afterwards."""
    assert main(["gradebook", str(tmp_path), "--override", "ann", "one", "1", "--reason", "x"]) == 2
    assert "there is no gradebook" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_formats_are_in_the_guide(name: str) -> None:
    """With what each is."""
    assert f"| `{name}` | {FORMATS[name].about}" in PAGE


@pytest.mark.parametrize("system", READERS)
def test_systems_are_in_the_guide(system: str) -> None:
    assert f"| {system} |" in PAGE


def test_the_guides_policy(tmp_path: Path) -> None:
    """It is sound, and has every key."""
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    assert policy_file.read(tmp_path / "policy.yaml").late_days == 2
    keys = {*policy_file._FIELDS, *policy_file._READERS, "timezone"}
    assert set(re.findall(r"^(\w+):", text, re.MULTILINE)) == keys
