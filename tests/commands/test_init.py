"""A new course: what is written works at once, and nothing is lost or half done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import pytest
import yaml

from gradcheck.cli import main
from gradcheck.project.kinds import KINDS
from gradcheck.specification.shipped import NOTATIONS
from halves import some

ROOT = Path(__file__).parents[2]
Output = pytest.CaptureFixture[str]

NETWORKS: dict[str, list[str]] = {
    "as it is": [],
    "deep": ["--layers", "3,4,4,2", "--activation", "tanh"],
    "one layer": ["--layers", "3,1", "--loss", "binary_cross_entropy"],
    "classes": ["--layers", "3,4,3", "--activation", "relu", "--loss", "cross_entropy"],
    "logits": ["--layers", "2 5 3", "--loss", "cross_entropy_with_logits"],
    "many arguments": ["--layers", "2,2,2,2,2,2,2,2,2,2,2,2,2", "--activation", "softplus"],
    "equations": [
        *("--equations", "z = x @ W + b; J = mean(sum((z - y)^2, u), n)"),
        *("--inputs", "x: [n, d], y: [n, u]", "--parameters", "W: [d, u], b: [u]"),
    ],
    "equations without J": [
        *("--equations", "out = g * x^2", "--inputs", "x: [n, d]", "--parameters", "g: [d]"),
    ],
    **{kind: ["--from", kind] for kind in KINDS},
}
FILES = [
    ".github/workflows/gradcheck.yml",
    "README.md",
    "pytest.ini",
    "reference/backpropagation.py",
    "specs/backpropagation.yaml",
    "submissions/student/backpropagation.py",
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-pno:hypothesispytest", "-pno:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_what_is_written(here: Path, capsys: Output) -> None:
    """These files, each of them listed; a dry run lists the same, and writes none."""
    assert main(["init", "my course", "--dry-run"]) == 0
    listed = [line.partition("  ")[0] for line in capsys.readouterr().out.split("\n\n")[0].splitlines()]
    assert sorted(listed) == [f"my course/{name}" for name in FILES]
    assert not (here / "my course").exists()
    assert main(["init", "my course"]) == 0
    assert written(here / "my course") == FILES
    shown = capsys.readouterr().out
    assert all(name in shown for name in listed)
    assert "cd 'my course'" in shown


@pytest.mark.slow
@pytest.mark.parametrize(("network", "notation"), [*zip(NETWORKS, cycle(NOTATIONS), strict=False)])
def test_every_network_and_every_notation(network: str, notation: str, here: Path, capsys: Output) -> None:
    """The solution is right and what students begin with is not, by the command, each quantity named."""
    assert main(["init", "--defaults", "--notation", notation, *NETWORKS[network]]) == 0
    (spec,) = here.glob("specs/*.yaml")
    asked = yaml.safe_load(spec.read_text(encoding="utf-8"))["check"]
    assert asked
    assert main(["spec", "check", "specs"]) == 0
    assert "the reference is right" in capsys.readouterr().out
    assert main(["reference"]) == 0
    assert main(["student"]) == 1
    report = capsys.readouterr().out
    assert report.count("is ..., which stands for what is not written yet") == len(asked)
    (stub,) = here.glob("submissions/student/*.py")
    text = stub.read_text(encoding="utf-8")
    assert "what you like" not in text  # the shape of everything is known
    assert all(f"    {name} = ..." in text for name in asked)


@pytest.mark.slow
@pytest.mark.parametrize("network", some(["as it is", "equations", "conv"], 1))
def test_pytest_and_grade(network: str, here: Path) -> None:
    """Red for what students begin with, green for the solution; and a class can be graded."""
    assert main(["init", "--defaults", *NETWORKS[network]]) == 0
    red = run_pytest(here)
    assert red.returncode == pytest.ExitCode.TESTS_FAILED
    assert "not written yet" in red.stdout
    assert run_pytest(here, "--submission", "reference").returncode == 0
    assert main(["grade", "submissions", "--spec", "specs", "--out", "grades", "--unsafe"]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("spec", sorted(path.name for path in ROOT.glob("specs/*.yaml")))
def test_from_a_spec_that_there_is(spec: str, here: Path, capsys: Output) -> None:
    """With a stub and a solution for its own `run`."""
    assert main(["init", "--from", str(ROOT / "specs" / spec)]) == 0
    assert main(["spec", "check", "specs"]) == 0
    assert "the reference is right" in capsys.readouterr().out
    assert main(["student"]) == 1


def test_from_a_spec_without_run(here: Path, capsys: Output) -> None:
    """The plain contract, dictionaries."""
    (here / "plain.yaml").write_text(
        "# yaml-language-server: $schema=x.json\ntitle: t\nloss: squared_error\n"
        "network: {inputs: 2, layers: [dense: {units: 2}]}\ncheck: [dW1]\n",
        encoding="utf-8",
    )
    assert main(["init", "course", "--from", "plain.yaml", "--name", "first"]) == 0
    text = (here / "course" / "specs" / "first.yaml").read_text(encoding="utf-8")
    assert text.startswith("title: t\n")
    os.chdir("course")
    assert main(["reference"]) == 0
    assert main(["student"]) == 1
    assert "dW1 is ..., which stands for what is not written yet" in capsys.readouterr().out


def test_another_exercise_in_a_course(here: Path, capsys: Output) -> None:
    """Its three files; what the course has stays as it is."""
    main(["init", "--defaults"])
    (here / "README.md").write_text("# ours\n", encoding="utf-8")
    assert main(["init", "--defaults", "--from", "linear"]) == 0
    added = {"specs", "submissions/student", "reference"}
    new = {*written(here)} - {*FILES}
    assert {path.rpartition("/")[0] for path in new} == added
    assert len(new) == 3
    assert (here / "README.md").read_text(encoding="utf-8") == "# ours\n"


@pytest.mark.parametrize("name", some(FILES, 2))
def test_nothing_is_overwritten(name: str, here: Path, capsys: Output) -> None:
    """A file that is there is named, and not one is written."""
    file = here / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("[pytest]\n" if name == "pytest.ini" else "mine", encoding="utf-8")
    assert main(["init", "--defaults"]) == 2
    error = capsys.readouterr().err
    assert name in error
    assert written(here) == [name]


def test_a_folder_with_a_project_file(here: Path) -> None:
    """One that says nothing of pytest is no reason to stop."""
    (here / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert main(["init", "--defaults", "--dry-run"]) == 0


def test_a_folder_that_configures_pytest_otherwise(here: Path, capsys: Output) -> None:
    """A second configuration would hide the first: the line to add is named."""
    (here / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-q'\n", encoding="utf-8")
    assert main(["init", "--defaults"]) == 2
    error = capsys.readouterr().err
    assert f"{here / 'pyproject.toml'} configures pytest already: add to " in error
    assert 'gradcheck_specs = "specs"' in error
    assert written(here) == ["pyproject.toml"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--layers", "2"], "--layers: write the inputs and 1 to 12 layers, for example 2,3,1"),
        (
            ["--layers", "2,0,1"],
            "--layers: '2,0,1' is not a list of widths from 1 to 1000; write, for example, 2,3,1",
        ),
        (["--layers", "2,1e9"], "--layers: '2,1e9' is not a list of widths"),
        (["--layers", "٣,٤"], "--layers: '٣,٤' is not a list of widths"),
        (["--activation", "sigmiod"], "--activation: there is no 'sigmiod'; did you mean sigmoid?"),
        (["--activation", "relu}, x: {y"], "--activation: there is no 'relu}, x: {y'; "),
        (["--loss", "custom"], "--loss: there is no 'custom'; "),
        (["--notation", "neilsen"], "--notation: there is no 'neilsen'; did you mean nielsen?"),
        (["--function", "x"], "--function: x is a quantity of this network; choose another name"),
        (["--function", "dW2"], "--function: dW2 is a quantity of this network"),
        (["--function", "lambda"], "--function: 'lambda' can't be the name of a function here"),
        (["--function", "f(): import os #"], "--function: 'f(): import os #' can't be the name"),
        (["--function", "print"], "--function: 'print' can't be the name of a function here"),
        (["--function", "np"], "--function: 'np' can't be the name of a function here"),
        (["--function", ""], "--function: '' can't be the name of a function here"),
        (["--name", "../../x"], "--name: '../../x' can't be the name of the files"),
        (["--name", "a b"], "--name: 'a b' can't be the name of the files"),
        (["--name", "CON"], "--name: 'CON' can't be the name of the files"),
        (["--name", "x.yaml"], "--name: 'x.yaml' can't be the name of the files"),
        (["--title", "a\nb"], "--title: write one line of at most 200 printable characters"),
        (["--title", " "], "--title: write one line"),
        (["--from", "con"], "--from: there is no 'con'; did you mean conv?"),
        (["--from", "nowhere.yaml"], "nowhere.yaml: the spec can't be read: No such file or directory"),
        (["--from", "conv", "--layers", "2,1"], "--from and --layers state two networks; leave out one"),
        (["--inputs", "x: [n]"], "--inputs goes with --equations"),
        (
            ["--equations", "y = x W", "--inputs", "x: [n"],
            "--inputs: 'x: [n' can't be read; write, for example,",
        ),
        (["--equations", "nowhere"], "nowhere: the spec can't be read"),
        (["--equations", "J = sum(q)", "--inputs", "x: [n]"], "can't make an exercise from this:\ngra"),
        (["--layers", "2,1", "--loss", "nll"], "--layers: nll compares classes; give the last"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_makes_no_sense(arguments: Sequence[str], complaint: str, here: Path, capsys: Output) -> None:
    """The option, what is wrong with it and what to write; nothing is written."""
    assert main(["init", "--defaults", *arguments]) == 2
    assert capsys.readouterr().err.startswith(complaint)
    assert not written(here)


@pytest.mark.parametrize(
    "title",
    some(
        [
            'a: "b" # c',
            "'''\"\"\" \\",
            "{x}",
            "%s {{ }} ${{ secrets }}",
            "Δ, 学生",
            "- [x](y) <b>",
            "null",
            "::error::x",
        ],
        1,
    ),
)
def test_any_title(title: str, here: Path, capsys: Output) -> None:
    """It stands in the spec as it was written, and breaks no file."""
    assert main(["init", "--defaults", "--title", title]) == 0
    spec = yaml.safe_load((here / "specs" / "backpropagation.yaml").read_text(encoding="utf-8"))
    assert spec["title"] == title
    assert yaml.safe_load((here / ".github/workflows/gradcheck.yml").read_text(encoding="utf-8"))["jobs"]
    compile((here / "submissions/student/backpropagation.py").read_text(encoding="utf-8"), "stub", "exec")
    assert main(["reference"]) == 0


@pytest.mark.parametrize("folder", some(["with space", "-dash", "100%", "ü/ö", 'quo"te', "::x", "$HOME"], 1))
def test_any_folder(folder: str, here: Path, capsys: Output) -> None:
    assert main(["init", "--defaults", "--", folder]) == 0
    assert written(here / folder) == FILES
    os.chdir(here / folder)
    assert main(["reference"]) == 0


def test_a_file_in_its_place(here: Path, capsys: Output) -> None:
    (here / "course").write_text("", encoding="utf-8")
    assert main(["init", "course", "--defaults"]) == 2
    assert "course: is not a folder; name another one" in capsys.readouterr().err


def test_questions(here: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal what is open is asked, with its default, again where an answer makes no sense."""
    answers = iter(["2,x", "2,4,1", "", "sqared_error", "squared_error", "ng", "gradients"])
    asked = []

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    terminal(monkeypatch, answer)
    assert main(["init"]) == 0
    assert [question.partition(" ")[0] for question in asked] == [
        *["Widths", "Widths", "Activation", "Loss", "Loss", "Notation", "The"]
    ]
    assert all(question.endswith("]: ") for question in asked)
    assert "did you mean squared_error?" in capsys.readouterr().out
    spec = yaml.safe_load((here / "specs" / "backpropagation.yaml").read_text(encoding="utf-8"))
    assert (spec["notation"], spec["loss"], spec["network"]["inputs"]) == ("ng", "squared_error", 2)
    assert "gradients(X, Y, W1, b1, W2, b2)" in spec["submission"]["run"]


@pytest.mark.parametrize(
    ("arguments", "answers", "complaint"),
    [
        ([], ["2,3,1", "", "cross_entropy", "", "", ""], "cross_entropy compares classes"),
        (["--loss", "cross_entropy"], ["", "2,3,2", "", "", ""], "cross_entropy compares classes"),
    ],
)
def test_answers_that_do_not_go_together(
    arguments: list[str],
    answers: list[str],
    complaint: str,
    here: Path,
    capsys: Output,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What doesn't fit is asked again at once, and no answer is lost; choices are listed."""
    typed, asked = iter(answers), []

    def answer(question: str) -> str:
        asked.append(question)
        return next(typed)

    terminal(monkeypatch, answer)
    assert main(["init", *arguments, "--dry-run"]) == 0
    assert complaint in capsys.readouterr().out
    assert any("sigmoid, " in question for question in asked)
    assert next(typed, None) is None


@pytest.mark.parametrize("arguments", [["--defaults"], ["--from", str(ROOT / "specs" / "conv_layer.yaml")]])
def test_no_questions(
    arguments: list[str], here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """--defaults asks nothing, and neither does what leaves nothing open."""

    def refuse(question: str) -> str:
        raise AssertionError(question)

    terminal(monkeypatch, refuse)
    assert main(["init", *arguments]) == 0


def test_an_end_to_questions(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Ctrl-D writes nothing."""

    def end(_: str) -> str:
        raise EOFError

    terminal(monkeypatch, end)
    assert main(["init"]) == 2
    assert "nothing is written" in capsys.readouterr().err
    assert not written(here)


def terminal(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    """Let both ends be a terminal, and questions be answered so."""
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answer)


def test_a_solution_that_is_not_right(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Nothing is written where the trial fails."""
    monkeypatch.setattr("gradcheck.report.code.code", lambda spec: "raise ValueError")
    assert main(["init", "--defaults"]) == 2
    assert capsys.readouterr().err.startswith("nothing is written: no right solution was found: dW2")
    assert not written(here)
