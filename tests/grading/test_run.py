"""A class graded from one end to the other."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from exercise import DOUBLED, RIGHT, exercise, hand_in, instead
from gradcheck.cli import main
from gradcheck.formats.dashboard import page
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.intake.records import visible
from gradcheck.grading.run import GRADEBOOK

pytestmark = pytest.mark.slow

GRADE = ["grade", "submissions", "--spec", "specs", "--out", "out", "--jobs", "2"]
CRASHES = "def gradients(*inputs):\n    raise ValueError('no idea')\n"
LOOPS = "def gradients(*inputs):\n    while True:\n        pass\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of four."""
    exercise(tmp_path, anna=RIGHT, ben=DOUBLED, carl=CRASHES, dora=RIGHT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def points(project: Path) -> dict[str, str]:
    """Each submission's total, from the CSV file."""
    table = csv.DictReader(io.StringIO((project / "out" / "grades.csv").read_text(encoding="utf-8")))
    return {row["submission"]: row["total"] for row in table}


def test_a_class(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command: a table on stdout, progress on stderr, grades in files, and exit status 0."""
    assert main(GRADE) == 0
    out, err = capsys.readouterr()
    assert points(project) == {"anna": "2", "ben": "1", "carl": "0", "dora": "2"}
    assert "isolation: " in err
    assert "4 submissions graded in" in err
    assert "4 submissions: 2 all right, 1.25 of 2 points on average." in out
    document = json.loads((project / "out" / "grades.json").read_text(encoding="utf-8"))
    assert len(document["results"]) == 4
    assert document["runs"][0]["seed"] == document["results"][0]["seed"]


def test_what_is_graded_stays_graded(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run grades nothing, a changed submission alone is graded again, --fresh grades all."""
    assert main(GRADE) == 0
    assert main(GRADE) == 0
    assert "0 submissions graded" in capsys.readouterr().err
    hand_in(project, ben=RIGHT)
    assert main(GRADE) == 0
    assert "1 submission graded" in capsys.readouterr().err
    assert points(project)["ben"] == "2"
    assert main([*GRADE, "--fresh"]) == 0
    assert "4 submissions graded" in capsys.readouterr().err


def test_a_seed_repeats_a_run(project: Path) -> None:
    """The same seed gives the same reports, number by number."""
    texts = []
    for _ in range(2):
        assert main([*GRADE, "--seed", "5", "--fresh"]) == 0
        with Gradebook.reading(project / "out" / GRADEBOOK) as book:
            texts.append([(row.submission, row.data) for row in book.rows()])
    assert texts[0] == texts[1]


def test_one_bad_submission_costs_itself_alone(project: Path) -> None:
    """An endless loop, a death and a forgery leave the others' grades as they are."""
    hand_in(project, eve=LOOPS, fay=instead("import os; os._exit(0)"), gus="import os\nos._exit(3)\n")
    spec = project / "specs" / "layer.yaml"
    spec.write_text(
        spec.read_text(encoding="utf-8").replace("submission: {", "submission: {seconds: 5, "), "utf-8"
    )
    assert main(GRADE) == 0
    expected = {"anna": "2", "ben": "1", "carl": "0", "dora": "2", "eve": "0", "fay": "0", "gus": "0"}
    assert points(project) == expected


def test_hidden_specs_withhold(project: Path) -> None:
    """Of a hidden spec there are verdicts, and nothing that the code printed or where it failed."""
    (project / "hidden").mkdir()
    shutil.copy(project / "specs" / "layer.yaml", project / "hidden" / "layer.yaml")
    hand_in(project, spy=instead("print(x); raise ValueError(str(x))"))
    assert main([*GRADE, "--hidden", "hidden"]) == 0
    with Gradebook.reading(project / "out" / GRADEBOOK) as book:
        for row in book.rows():
            data = json.loads(row.data)
            if row.hidden and row.submission == "spy":
                assert data["output"] is None
                assert data["failure"] is None
                assert "ValueError" not in row.data
            elif row.hidden and row.submission == "ben":
                assert row.explanations == (("stray-constant",),)
                assert data["diagnosis"] is None
                assert not any(quantity["follows_from"] for quantity in data["quantities"])
                assert "stray-constant" not in row.data
            elif row.submission == "spy":
                assert data["output"]


def test_hidden_numbers_are_not_carried_over(project: Path) -> None:
    """What code has seen of a hidden spec it can't print in one that is not, whichever comes first."""
    spec = (project / "specs" / "layer.yaml").read_text(encoding="utf-8")
    for name in ("early", "late"):
        (project / "specs" / f"{name}.yaml").write_text("hidden: true\n" + spec, encoding="utf-8")
    hand_in(project, spy=instead("import sys; print(getattr(sys, 'kept', 0)); sys.kept = 'seen'"))
    assert main(GRADE) == 0
    document = json.loads((project / "out" / "grades.json").read_text(encoding="utf-8"))
    told = {row["spec"]: row["report"]["output"] for row in document["results"] if row["submission"] == "spy"}
    assert set(told.pop("specs/layer.yaml").split("\n")[:1]) == {"0"}
    assert told == {"specs/early.yaml": None, "specs/late.yaml": None}


AHEAD = (
    "import gc; from gradcheck.submission.channel import Channel; "
    "asked = [bytes(one._ahead) for one in gc.get_objects() if isinstance(one, Channel)]; "
    "print([name for name in ('early', 'other', 'late') if any(f'{name}.yaml'.encode() in a for a in asked)])"
)


def test_hidden_numbers_are_not_there_before(project: Path) -> None:
    """What a submission will be asked next may lie in its memory, but nothing of a hidden spec."""
    spec = (project / "specs" / "layer.yaml").read_text(encoding="utf-8")
    for name, hidden in (("early", "true"), ("late", "true"), ("other", "false")):
        (project / "specs" / f"{name}.yaml").write_text(f"hidden: {hidden}\n{spec}", encoding="utf-8")
    hand_in(project, spy=instead(AHEAD))
    assert main(GRADE) == 0
    document = json.loads((project / "out" / "grades.json").read_text(encoding="utf-8"))
    told = {row["spec"]: row["report"]["output"] for row in document["results"] if row["submission"] == "spy"}
    assert told["specs/layer.yaml"].startswith("['other']")
    assert not any("early" in output or "late" in output for output in told.values() if output)


def reports(project: Path) -> dict[str, dict[str, Any]]:
    """Each submission's report for the one spec, from the JSON file."""
    document = json.loads((project / "out" / "grades.json").read_text(encoding="utf-8"))
    return {result["submission"]: result["report"] for result in document["results"]}


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("where", {"location"}),
        ("hint", {"location", "category", "lines", "question"}),
        (
            "full",
            {"location", "category", "mistake", "corrections", "lines", "question", "explanations"}
            | {"notation"},
        ),
    ],
)
def test_feedback(project: Path, capsys: pytest.CaptureFixture[str], level: str, told: set[str]) -> None:
    """Reports tell what the level allows; the gradebook knows the mistake by name at any."""
    assert main([*GRADE, "--feedback", level]) == 0
    diagnosis = reports(project)["ben"]["diagnosis"]
    assert {part for part in diagnosis if diagnosis[part]} == told
    assert reports(project)["anna"]["diagnosis"] is None
    assert "  stray-constant in layer: 1 of 4\n" in capsys.readouterr().out
    assert main(["gradebook", "out", "--mistake", "stray-constant", "--show", "ben"]) == 0
    assert "Mistakes by name: stray-constant" in capsys.readouterr().out
    assert main(["gradebook", "out", "--mistake", "stray-constant"]) == 0
    listed = capsys.readouterr().out
    assert "ben" in listed
    assert "carl" not in listed


@pytest.mark.parametrize("less", [["--feedback", "where"], ["--hidden", "specs"]])
def test_whoever_shall_know_less_is_graded_anew(project: Path, less: list[str]) -> None:
    """No report of a run that told more is left in the exports."""
    assert main(GRADE) == 0
    assert "stray-constant" in json.dumps(reports(project))
    assert main([*GRADE, *less]) == 0
    assert "stray-constant" not in json.dumps(reports(project))


def test_killed_runs_resume(project: Path) -> None:
    """Whenever a run is killed, the next one goes on, and the grades are those of a run undisturbed."""
    hand_in(project, **{f"student{i:02}": RIGHT if i % 2 else DOUBLED for i in range(20)})
    chance = random.Random(0)
    command = [sys.executable, "-c", "import sys; from gradcheck.cli import main; sys.exit(main())", *GRADE]
    for _ in range(20):
        run = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(chance.uniform(0.05, 1.0))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert main(GRADE) == 0
    found = points(project)
    assert len(found) == 24
    assert {found[f"student{i:02}"] for i in range(1, 20, 2)} == {"2"}
    assert {found[f"student{i:02}"] for i in range(0, 20, 2)} == {"1"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["grade", "nowhere", "--spec", "specs", "--out", "out"], "nowhere: No such file or directory"),
        (["grade", "submissions", "--spec", "nowhere.yaml", "--out", "out"], "nowhere.yaml"),
        (["gradebook", "out"], "out"),
    ],
)
def test_bad_orders(project: Path, capsys: pytest.CaptureFixture[str], change: list[str], says: str) -> None:
    """What can't be graded says why, with exit status 2."""
    assert main(change) == 2
    assert says in capsys.readouterr().err


def test_the_gradebook_command(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It lists, shows, ranks, exports and compares."""
    assert main(GRADE) == 0
    hand_in(project, ben=RIGHT)
    assert main(GRADE) == 0
    capsys.readouterr()
    said = []
    export = ["--format", "csv", "--output", "x.csv"]
    for more in ([], ["--show", "carl"], ["--worst"], ["--compare"], export):
        assert main(["gradebook", "out", *more]) == 0
        said.append(capsys.readouterr().out)
    assert "4 submissions: 3 all right" in said[0]
    assert "ValueError: no idea" in said[1]
    assert "1 change: 1 with more points, 0 with fewer." in said[3]
    assert (project / "x.csv").read_text(encoding="utf-8").startswith("submission,")


@pytest.mark.parametrize(("option", "value"), [("--seed", "-1"), ("--seed", str(2**53)), ("--jobs", "0")])
def test_numbers_out_of_range(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    """A seed or a number of processes that can't be says so, before anything runs."""
    with pytest.raises(SystemExit) as left:
        main([*GRADE, f"{option}={value}"])
    assert left.value.code == 2
    assert f"{value!r} is not a whole number from" in capsys.readouterr().err


def test_a_dashboard_of_the_run(project: Path) -> None:
    """With the points after the policy, as the other files have them."""
    (project / "out").mkdir()
    (project / "out" / "policy.yaml").write_text("extra_credit: [layer]\n", encoding="utf-8")
    assert main(GRADE) == 0
    text = (project / "out" / "dashboard.html").read_text(encoding="utf-8")
    assert "<small>of 0</small>" in text
    assert "2 points, 2 of them for extra credit" in text


@pytest.mark.parametrize("kind", ["fault", "folder"])
def test_a_dashboard_that_fails_costs_itself(
    project: Path, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By a fault of gradcheck, or as it can't be written: a line on stderr, and the grades are there."""
    if kind == "fault":
        monkeypatch.setattr(page, "header", lambda dashboard: dashboard["title"])
    else:
        (project / "out" / "dashboard.html").mkdir(parents=True)
    assert main([*GRADE, "--feedback-dir", "pages"]) == 0
    out, err = capsys.readouterr()
    (line,) = (line for line in err.split("\n") if "no dashboard" in line)
    assert line.startswith(f"{Path('out/dashboard.html')}: no dashboard of this run: ")
    assert ("TypeError at " if kind == "fault" else "cannot be written") in line
    assert points(project) == {"anna": "2", "ben": "1", "carl": "0", "dora": "2"}
    assert "4 submissions: 2 all right" in out
    assert len(visible(project / "pages")) == 4
