"""How much is said of a mistake, at each level, in each face."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

import gradcheck
from deep import judged, spec, wrong
from exercise import SPEC, exercise
from gradcheck.cli import main
from gradcheck.commands.feedback import SETTINGS
from gradcheck.digits import short
from gradcheck.formats.report_format import Context
from gradcheck.formats.reports import FORMATS
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.entry import entry
from gradcheck.mistakes.records import Mistake
from gradcheck.report import html, page, plain
from gradcheck.report.data import as_data, record
from gradcheck.report.result import for_learner
from gradcheck.report.terminal import render_quantity
from gradcheck.report.words import NUMBERLESS, worst_summary
from gradcheck.specification.records import Feedback
from gradcheck.specification.shipped import NOTATIONS
from gradcheck.verdict.records import Verdict

pytestmark = pytest.mark.slow

LEVELS: tuple[Feedback, ...] = ("where", "hint", "full")
LABELS = {
    "where": set(),
    "hint": {"Kind", "Question"},
    "full": {"You have", "It should be", "Question"},
}
"""The parts of a diagnosis that each level tells, beside where the mistake is."""

SLOPELESS = """\
import numpy as np

def gradients(x, y, W1, b1):
    a = 1 / (1 + np.exp(-(x @ W1 + b1)))
    delta = (a - y) / len(x)
    return x.T @ delta, delta.sum(axis=0)
"""
"""The output's slope is left out."""

LOUD = ("output-slope-omitted", "σ", "sigmoid", "left out", "gradcheck mistakes")
"""What gives the mistake away."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one wrong submission, as the current folder."""
    exercise(tmp_path, spec=SPEC.replace("One layer of sigmoids, σ(z)", "One layer"), ben=SLOPELESS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def labels(text: str) -> set[str]:
    """The parts of a diagnosis that a text report has."""
    return set(re.findall(r"^ {2}(You have|It should be|Kind|Question) ", text, re.MULTILINE))


def assert_told(text: str, level: str) -> None:
    """The parts of the level, and below full nothing that gives the mistake away."""
    assert labels(text) == LABELS[level]
    assert "The first wrong quantity seems to be dz1, which you did not hand in" in " ".join(text.split())
    if level != "full":
        assert not [word for word in LOUD if word in text]


@pytest.mark.parametrize("level", LEVELS)
def test_the_command(project: Path, capsys: pytest.CaptureFixture[str], level: str) -> None:
    """`gradcheck --feedback`."""
    assert main(["ben", "--spec", "specs", "--feedback", level]) == 1
    assert_told(capsys.readouterr().out, level)


@pytest.mark.parametrize("level", LEVELS)
def test_pytest(pytester: pytest.Pytester, level: str) -> None:
    """`pytest --feedback`, in the report of each quantity that is wrong."""
    exercise(pytester.path, spec=SPEC.replace("One layer of sigmoids, σ(z)", "One layer"), ben=SLOPELESS)
    pytester.makeini("[pytest]\ngradcheck_specs = specs\naddopts = -pno:hypothesispytest\n")
    result = pytester.runpytest_subprocess("--feedback", level)
    result.assert_outcomes(failed=2)
    text = str(result.stdout)
    assert_told(text, level)
    assert len(re.findall(r"^  The first wrong quantity seems to be dz1", text, re.MULTILINE)) == 2


@pytest.mark.parametrize("level", LEVELS)
def test_a_notebook(project: Path, level: str) -> None:
    """`gradcheck.check` as HTML, by what the spec says."""
    path = project / "specs" / "layer.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}feedback: {level}\n", encoding="utf-8")
    page = gradcheck.check("ben", path)._repr_html_()
    assert set(re.findall(r'"label">([^<]+)<', page)) == LABELS[level]
    if level != "full":
        assert not [word for word in LOUD if word in page.partition("</style>")[2]]


@pytest.mark.parametrize("level", LEVELS)
def test_asking_again_says_the_same(project: Path, capsys: pytest.CaptureFixture[str], level: str) -> None:
    """There is no countdown: nothing is said of hints used or left, and nothing changes with asking."""
    texts = []
    for _ in range(3):
        main(["ben", "--spec", "specs", "--feedback", level])
        texts.append(capsys.readouterr().out)
    assert len(set(texts)) == 1
    assert not re.search(r"hints?|attempts?|remaining", texts[0])


@pytest.mark.parametrize("mistake", CATALOGUE.values(), ids=lambda mistake: mistake.slug)
def test_a_question_gives_nothing_away(mistake: Mistake) -> None:
    """It has neither the mistake's name, nor a formula, nor a quantity of a certain layer."""
    assert mistake.slug not in mistake.hint
    assert not re.search(r"[{}⊙ˡᴸ⁺]|[abWzδ]\d|left out", mistake.hint)
    for notation in NOTATIONS:
        one = entry(mistake, notation)
        assert not [text for pair in one.statements for text in pair if text in one.hint]


ACCUMULATES = """\
import numpy as np

kept = {}

def gradients(x, y, W1, b1):
    a = 1 / (1 + np.exp(-(x @ W1 + b1)))
    delta = (a - y) * a * (1 - a) / len(x)
    dW, db = kept.get(len(x), (0, 0))
    kept[len(x)] = dW + x.T @ delta, db + delta.sum(axis=0)
    return kept[len(x)]
"""


def test_what_outlives_a_call_is_named(project: Path) -> None:
    """Right at first and doubled on the second call: no number tells, but the second call does."""
    (project / "submissions" / "ben.py").write_text(ACCUMULATES, encoding="utf-8")
    verdict = gradcheck.check("ben", "specs/layer.yaml").verdict
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.slugs == ("accumulates-over-calls",)
    hint = verdict.diagnosis.at("hint")
    assert hint.slugs == ()
    assert hint.question.endswith("?")


@pytest.mark.parametrize(
    "broken",
    ["dW1 = dW1[:, :2]", "dW1 = np.full_like(dW1, np.nan)", "dW1 = dW1 * 1j", "dW1 = None", "dW1 = 'dW1'"],
)
def test_what_is_no_number_hides_no_mistake(tmp_path: Path, broken: str) -> None:
    """Beside shapes, NaN and things that are no numbers, the mistake is named, and nothing else is."""
    source = wrong("e2 = d3.sum(1, keepdims=True) * np.ones_like(a2)")
    verdict = judged(tmp_path, source.replace("    return dW3", f"    {broken}\n    return dW3"), spec())
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.slugs == ("weights-left-out",)


RIGHT = SLOPELESS.replace("(a - y) / len(x)", "(a - y) / len(x) * a * (1 - a)")
MISTAKES = {
    "a slope": ("a * (1 - a)", "a"),
    "a transpose": ("x.T @ delta", "delta.T @ x"),
    "a constant": ("return x.T @ delta", "return 2 * x.T @ delta"),
    "a term": ("return x.T @ delta", "return x.T @ delta + W1"),
    "a sign": ("a - y", "y - a"),
    "nobody knows what": ("return x.T @ delta", "return np.sin(x.T @ delta) + 0.1"),
}
"""What is changed in the right program."""


def faces(verdict: Verdict) -> dict[str, str]:
    """The verdict in each form that a learner may get."""
    forms = {name: FORMATS[name].render([verdict.shown], Context()) for name in ("text", "md", "html")}
    kept = json.loads(json.dumps(record(verdict)))  # as a gradebook has it, for a page later
    later = for_learner(kept)
    return {
        **forms,
        "notebook": html.render(verdict),
        "json": json.dumps(without_its_level(as_data([verdict]))),
        "a page later": page.render([later]),
        "a text later": plain.render([later]),
        "one quantity": render_quantity(verdict, verdict.quantities[0]),
        "one line": worst_summary(verdict),
    }


def without_its_level(data: dict[str, Any]) -> dict[str, Any]:
    """A document, without what says how much it reveals."""
    return {**data, "results": [{**one, "feedback": None} for one in data["results"]]}


def words_of(report: str) -> set[str]:
    """The words and numbers of a report, without a page's style."""
    return set(re.findall(r"[^\W_]+(?:\.\d+)?", report.rpartition("</style>")[2]))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_level_says_more_than_the_next(tmp_path: Path, mistake: str) -> None:
    """In any form. Below full no right number is said; full says by an equation of what kind it is."""
    before, after = MISTAKES[mistake]
    assert before in RIGHT
    exercise(tmp_path, ben=RIGHT.replace(before, after))
    verdict = gradcheck.check(tmp_path / "submissions" / "ben.py", tmp_path / "specs" / "layer.yaml").verdict
    assert verdict.diagnosis is not None
    where, hint, full = (faces(replace(verdict, feedback=level)) for level in LEVELS)
    more = words_of(f"{verdict.diagnosis.category} Kind {NUMBERLESS}")
    true = {short(float(number), 3) for q in verdict.quantities if q.table for number in q.table.true.flat}
    for face in full:
        assert words_of(where[face]) <= words_of(hint[face]) | more, face
        assert words_of(hint[face]) <= words_of(full[face]) | more, face
        assert not [number for number in true - {"0"} if number in hint[face]], face
        assert not [word for word in ("yours/true", "<rect class", "transpose") if word in hint[face]], face


def test_commands_take_the_levels_of_specs() -> None:
    """None more, none less."""
    assert SETTINGS["choices"] == get_args(Feedback)
