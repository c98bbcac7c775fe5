"""The dashboard of a class that was really graded."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercise import DOUBLED, RIGHT, exercise
from gradcheck.cli import main
from gradcheck.formats.dashboard.survey import survey
from gradcheck.formats.grades import html
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.run import GRADEBOOK

pytestmark = pytest.mark.slow

ODD = RIGHT.replace("return x.T @ delta", "return x.T @ delta + 0.3 * np.cos(3 * W1)")
"""dW1 is off by what nobody would think of."""
RENAMED = "# my own work\n" + ODD.replace("delta", "d").replace("x.T @ d +", "np.dot(x.T, d) +")
OTHER = RIGHT.replace("return x.T @ delta", "return x.T @ delta + 0.3 * np.cos(4 * W1)")
SINGLE = RIGHT.replace("a = 1", "x, y, W1, b1 = map(np.float32, (x, y, W1, b1))\n    a = 1")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    exercise(
        tmp_path,
        ann=ODD,
        bob=RENAMED,
        cid=OTHER,
        dan=DOUBLED,
        eve=DOUBLED + "\n",
        fay=RIGHT,
        guy=SINGLE,
        hal="def gradients(:\n",
        ivy="def gradients(*inputs):\n    return 0 * inputs[2], 0 * inputs[3]\n",
        joe="def gradients(*inputs):\n    return inputs[2] * 0.0, inputs[3] * 0.0\n",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def grade(*more: str) -> None:
    folders = ["submissions", "--spec", "specs", "--out", "out"]
    assert main(["grade", *folders, "--jobs", "1", "--seed", "1", *more]) == 0


def test_what_is_seen_of_it(project: Path) -> None:
    """Equal numbers that nothing explains, and no others; a note; who makes a mistake; what changes."""
    grade()
    with Gradebook.reading(project / "out" / GRADEBOOK) as book:
        seen = survey(book)
    assert [one.submissions for one in seen.agreements] == [("ann", "bob")]
    assert seen.copies == ()
    doubled = next(one for one in seen.stumbles if one.mistake)
    assert doubled.submissions[:2] == ("dan", "eve")
    notes = {line.grade.submission: [note.text for note in line.notes] for line in seen.lines}
    assert "float32" in notes["guy"][0]
    assert {name for name, texts in notes.items() if texts} == {"guy"}

    (project / "submissions" / "dan.py").write_text(RIGHT, encoding="utf-8")
    grade()
    with Gradebook.reading(project / "out" / GRADEBOOK) as book:
        seen = survey(book)
    assert seen.changes
    assert [(one.submission, one.gain) for one in seen.changes.grades] == [("dan", 1.0)]
    assert seen.copies == (("dan", "fay"),)


def test_a_hidden_spec_tells_no_numbers(project: Path) -> None:
    """Its grades are there; nothing is compared, as reports withhold what was wrong."""
    grade("--hidden", "specs")
    with Gradebook.reading(project / "out" / GRADEBOOK) as book:
        seen = survey(book)
        text = html.render(book)
    assert seen.specs[0].hidden
    assert seen.agreements == ()
    assert "<small>hidden</small>" in text
