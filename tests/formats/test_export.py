"""What is exported runs where there is no PyTorch, and gives true results whatever is handed in."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import schemas
import yaml
from consumers import annotations_of, classroom_points, strict
from containers import bare_python, run, unpack

from exercise import DOUBLED, RIGHT, SPEC, exercise, instead
from gradcheck.cli import main
from gradcheck.formats.systems import SYSTEMS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="strangers' code is held on Linux"),
]

ROOT = Path(__file__).parent.parent.parent
QUICK = SPEC.replace("{file: layer.py,", "{file: layer.py, seconds: 2,")
"""With little time, as endless loops are waited for."""
LATER = ("--hidden-visibility", "after_published")
SECRET = "reference: ../solutions/right.py\n"
FORGED = json.dumps({"score": 1.0, "gradable": True, "tests": []})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exercise with a hidden spec and a reference beside it."""
    folder = tmp_path_factory.mktemp("project")
    exercise(folder, spec=QUICK + SECRET)
    for name, text in (("hidden", QUICK.replace("One layer", "Hidden layer")), ("solutions", RIGHT)):
        (folder / name).mkdir()
        suffix = ".yaml" if name == "hidden" else ".py"
        (folder / name / f"{'layer' if name == 'hidden' else 'right'}{suffix}").write_text(text, "utf-8")
    return folder


def export(project: Path, name: str, out: str, *more: str) -> Path:
    """What `gradcheck export` writes for that system."""
    specs = ["--spec", str(project / "specs"), "--hidden", str(project / "hidden")]
    assert main(["export", name, *specs, "--out", str(project / out), *more]) == 0
    return project / out


@pytest.fixture(scope="module")
def autograder(project: Path) -> Path:
    """Gradescope's folder /autograder, as its image has it."""
    root = project / "autograder"
    (root / "source").mkdir(parents=True)
    unpack(export(project, "gradescope", "autograder.zip", *LATER), root / "source")
    bare_python(root / "source" / "venv")
    people = {"users": [{"name": "Zoë O'Neil", "email": "z@example.org", "id": 1}, {"name": '"; rm -rf /'}]}
    (root / "submission_metadata.json").write_text(json.dumps(people), encoding="utf-8")
    return root


def _handed_in(folder: Path, code: str | None, file: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / file).parent.mkdir(parents=True)
    if code is not None:
        (folder / file).write_text(code, encoding="utf-8")


def grade(root: Path, code: str | None, file: str = "layer.py") -> dict[str, Any]:
    """Gradescope's results of a submission, which its schema takes."""
    _handed_in(root / "submission", code, file)
    shutil.rmtree(root / "results", ignore_errors=True)
    done = run(root / "source" / "run_autograder", AUTOGRADER_ROOT=os.path.relpath(root))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (root / "results").iterdir()] == ["results.json"]
    data: dict[str, Any] = strict((root / "results" / "results.json").read_text("utf-8"))
    schemas.check(data, schemas.GRADESCOPE)
    assert sum(test["max_score"] for test in data["tests"]) == 4
    return data


def test_a_right_answer_gets_all_points(autograder: Path) -> None:
    data = grade(autograder, RIGHT)
    assert data["score"] == 4
    assert {test["status"] for test in data["tests"]} == {"passed"}
    assert [(*test["tags"], test["visibility"]) for test in data["tests"]] == [
        *[("specs/layer.yaml", "right", "visible")] * 2,
        *[("hidden/layer.yaml", "right", "after_published")] * 2,
    ]
    assert data["extra_data"]["complete"] is True


@pytest.mark.parametrize("file", ["hw1/layer (1).py", "Layer.py"])
def test_files_are_taken_as_they_lie(autograder: Path, file: str) -> None:
    assert grade(autograder, RIGHT, file)["score"] == 4


def test_a_wrong_answer_is_explained(autograder: Path) -> None:
    """The shown spec says what the mistake is, without PyTorch; the hidden one that it is wrong."""
    data = grade(autograder, DOUBLED)
    assert data["score"] == 2
    shown, _, hidden, _ = data["tests"]
    assert "You have" in shown["output"]
    assert "It should be" in shown["output"]
    assert hidden["status"] == "failed"
    assert hidden["output"] == "```text\ndW1 wrong. The report on this quantity is withheld.\n```"


HOSTILE = {
    "ends itself": "import os\nos._exit(0)\n",
    "ends itself when called": "import os\n" + instead("os._exit(0)"),
    "loops": instead("while True: pass"),
    "prints results": f"print({FORGED!r})\n" + DOUBLED,
    "writes results": f"""\
import glob, os
for path in ("/autograder/results/results.json", "ROOT/results/results.json", *glob.glob("/tmp/**/*.json")):
    try:
        open(path, "w").write({FORGED!r})
    except OSError:
        pass
"""
    + DOUBLED,
    "reads the answers": """\
import os
for folder in ("ROOT/source/answers", "ROOT/source/specs", "ROOT/source/hidden"):
    try:
        print("SEEN", os.listdir(folder))
    except OSError:
        pass
"""
    + DOUBLED,
    "kills its parents": instead("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(-1, 9)"),
    "prints commands": 'print("::error::forged\\x1b[31m")\nprint("]]>" * 10**6)\n' + DOUBLED,
    "is no Python": "def gradients(x:\n",
    "says nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_is_handed_in_gets_more_than_it_earns(autograder: Path, name: str) -> None:
    """Forged, broken and endless code: the results are there, whole, and those of its gradients."""
    data = grade(autograder, HOSTILE[name].replace("ROOT", str(autograder)))
    assert data["score"] == (2 if HOSTILE[name].endswith(DOUBLED) else 0)
    assert "SEEN" not in json.dumps(data)
    assert {test["status"] for test in data["tests"]} >= {"failed"}


def test_nothing_handed_in(autograder: Path) -> None:
    data = grade(autograder, None)
    assert data["score"] == 0
    assert "layer.py: there is no such file" in data["tests"][0]["output"].replace("\n       ", " ")


@pytest.mark.parametrize("status", ["exit 137", "exit 0", "sleep 1; kill -9 $$"])
def test_a_run_that_breaks_off(autograder: Path, status: str) -> None:
    """No grade is made up, all that was asked still counts, and it says that nobody's work is at fault."""
    python = autograder / "source" / "venv" / "bin" / "python"
    kept = python.with_name("kept")
    python.rename(kept)
    try:
        python.write_text(f"#!/bin/sh\n{status}\n", encoding="utf-8")
        python.chmod(0o755)
        data = grade(autograder, RIGHT)
    finally:
        kept.replace(python)
    assert data["score"] == 0
    assert data["extra_data"]["complete"] is False
    assert "This says nothing about what you handed in" in data["output"].replace("\n", " ")


def test_answers_that_are_lost(autograder: Path) -> None:
    """Without them, and without PyTorch, nothing can be judged: it is said, and is no zero that counts."""
    answers = autograder / "source" / "answers"
    answers.rename(answers.with_name("kept"))
    try:
        _handed_in(autograder / "submission", RIGHT, "layer.py")
        run(autograder / "source" / "run_autograder", AUTOGRADER_ROOT=str(autograder))
    finally:
        shutil.rmtree(answers, ignore_errors=True)
        answers.with_name("kept").rename(answers)
    data = strict((autograder / "results" / "results.json").read_text("utf-8"))
    schemas.check(data, schemas.GRADESCOPE)
    assert (data["score"], data["extra_data"]["complete"]) == (0, False)


def test_no_sandbox_no_grade(autograder: Path) -> None:
    """Where hostile code can't be held, nothing is run, and one line says so."""
    spoiler = "import gradcheck.submission.runner as r\nfrom gradcheck.submission.protection import LIGHT\n"
    spoiler += "r.Runner.protection = property(lambda self: LIGHT)\n"
    site = next((autograder / "source" / "venv").glob("lib/python*/site-packages"))
    (site / "sitecustomize.py").write_text(spoiler, encoding="utf-8")
    try:
        data = grade_of_any_size(autograder, RIGHT)
    finally:
        (site / "sitecustomize.py").unlink()
    assert data["score"] == 0
    assert "hostile code can't be held on this machine" in data["output"]


def grade_of_any_size(root: Path, code: str) -> dict[str, Any]:
    """The same, where specs may be without tests."""
    _handed_in(root / "submission", code, "layer.py")
    run(root / "source" / "run_autograder", AUTOGRADER_ROOT=os.path.relpath(root))
    data: dict[str, Any] = strict((root / "results" / "results.json").read_text("utf-8"))
    schemas.check(data, schemas.GRADESCOPE)
    return data


def test_what_the_zip_holds(project: Path, autograder: Path) -> None:
    """Programs at its root, this package, and neither references nor paths of the machine that made it."""
    with zipfile.ZipFile(project / "autograder.zip") as archive:
        names = archive.namelist()
        content = b"".join(archive.read(name) for name in names if not name.startswith("lib/"))
        modes = {name: archive.getinfo(name).external_attr >> 16 & 0o777 for name in names}
    assert {"setup.sh", "run_autograder"} <= {*names}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert not [name for name in names if "solutions" in name or name.endswith("/right.py")]
    assert b"def gradients" not in content
    assert str(project).encode() not in content
    package = {path.relative_to(ROOT / "harness").as_posix() for path in (ROOT / "harness").rglob("*.py")}
    assert {f"lib/{path}" for path in package} <= {*names}


PROGRAMS = ROOT / "benchmarks" / "programs" / "open"


@pytest.mark.parametrize("kind", ["attention_head", "conv_stride", "rnn_tagger", "triplet"])
def test_specs_of_every_kind(
    autograder: Path, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Layers and equations: what is wrong there, and why, is what it is where PyTorch is installed."""
    spec = str(PROGRAMS / "specs" / f"{kind}.yaml")
    (tmp_path / "source").mkdir()
    unpack(export_one(spec, tmp_path / "autograder.zip"), tmp_path / "source")
    (tmp_path / "source" / "venv").symlink_to(autograder / "source" / "venv")
    for program in sorted((PROGRAMS / "programs" / kind).iterdir())[:2]:
        capsys.readouterr()
        main([str(program), "--spec", spec, "--format", "json"])
        here = json.loads(capsys.readouterr().out)["results"][0]
        shutil.copytree(program, tmp_path / "submission", dirs_exist_ok=True)
        done = run(tmp_path / "source" / "run_autograder", AUTOGRADER_ROOT=str(tmp_path))
        there = strict((tmp_path / "results" / "results.json").read_text("utf-8"))
        assert there["extra_data"]["complete"], done.stderr
        assert there["score"] == here["points"]
        statuses = [(test["extra_data"]["quantity"], test["extra_data"]["status"]) for test in there["tests"]]
        assert statuses == [(q["symbol"], q["status"]) for q in here["quantities"]]
        reports = "".join(test["output"] for test in there["tests"])
        for correction in here["diagnosis"]["corrections"] if here["diagnosis"] else ():
            assert correction["yours"].split()[0] in reports
            assert "You have" in reports


def export_one(spec: str, path: Path) -> Path:
    """The autograder of one spec."""
    assert main(["export", "gradescope", "--spec", spec, "--out", str(path)]) == 0
    return path


def test_the_same_specs_make_the_same_zip(project: Path, autograder: Path) -> None:
    again = export(project, "gradescope", "again.zip", *LATER)
    with zipfile.ZipFile(project / "autograder.zip") as one, zipfile.ZipFile(again) as other:
        assert one.namelist() == other.namelist()
    assert (project / "autograder.zip").stat().st_size == again.stat().st_size


def test_prairielearn(project: Path) -> None:
    """The question's tests give results that PrairieLearn takes, with the image's packages alone."""
    folder = export(project, "prairielearn", "prairielearn", "--seconds", "600")
    root = project / "grade"
    shutil.copytree(folder / "question" / "tests", root / "tests")
    python = bare_python(project / "image")
    info = strict((folder / "question" / "info.json").read_text("utf-8"))
    assert info["externalGradingOptions"]["timeout"] == 600
    assert 'file-names="layer.py"' in (folder / "question" / "question.html").read_text("utf-8")
    assert os.access(root / "tests" / "run.sh", os.X_OK)
    for code, gradable, share in ((RIGHT, True, 1.0), (DOUBLED, True, 0.5), (None, False, 0.0)):
        _handed_in(root / "student", code, "layer.py")
        run(root / "tests" / "run.sh", GRADE_ROOT=os.path.relpath(root), GRADE_PYTHON=str(python))
        data = strict((root / "results" / "results.json").read_text("utf-8"))
        schemas.check(data, schemas.PRAIRIELEARN)
        assert (data["gradable"], data["score"]) == (gradable, share)


def test_github(project: Path) -> None:
    """The action annotates the student's file, and Classroom gets points, also where nothing can be run."""
    folder = export(project, "github", "github")
    for name in ("action.yml", "workflows/gradcheck.yml", "workflows/classroom.yml"):
        assert yaml.safe_load((folder / name).read_text("utf-8"))
    workspace, python = project / "repository", bare_python(project / "runner")
    _handed_in(workspace, instead("return dW, db, 1 / 0"), "hw1/layer.py")
    told = {
        "GITHUB_WORKSPACE": str(workspace),
        "SUBMISSION": ".",
        "FORMAT": "classroom",
        "GITHUB_STEP_SUMMARY": str(project / "summary.md"),
        "GITHUB_OUTPUT": str(project / "outputs"),
    }
    done = run(folder / "run.sh", PYTHON=str(python), **told)
    assert done.returncode == 1, done.stderr
    failure = annotations_of(done.stdout)[0]
    assert (failure.properties["file"], failure.properties["line"]) == ("hw1/layer.py", "10")
    assert "withheld" not in done.stdout
    earned, possible, _ = classroom_points((project / "outputs").read_text("utf-8").strip())
    assert (earned, possible) == (0, 4)
    assert "ZeroDivisionError" in (project / "summary.md").read_text("utf-8")
    (project / "outputs").unlink()
    (project / "outputs").touch()
    done = run(folder / "run.sh", PYTHON="/bin/false", **told)
    assert done.returncode == 1
    earned, possible, data = classroom_points((project / "outputs").read_text("utf-8").strip())
    assert (earned, possible, data["status"]) == (0, 4, "error")


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_is_in_the_guide(name: str) -> None:
    """With what is exported, and how."""
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert f"gradcheck export {name} " in page
    assert f"| `{name}` | {SYSTEMS[name].about} |" in page


def test_what_cannot_be_exported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong reference, too little time, a folder in use: one message, and nothing is written."""
    broken = project / "broken"
    broken.mkdir()
    exercise(broken, spec=QUICK + "reference: wrong.py\n")
    (broken / "specs" / "wrong.py").write_text(DOUBLED, encoding="utf-8")
    for arguments, complaint in (
        (
            ["github", "--spec", "specs", "--out", str(project / "x"), "--hidden-visibility", "hidden"],
            "--hidden-visibility: github shows all results at once; leave it out",
        ),
        (
            ["gradescope", "--spec", str(broken / "specs"), "--out", str(project / "x")],
            "wrong.py is not right",
        ),
        (
            ["gradescope", "--spec", str(project / "specs"), "--out", str(project / "x"), "--seconds", "20"],
            "grading one submission may take 37 s",
        ),
        *(
            (
                [name, "--spec", str(project / "specs"), "--out", str(project / "x"), "--seconds", seconds],
                f"--seconds {seconds}: {name} lets a run take at most {SYSTEMS[name].most_seconds} s",
            )
            for name in SYSTEMS
            for seconds in ("0", "-5", str(SYSTEMS[name].most_seconds + 1))
        ),
        (
            ["github", "--spec", str(project / "specs"), "--out", str(project / "x"), "--package", "a; b"],
            "--package 'a; b': write a package's name",
        ),
        (
            ["github", "--spec", str(project / "specs"), "--out", str(project / "specs")],
            "exists already",
        ),
        (
            ["gradescope", "--spec", str(project / "specs"), "--out", str(project / "no" / "x.zip")],
            "cannot be written",
        ),
    ):
        assert main(["export", *arguments]) == 2
        assert complaint in capsys.readouterr().err
    assert not (project / "x").exists()
