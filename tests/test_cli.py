"""The command: its exit status, what it prints, and what it does not import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exercise import DOUBLED, RIGHT, SPEC, exercise, hand_in, instead
from gradcheck import __version__
from gradcheck.checker import Checker
from gradcheck.cli import main
from gradcheck.commands.status import STATUSES
from gradcheck.commands.table import COMMANDS
from gradcheck.verdict.records import Status

SCHEMA = Path(__file__).parent.parent / "harness" / "gradcheck" / "schema.json"
FUNCTIONS = """\
import numpy as np

def cube(x):
    return np.sum(x**3)

def slope(x):
    return 3 * x**2

def forgotten(x):
    return 2 * x**2

def square(x):
    return np.sum(x**2), 2 * x
"""
BROKEN = SPEC.replace("sigmoid}", "sigmiod}")

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two submissions and a file of functions; the command runs in its folder."""
    exercise(tmp_path, right=RIGHT, doubled=DOUBLED)
    (tmp_path / "functions.py").write_text(FUNCTIONS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own that imports `main` and executes the code."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; from gradcheck.cli import main; {code}", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("right --spec specs/layer.yaml", 0),
        ("right --spec specs", 0),
        ("submissions/right.py --spec specs", 0),
        ("right.py --spec specs", 0),
        ("doubled --spec specs", 1),
        ("functions.py:cube --grad slope", 0),
        ("functions.py:cube --grad slope --at x=[1,2,3] --wrt x", 0),
        ("functions.py:square", 0),
        ("functions.py:cube --grad forgotten --rtol 0.5", 0),
        ("functions.py:cube --grad forgotten --at x=[1.,2] --atol 4 --seconds 5", 0),
        ("functions.py:cube --grad forgotten", 1),
        ("spec check specs", 0),
        ("spec show specs/layer.yaml", 0),
        ("spec schema", 0),
    ],
)
def test_exit_status(arguments: str, status: int, capsys: Output) -> None:
    """0 where all is right, 1 where something is wrong; the report goes to the standard output."""
    assert main(arguments.split()) == status
    out, err = capsys.readouterr()
    assert out
    assert not err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("rihgt --spec specs", "rihgt: no such submission in submissions. Did you mean right?"),
        ("other/anna.py --spec specs", "other/anna.py: there is no such file or folder"),
        ("right --spec nowhere.yaml", "nowhere.yaml: the spec can't be read: No such file or directory"),
        ("right --spec submissions", "submissions: no spec (.yaml) in this folder"),
        ("right", "right: give a spec with --spec SPEC, or a function as FILE.py:FUNCTION"),
        ("right --spec specs --grad slope", "--grad goes with FILE.py:FUNCTION, not with --spec"),
        ("right --spec specs --rtol 0.1 --wrt x", "--wrt and --rtol go with FILE.py:FUNCTION, not with"),
        ("functions.py:cube --grad slope --atol -1", "atol is -1.0; give a number that is not negative"),
        ("right --spec specs --output nowhere/report.txt", "nowhere/report.txt: cannot be written (No such"),
        ("functions.py:cubes --grad slope", "functions.py: there is no function 'cubes'; did you mean cube?"),
        ("functions.py:cube --grad slope --at y=3", "--at: there is no argument 'y'"),
        ("nowhere.py:cube --grad slope", "nowhere.py: there is no such file or folder"),
        ("spec show nowhere.yaml", "nowhere.yaml: the spec can't be read"),
    ],
)
def test_what_cannot_be_judged(arguments: str, complaint: str, capsys: Output) -> None:
    """Status 2, nothing on the standard output, and first of all what is wrong."""
    assert main(arguments.split()) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith(complaint)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("right --spec specs --colour never", "gradcheck: error: unrecognized arguments: --colour never"),
        ("", "gradcheck: error: the following arguments are required: TARGET"),
        ("right --format xml", "gradcheck: error: argument --format: invalid choice: 'xml'"),
        ("spec", "gradcheck spec: error: the following arguments are required: check|show|schema"),
        ("spec chekc specs", "gradcheck spec: error: argument check|show|schema: invalid choice: 'chekc'"),
    ],
)
def test_misspelt_arguments(arguments: str, complaint: str, capsys: Output) -> None:
    """Arguments that make no sense end the command with status 2 and say which they are."""
    with pytest.raises(SystemExit) as stop:
        main(arguments.split())
    assert stop.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.slow
def test_a_broken_spec_among_good_ones(project: Path, capsys: Output) -> None:
    """The others still get their verdicts; all complaints follow, and the status is 2."""
    (project / "specs" / "a_broken.yaml").write_text(BROKEN, encoding="utf-8")
    (project / "specs" / "z_good.yaml").write_text(SPEC, encoding="utf-8")
    assert main(["doubled", "--spec", "specs"]) == 2
    out, err = capsys.readouterr()
    assert "specs/layer.yaml · doubled" in out
    assert "specs/z_good.yaml · doubled" in out
    assert err.startswith("specs/a_broken.yaml:2:61: there is no activation sigmiod\n")


@pytest.mark.slow
def test_several_specs(project: Path, capsys: Output) -> None:
    """--spec may be repeated; the verdicts come in the given order."""
    (project / "specs" / "another.yaml").write_text(SPEC, encoding="utf-8")
    main(["right", "--spec", "specs/layer.yaml", "--spec", "specs/another.yaml"])
    heads = [line.split(" · ")[0] for line in capsys.readouterr().out.splitlines() if " · right" in line]
    assert heads == ["specs/layer.yaml", "specs/another.yaml"]


def no_constants(name: str) -> Any:
    """For json.loads: NaN and the infinities are no JSON."""
    raise AssertionError(name)


def test_json(project: Path, capsys: Output) -> None:
    """A document of version 2, without NaN even where a submission gives nothing else."""
    hand_in(project, lost=instead("return np.nan * dW, db"))
    assert main(["lost", "--spec", "specs", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out, parse_constant=no_constants)
    (result,) = document["results"]
    assert document["version"] == 2
    assert (result["submission"], result["status"], result["points"]) == ("lost", "wrong", 1)
    assert [q["status"] for q in result["quantities"]] == ["wrong", "right"]


def test_json_where_no_spec_is_good(project: Path, capsys: Output) -> None:
    """Still a document, with no results in it."""
    (project / "specs" / "layer.yaml").write_text(BROKEN, encoding="utf-8")
    assert main(["right", "--spec", "specs", "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["results"] == []


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json"])
def test_output_to_a_file(project: Path, capsys: Output, form: str) -> None:
    """--output writes the same report, without colour, and nothing to the terminal."""
    main(["doubled", "--spec", "specs", "--format", form, "--color", "never"])
    printed = capsys.readouterr().out
    assert main(["doubled", "--spec", "specs", "--format", form, "--output", "report"]) == 1
    assert capsys.readouterr().out == ""
    assert (project / "report").read_text(encoding="utf-8") == printed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "environment", "coloured"),
    [
        ("always", {}, True),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour(
    choice: str, environment: dict[str, str], coloured: bool, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option decides; by default what no terminal shows has no colour, and NO_COLOR forbids it."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    main(["doubled", "--spec", "specs", "--color", choice])
    assert ("\x1b[" in capsys.readouterr().out) is coloured


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 100])
def test_lines_fit_the_terminal(columns: int, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is longer than the terminal is wide."""
    monkeypatch.setenv("COLUMNS", str(columns))
    main(["doubled", "--spec", "specs"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= columns


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_explains_itself(name: str) -> None:
    """Its help names it, what it does and what its status means, and comes without NumPy."""
    code = "import atexit; atexit.register(lambda: print('numpy' in sys.modules)); main()"
    done = command(code, *name.split(), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage:")
    assert f"gradcheck {name}".strip() in done.stdout
    assert "exit status: 0" in done.stdout
    assert done.stdout.endswith("False\n")
    assert not done.stderr


def test_the_help_lists_every_command(capsys: Output) -> None:
    """One line each, with what it takes and what for."""
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for name, entry in COMMANDS.items():
        (line,) = (line for line in text.splitlines() if line.startswith(f"  gradcheck {name} "))
        assert entry.arguments in line
        assert line.endswith(entry.about)
    assert len({entry.about for entry in COMMANDS.values()}) == len(COMMANDS)


def test_version(capsys: Output) -> None:
    """The installed version, and nothing else."""
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"gradcheck {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "guess"),
    [
        ("right --spce specs", "did you mean --spec by --spce?"),
        ("right --spec specs --colour=never", "did you mean --color by --colour?"),
        ("grade submissions --spce specs --out out", "did you mean --spec by --spce?"),
        ("gradebook out --wrost", "did you mean --worst by --wrost?"),
        ("mistakes --notatoin ng", "did you mean --notation by --notatoin?"),
        ("formula x --epxlain", "did you mean --explain by --epxlain?"),
    ],
)
def test_a_misspelt_option_is_guessed(arguments: str, guess: str, capsys: Output) -> None:
    """The message names the option that may have been meant."""
    with pytest.raises(SystemExit) as stop:
        main(arguments.split())
    assert stop.value.code == 2
    assert capsys.readouterr().err.strip().endswith(guess)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_misspelt_command_is_guessed(name: str, project: Path, capsys: Output) -> None:
    """A word that nothing is called by may have been meant as a command; a submission's name is none."""
    word = name[:-2] + name[-1] + name[-2]
    assert main([word, "specs"]) == 2
    assert capsys.readouterr().err.endswith(f"did you mean {name}?\n")
    hand_in(project, **{word: RIGHT})
    assert main([word, "--spec", "specs"]) == 0


def test_help(capsys: Output) -> None:
    """The help names the three uses, every option, and what the exit status means."""
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    for part in (
        "gradcheck FILE.py:FUNCTION",
        "gradcheck SUBMISSION --spec SPEC",
        "gradcheck spec check|show|schema",
        *("--grad", "--at", "--wrt", "--jacobian", "--format", "--output", "--color"),
        "exit status: 0 all right, 1 something wrong, 2 could not judge",
    ):
        assert part in text


def test_statuses_are_those_of_verdicts() -> None:
    """What the gradebook is filtered by."""
    assert tuple(map(str, Status)) == STATUSES


def test_a_fault_after_the_report_costs_nothing(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for the next wrong answer is no part of this one's verdict."""

    def broken(questions: object) -> None:
        raise IndexError("no equation")

    monkeypatch.setattr("gradcheck.diagnosis.questions.Questions.keep_table", broken)
    assert main(["doubled", "--spec", "specs/layer.yaml"]) == 1
    shown = capsys.readouterr()
    assert "dW1  WRONG" in shown.out
    assert "internal error of gradcheck (stage diagnose: IndexError at " in shown.err


@pytest.mark.slow
def test_what_was_answered_before_an_error_counts(project: Path, capsys: Output) -> None:
    """`run` raises in its last line: what it has set is judged, in a process of its own, too."""
    lines = "\n  run: |\n    dW1, db1 = gradients(x, y, W1, b1)\n    extra = nothing\n"
    spec = SPEC.replace(
        '{file: layer.py, run: "dW1, db1 = gradients(x, y, W1, b1)"}', f"\n  file: layer.py{lines}"
    )
    (project / "specs" / "layer.yaml").write_text(spec, encoding="utf-8")
    assert main(["doubled", "--spec", "specs"]) == 1
    out = capsys.readouterr().out
    assert "1 of 2 right, 1 of 2 points" in out
    assert (
        "NameError: name 'nothing' is not defined; the spec gives W1, b1, x, y; doubled.py defines gradients"
        in " ".join(out.split())
    )
    assert "at layer.yaml:8" in out


@pytest.mark.slow
def test_spec_check(project: Path, capsys: Output) -> None:
    """Each spec is fine or complained about, in the order of their names."""
    (project / "specs" / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    assert main(["spec", "check", "specs"]) == 2
    out = capsys.readouterr().out
    assert out.startswith("specs/broken.yaml:2:61: there is no activation sigmiod\n")
    assert out.endswith("fine; 2 quantities to check in 2 cases; run takes gradients from layer.py\n")


def test_spec_show(capsys: Output) -> None:
    """What is shown names the network, how it is called, and every checked quantity with its shape."""
    assert main(["spec", "show", "specs/layer.yaml"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "run dW1, db1 = gradients(x, y, W1, b1)" in lines
    assert "dW1 (3, 2) 1 point" in lines
    assert "db1 (2,) 1 point" in lines
    assert any(line.startswith("layer 1 dense, sigmoid") for line in lines)


def test_spec_schema(capsys: Output) -> None:
    """The schema is the file that editors read."""
    assert main(["spec", "schema"]) == 0
    assert capsys.readouterr().out == SCHEMA.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("event", "last"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (
            AttributeError("a slip"),
            "this is a fault of gradcheck itself; it says nothing about the submission",
        ),
    ],
    ids=["Ctrl-C", "a fault"],
)
def test_breaking_off(
    event: BaseException, last: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither Ctrl-C nor a fault of the harness looks like a wrong submission, whose status is 1."""

    def break_off(*_: object) -> None:
        raise event

    monkeypatch.setattr(Checker, "check", break_off)
    assert main(["right", "--spec", "specs"]) == 2
    err = capsys.readouterr().err
    assert err.endswith(f"{last}\n")
    assert ("Traceback" in err) is isinstance(event, AttributeError)


def test_nobody_reads_on() -> None:
    """A reader that leaves early, such as head, ends the command without a word."""
    code = "import os; read, write = os.pipe(); os.close(read); os.dup2(write, 1); sys.exit(main())"
    done = command(code, "spec", "schema")
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.slow
@pytest.mark.parametrize("arguments", ["spec show specs/layer.yaml", "doubled --spec specs"])
def test_a_terminal_without_unicode(arguments: str) -> None:
    """What an encoding lacks is replaced."""
    main(arguments.split())
    done = command("sys.exit(main())", *arguments.split(), PYTHONIOENCODING="ascii")
    assert not done.stderr
    assert "?" in done.stdout


WARM = """
import sys
import numpy  # what it brings along depends on its version
before = {*sys.modules}
from gradcheck.cli import main
status = main()
print(*{*sys.modules} - before, file=sys.stderr)
sys.exit(status)
"""
HEAVY = """
torch pydantic yaml pytest _pytest asyncio concurrent decimal difflib email fractions http logging
multiprocessing sqlite3 unittest xml
"""
EITHER = """
arrays boundary cli commands digits errors files formats report shortage spelling submission text verdict
"""
AGAINST_A_SPEC = "checker diagnosis edits inquiry mistakes oracle quantity slopes specification"


@pytest.mark.parametrize(
    ("arguments", "packages"),
    [
        pytest.param("right --spec specs/layer.yaml", AGAINST_A_SPEC, marks=pytest.mark.slow),
        ("doubled --spec specs/layer.yaml", AGAINST_A_SPEC),
        pytest.param("functions.py:cube --grad slope", "function", marks=pytest.mark.slow),
    ],
    ids=["spec", "wrong", "function"],
)
def test_what_a_warm_run_loads(arguments: str, packages: str) -> None:
    """Where all is kept, and for a function: no PyTorch, no parser of YAML, no layer, no catalogue."""
    status = main(arguments.split())
    run = [sys.executable, "-c", WARM, *arguments.split()]
    done = subprocess.run(run, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == status, done.stderr
    loaded = done.stderr.split()
    assert not {name.partition(".")[0] for name in loaded} & {*HEAVY.split()}
    assert {name.split(".")[1] for name in loaded if name.startswith("gradcheck.")} == {
        *EITHER.split(),
        *packages.split(),
    }


def test_not_even_numpy() -> None:
    """What checks nothing imports nothing."""
    done = command("main(); sys.exit('numpy' in sys.modules)", "spec", "schema")
    assert done.returncode == 0
