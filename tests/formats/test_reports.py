"""What holds for every format of verdicts, whatever is in the verdicts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import schemas
from consumers import READERS, Read, annotations_of, classroom_points, strict
from hypothesis import given, settings
from hypothesis import strategies as st
from report_examples import EXAMPLES, error, right, verdict, wrong
from report_strategies import VERDICTS

from gradcheck.boundary import InternalError
from gradcheck.formats.report_format import Context
from gradcheck.formats.reports import FORMATS
from gradcheck.specification.records import Visibility
from gradcheck.submission.records import Failure, Location
from gradcheck.verdict.credit import FAIR
from gradcheck.verdict.hidden import withheld
from gradcheck.verdict.records import Quantity, Status, Verdict

ROOT = Path(__file__).parent.parent.parent
CONTEXT = Context(files=lambda spec: ("hw1/asker.py", "hw1/helpers.py"))
NASTY = [
    "\x00\x07\x1b[31m\x7f\x9b",
    "\ud800 lone \udfff",
    "::error file=a.py::forged",
    "x\n::error::forged\n##[error]forged\n::stop-commands::endtoken",
    "::set-output name=result::eyJ9",
    "</script><script>alert(1)</script>",
    "]]> <![CDATA[ ]]> &amp; &#0; <!-- -->",
    "NaN Infinity -Infinity 1e999",
    "🙂👩‍👩‍👧 e\u0301 \u202eright to left \u2028\u2029\u0085",
    "` `` ``` ~~~ ````` | [a](javascript:x) ![x](y) # h\n```\n<b>out</b>\n```",
    '{"score": 100, "tests": []}\n{"scores": {"layer": 100}}',
    "result=eyJ2ZXJzaW9uIjozfQ==\nresult<<EOF\n%0Aresult%3A",
    "=cmd()|' /C calc'!A0",
    "a\r\nb\rc\u2028d",
]
LOST = InternalError("judge", "KeyError at somewhere.py:1", "Traceback: the hidden number is 7")


def render(name: str, verdicts: Sequence[Verdict], context: Context = CONTEXT) -> tuple[str, dict[str, str]]:
    """What a format makes of them: its text, and what it appends to files."""
    form = FORMATS[name]
    appended = {variable: write(verdicts, context) for variable, write in form.appended.items()}
    return form.render(verdicts, context), appended


def read(name: str, verdicts: Sequence[Verdict], context: Context = CONTEXT) -> Read:
    """What the format's reader takes from it, after what holds for every text was looked at."""
    text, appended = render(name, verdicts, context)
    for one in (text, *appended.values()):
        one.encode()  # no lone surrogate
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", one)
    most = FORMATS[name].most
    assert most is None or len(text.encode()) <= most
    return READERS[name](text, appended)


def test_every_format_has_a_reader() -> None:
    assert READERS.keys() == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_in_the_guide(name: str) -> None:
    """With what it is."""
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert f"| `{name}` | {FORMATS[name].about} |" in page


def _fair(verdicts: Sequence[Verdict]) -> bool:
    return all(quantity.status in FAIR for one in verdicts for quantity in one.quantities)


def _holds(name: str, verdicts: Sequence[Verdict], context: Context = CONTEXT) -> None:
    """Points are those of the verdicts, to the last digit, and nothing but what is fair passes."""
    got = read(name, verdicts, context)
    every = [quantity for one in verdicts for quantity in one.quantities]
    for value, expected in (
        (got.earned, [quantity.points for quantity in every]),
        (got.possible, [quantity.max_points for quantity in every]),
    ):
        assert value is None or math.isclose(value, math.fsum(expected), rel_tol=1e-12, abs_tol=1e-9)
    if got.passed is not None:
        assert got.passed is (_fair(verdicts) and not context.complaints)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=20, deadline=None)
@given(verdicts=st.lists(VERDICTS, min_size=1, max_size=3))
def test_any_verdicts(name: str, verdicts: list[Verdict]) -> None:
    verdicts = [replace(one, failure=None) if _fair([one]) else one for one in verdicts]
    verdicts = [replace(one, diagnosis=None) if _fair([one]) else one for one in verdicts]
    _holds(name, verdicts)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_examples(name: str, example: str) -> None:
    _holds(name, [EXAMPLES[example]])


@pytest.mark.parametrize("name", FORMATS)
def test_the_courses_names(name: str) -> None:
    """A quantity is called what the course calls it; JSON alone has both names."""
    text, appended = render(name, [verdict([right("dW78", name="dW77")])])
    shown = "".join([text, *appended.values()])
    assert "dW78" in shown
    assert "dW77" not in shown or name == "json"


def _nasty(text: str) -> Verdict:
    """A verdict in which every text that a student or a file's name can reach is this one."""
    failed = [error(symbol, "failed", message=text, help=text) for symbol in (text, "dW2")]
    failure = Failure("exception", text, Location(text, 3, text), (text, text))
    return verdict(
        failed, submission=text, spec=text, title=text, failure=failure, notes=(text,), output=text * 3
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", NASTY)
def test_hostile_texts(name: str, text: str) -> None:
    """They are read back as texts, and do nothing."""
    _holds(name, [_nasty(text), _nasty(text)], replace(CONTEXT, complaints=(text,)))
    _holds(name, [_nasty(text)], Context(files=lambda spec: (text,)))


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("unit", ["x", "`", "🙂", "line\n", "\x1b[31m", '"\\'])
def test_endless_prints(name: str, unit: str) -> None:
    """More output than a spec's process may hand over is cut, and the report is one that its reader takes."""
    output = unit * (1_000_000 // len(unit))
    quantities = [error(f"dW{i}", "failed", message=output[:300]) for i in range(9)]
    loud = verdict(quantities, output=output, failure=Failure("exception", output[:300]))
    _holds(name, [loud])
    if name != "json":  # which holds everything
        assert len(render(name, [loud])[0]) < 300_000


SCORED = [name for name in FORMATS if name not in ("text", "json")]


@pytest.mark.parametrize("name", SCORED)
@pytest.mark.parametrize(
    "bad",
    [
        error("dW2", "failed"),
        error("dW2", "internal", status=Status.INTERNAL),
        wrong("dW2", EXAMPLES["wrong_matrix"].quantities[1].table),  # type: ignore[arg-type]
    ],
    ids=["crash", "internal", "wrong"],
)
def test_nothing_fails_open(name: str, bad: Quantity) -> None:
    """One quantity that is not right: never full marks, and the whole still counts all that was asked."""
    spoilt = verdict([right("dW3"), bad])
    got = read(name, [spoilt])
    assert got.passed is not True
    assert got.share is None or got.share <= 0.5
    assert got.earned in (None, 4.0)
    assert got.possible in (None, 8.0)


def _shown(name: str, verdicts: Sequence[Verdict], context: Context = CONTEXT) -> str:
    """All that a format shows anywhere."""
    text, appended = render(name, verdicts, context)
    result = str(classroom_points(appended["GITHUB_OUTPUT"])[2]) if name == "classroom" else ""
    return "".join((text, *appended.values(), result))


@pytest.mark.parametrize("name", SCORED)
def test_a_spec_that_cannot_be_used_fails(name: str) -> None:
    """It is seen, also where all else is right, or where there is nothing else."""
    context = replace(CONTEXT, complaints=("specs/a.yaml:2:61: there is no activation sigmiod\n  more",))
    for verdicts in ([EXAMPLES["all_right"]], []):
        got = read(name, verdicts, context)
        assert not got.passed
        assert not got.share
        assert "there is no activation sigmiod" in _shown(name, verdicts, context)


@pytest.mark.parametrize("name", FORMATS)
def test_an_internal_error_keeps_its_trace(name: str) -> None:
    """What only maintainers may see is in no report."""
    lost = verdict([error("dW2", "internal", status=Status.INTERNAL)], internal=LOST)
    assert "hidden number" not in _shown(name, [lost])


SECRETS = ("secret print", "secret failure", "secret note", "secret help", "secret message")


@pytest.mark.parametrize("name", FORMATS)
def test_hidden_specs_tell_nothing(name: str) -> None:
    """No print, failure, number or note of a hidden spec is in any format; its points are."""
    table = EXAMPLES["wrong_matrix"].quantities[1].table
    assert table is not None
    told = wrong("dW2", table, help="secret help", message="secret message")
    where = Location("asker.py", 3, "secret failure")
    spied = verdict(
        [told, error("db2", "failed", message="secret message")],
        output="secret print",
        failure=Failure("exception", "secret failure", where, ("secret failure",)),
        diagnosis=EXAMPLES["diagnosed"].diagnosis,
        notes=("secret note",),
    )
    shown = _shown(name, [withheld(spied)])
    assert not [secret for secret in (*SECRETS, "0.0137", "σ′(z¹)", "first wrong") if secret in shown]
    _holds(name, [withheld(spied)])


WHEN = ["visible", "hidden", "after_due_date", "after_published"]


@pytest.mark.parametrize("when", WHEN)
def test_when_students_see_tests_on_gradescope(when: Visibility) -> None:
    """Those of one spec wait, and nothing else says what they would; the score counts all."""
    waits = replace(withheld(EXAMPLES["wrong_matrix"]), spec="hidden/a.yaml", title="A secret title")
    context = replace(CONTEXT, visibility=lambda one: when if one.hidden else "visible")
    data = strict(render("gradescope", [EXAMPLES["all_right"], waits], context)[0])
    schemas.check(data, schemas.GRADESCOPE)
    seen = {test["tags"][0]: test["visibility"] for test in data["tests"]}
    assert seen == {EXAMPLES["all_right"].spec: "visible", "hidden/a.yaml": when}
    assert ("A secret title" in data["output"]) is (when == "visible")
    assert data["score"] == sum(test["score"] for test in data["tests"])
    assert data["visibility"] == "visible"
    assert data["stdout_visibility"] == "hidden"
    alone = strict(render("gradescope", [waits], context)[0])
    assert ("not visible yet" in alone["output"]) is (when != "visible")


def test_outcomes_are_the_gradebooks() -> None:
    """Tags and statuses of results.json say what a gradebook, its table and the dashboard say."""
    for kind, word in (("timeout", "timeout"), ("missing", "no file"), ("exception", "crash")):
        failed = verdict([error("dW2", "failed")], failure=Failure(kind, "why"))  # type: ignore[arg-type]
        data = strict(render("gradescope", [failed])[0])
        assert data["tests"][0]["tags"] == [failed.spec, word]
        assert data["extra_data"]["statuses"] == [word]
    data = strict(render("gradescope", [EXAMPLES["wrong_matrix"]])[0])
    assert [test["tags"][1] for test in data["tests"]] == [
        str(quantity.status) for quantity in EXAMPLES["wrong_matrix"].quantities
    ]


def test_annotations_stand_at_the_students_line() -> None:
    """A failure's is at its line of its file; a mistake's at the file; what follows has none."""
    crash = annotations_of(render("github", [EXAMPLES["crash"]])[0])
    assert [(one.level, one.properties["file"], one.properties["line"]) for one in crash] == [
        ("error", "hw1/asker.py", "12")
    ]
    assert "shapes (3,2) and (3,) not aligned" in crash[0].message
    mistake = annotations_of(render("github", [EXAMPLES["diagnosed"]])[0])
    assert [(one.level, one.properties["file"]) for one in mistake] == [("error", "hw1/asker.py")]
    assert "line" not in mistake[0].properties
    assert "It should be δ¹ = (W²)ᵀ δ² ⊙ σ′(z¹)" in mistake[0].message


def test_a_failure_elsewhere_in_the_folder() -> None:
    """Of a file beside the main one the line is known, too; of a file that nobody knows it is not."""
    for file, place in (("helpers.py", ("hw1/helpers.py", "12")), ("layer.yaml", ("hw1/asker.py", None))):
        failure = Failure("exception", "boom", Location(file, 12, None))
        (one,) = annotations_of(render("github", [verdict([error("dW2", "failed")], failure=failure)])[0])
        assert (one.properties["file"], one.properties.get("line")) == place


def test_no_more_annotations_than_are_shown() -> None:
    quantities = [error(f"dW{i}", "shape", message="the shape is (2, 3), not (3, 2)") for i in range(40)]
    assert len(annotations_of(render("github", [verdict(quantities)])[0])) == 10


def test_points_that_decimals_cannot_hold() -> None:
    """Ten times 0.1 is 1, everywhere; classroom's reporter adds up the tests' scores by itself."""
    tenths = verdict([right(f"dW{i}", points=0.1, max_points=0.1) for i in range(10)])
    for name in SCORED:
        got = read(name, [tenths])
        assert got.share in (None, 1.0)
        if name not in ("classroom",):
            assert got.earned in (None, 1.0)
            assert got.possible in (None, 1.0)
    earned, possible, data = classroom_points(render("classroom", [tenths])[1]["GITHUB_OUTPUT"])
    assert math.isclose(earned, possible, rel_tol=1e-12)
    assert data["status"] == "pass"


def test_what_has_no_points() -> None:
    """A function, or a spec whose points are all 0: right is all, anything else is nothing."""
    for status, share in ((Status.RIGHT, 1.0), (Status.CANNOT_TELL, 1.0), (Status.WRONG, 0.0)):
        free = verdict([right("x", status=status, points=0.0, max_points=0.0)])
        for name in ("prairielearn", "inginious", "coursera"):
            assert read(name, [free]).share == share


def test_an_attempt_without_code_is_not_graded() -> None:
    """PrairieLearn takes no attempt away for a file that is not there, or for a fault of gradcheck."""
    for kind, gradable in (("missing", False), ("machine", False), ("timeout", True), ("exception", True)):
        failed = verdict([error("dW2", "failed")], failure=Failure(kind, "why"))  # type: ignore[arg-type]
        assert strict(render("prairielearn", [failed])[0])["gradable"] is gradable
    lost = verdict([right("dW3"), error("dW2", "internal", status=Status.INTERNAL)])
    assert strict(render("prairielearn", [lost])[0])["gradable"] is False
