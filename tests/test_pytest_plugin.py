"""The pytest plugin, by runs of pytest in small projects."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import whole_package  # noqa: F401
from exercise import DOUBLED, RIGHT, SPEC, exercise, hand_in, instead
from gradcheck.checker import Checker
from gradcheck.errors import GradcheckError
from gradcheck.oracle.key import AnswerKey
from gradcheck.specification.read import read
from gradcheck.submission.find import Submission
from gradcheck.verdict import judge
from gradcheck.verdict.finding import examine
from gradcheck.verdict.records import Status, Verdict

ROOT = Path(__file__).parent.parent
LEAN = "-pno:hypothesispytest"  # which is slow to import, anew in each run
INI = f"""\
[pytest]
gradcheck_specs = specs
addopts = {LEAN}
filterwarnings =
    error
    ignore::pytest.PytestAssertRewriteWarning
"""
RIGHT_AND_DOUBLED = [
    "specs/layer.yaml::doubled::dW1",
    "specs/layer.yaml::doubled::db1",
    "specs/layer.yaml::right::dW1",
    "specs/layer.yaml::right::db1",
]

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run pytest within this process, on a project with two submissions."""
    monkeypatch.delenv("CI", raising=False)
    pytester.makeini(INI)
    exercise(pytester.path, right=RIGHT, doubled=DOUBLED)
    return pytester.runpytest_inprocess


def collected(result: pytest.RunResult) -> list[str]:
    """The node ids that `--collect-only -q` lists."""
    return [line for line in result.outlines if "::" in line]


def summaries(result: pytest.RunResult) -> list[str]:
    """The lines of the short summary."""
    start = next(i for i, line in enumerate(result.outlines) if "short test summary info" in line)
    return result.outlines[start + 1 : -1]


def test_one_item_a_quantity(run: Run) -> None:
    """Every checked quantity of every submission has one node id, in a fixed order."""
    assert collected(run("--collect-only", "-q")) == RIGHT_AND_DOUBLED


@pytest.mark.slow
def test_right_passes_and_wrong_fails(run: Run) -> None:
    """A quantity is a test: what is right passes, what is wrong fails, and pytest's exit code is 1."""
    result = run()
    result.assert_outcomes(passed=3, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "outcomes"),
    [
        (["-k", "dW1"], {"passed": 1, "failed": 1, "deselected": 2}),
        (["-k", "right and dW1"], {"passed": 1, "deselected": 3}),
        (["specs/layer.yaml::doubled::db1"], {"passed": 1}),
        (["specs/layer.yaml::doubled"], {"passed": 1, "failed": 1}),
        (["--submission", "right"], {"passed": 2}),
        (["--submission=right", "--submission=doubled"], {"passed": 3, "failed": 1}),
        (["--submission", "submissions/doubled.py"], {"passed": 1, "failed": 1}),
        (["--submission=right", "--submission=right"], {"passed": 2}),
        (["--submission=right", "--submission=submissions/right.py"], {"passed": 2}),
        (["-x"], {"failed": 1}),
    ],
    ids=" ".join,
)
def test_choosing(run: Run, arguments: Sequence[str], outcomes: dict[str, int]) -> None:
    """Items are chosen as any tests are, and by submission; a submission that is named twice runs once."""
    run(*arguments).assert_outcomes(**outcomes)


@pytest.mark.slow
def test_last_failed(run: Run) -> None:
    """--lf runs what failed, and that alone."""
    run()
    run("--lf").assert_outcomes(failed=1)


@pytest.mark.slow
def test_a_submission_runs_once_for_a_spec(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many quantities are checked, and not at all when they are only collected."""
    check, runs = Checker.check, []

    def counting(self: Checker, submission: Submission, spec: Path) -> Verdict:
        runs.append(submission.name)
        return check(self, submission, spec)

    monkeypatch.setattr(Checker, "check", counting)
    run("--collect-only")
    assert runs == []
    run()
    assert runs == ["doubled", "right"]


def test_a_failure_shows_every_weight(run: Run) -> None:
    """The failure's text is the report on the quantity, with no line of the harness's own code."""
    result = run("--all-weights")
    result.stdout.fnmatch_lines(
        [
            "*_ doubled: dW1 _*",
            "  dW1  WRONG  6 of 6 weights, in both cases (tolerance 1e-9)",
            "  dW1 is the first wrong quantity; db1 is right.",
            "  You have *",
            "  It should be *",
            "  Question *",
            "*weight * yours * autograd * differences * off by * yours/true",
            *["*W1[[]?, ?[]] * 2.000"] * 6,
        ]
    )
    assert "pytest_plugin.py" not in result.stdout.str()


@pytest.mark.slow
def test_the_worst_weights_come_first(run: Run) -> None:
    """As many as there are below a mistake that is named."""
    text = run().stdout.str()
    assert text.count("2.000\n") == 6
    assert "--all-weights" not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", ["", "-vv", "--tb=long", "--tb=short", "--tb=native", "--tb=line", "--tb=no"]
)
def test_the_short_summary_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: str) -> None:
    """In every style of traceback, and where pytest shortens no line: with -vv, and in CI."""
    monkeypatch.setenv("CI", "1")
    (line,) = summaries(run("-rf", *arguments.split()))
    assert line.startswith("FAILED specs/layer.yaml::doubled::dW1 - dW1 wrong: 6 of 6 weights")


@pytest.mark.slow
def test_junit(run: Run, pytester: pytest.Pytester) -> None:
    """One test case a quantity; a failure's message is one line and its text the report."""
    run("--junitxml=report.xml")
    cases = list(ElementTree.parse(pytester.path / "report.xml").iter("testcase"))
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("specs.layer.yaml.doubled", "dW1"),
        ("specs.layer.yaml.doubled", "db1"),
        ("specs.layer.yaml.right", "dW1"),
        ("specs.layer.yaml.right", "db1"),
    ]
    failures = [case.find("failure") for case in cases]
    assert [failure is not None for failure in failures] == [True, False, False, False]
    assert failures[0] is not None
    message, text = failures[0].get("message", ""), failures[0].text or ""
    assert message.startswith("dW1 wrong: 6 of 6 weights")
    assert "\n" not in message
    assert "W1[2, 1]" in text


@pytest.mark.slow
def test_xdist(run: Run, pytester: pytest.Pytester) -> None:
    """Spread over two processes, the outcomes and the reports are the same."""
    result = pytester.runpytest_subprocess("-n", "2", "-rf")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*WRONG  6 of 6 weights*", "*W1[[]2, 1[]]*", "FAILED *::dW1 - dW1 wrong: *"])
    assert len(summaries(result)) == 1


@pytest.mark.slow
def test_a_broken_spec_is_one_failure(run: Run, pytester: pytest.Pytester) -> None:
    """Its text is all complaints, the summary has the first, and the other specs are checked."""
    broken = SPEC.replace("sigmoid}", "sigmiod}").replace("check: [dW1", "check: [dW7")
    (pytester.path / "specs" / "broken.yaml").write_text(broken, encoding="utf-8")
    result = run("--submission", "right", "-rf", "-vv")
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*broken.yaml:2:61: there is no activation sigmiod", "help: did you mean sigmoid?"]
    )
    (line,) = summaries(result)
    assert line.startswith("FAILED specs/broken.yaml::spec - ")
    assert line.endswith("broken.yaml:2:61: there is no activation sigmiod")
    assert "Error" not in result.stdout.str()


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [[], ["--submission", "right"]], ids=["all", "one"])
def test_no_folder_of_submissions(pytester: pytest.Pytester, arguments: list[str]) -> None:
    """The failure says which folder is missing and what to put there."""
    pytester.makeini(INI + "gradcheck_submissions = handed_in\n")
    exercise(pytester.path)
    result = pytester.runpytest_inprocess(*arguments)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*handed_in: No such file or directory; make it, and put *"])
    assert "Traceback" not in result.stdout.str()


def test_an_unknown_submission(run: Run) -> None:
    """A misspelt name fails, and the nearest one is suggested."""
    result = run("--submission", "rihgt")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["rihgt: no such submission in *. Did you mean right? *"])


@pytest.mark.slow
def test_a_submission_without_an_answer(run: Run, pytester: pytest.Pytester) -> None:
    """It isn't asked for what it did not hand in, unless it is chosen by name and has nothing at all."""
    (pytester.path / "submissions" / "idle").mkdir()
    assert collected(run("--collect-only", "-q")) == RIGHT_AND_DOUBLED
    result = run("--submission", "idle", "-vv")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*idle: there is no file for any of these specs; layer.yaml asks for layer.py"]
    )
    result = run("specs/layer.yaml", "--submission", "idle", "-vv")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["FAILED *::idle::dW1 - dW1 error: submissions/idle/layer.py: there is no such file*"]
    )


@pytest.mark.slow
def test_code_of_another_name(run: Run, pytester: pytest.Pytester) -> None:
    """It is for the only spec, and of several for that whose functions it defines."""
    folder = pytester.path / "submissions" / "otto"
    folder.mkdir()
    (folder / "homework.py").write_text(RIGHT, encoding="utf-8")
    run("--submission", "otto").assert_outcomes(passed=2)
    other = SPEC.replace("layer.py", "other.py").replace("gradients(", "derivatives(")
    (pytester.path / "specs" / "other.yaml").write_text(other, encoding="utf-8")
    run("--submission", "otto").assert_outcomes(passed=2, skipped=1)


@pytest.mark.slow
def test_what_was_not_asked_is_skipped_and_counted(run: Run, pytester: pytest.Pytester) -> None:
    """Who has answered one spec of two has done so; the other is skipped by name, unless it was named."""
    other = pytester.path / "specs" / "other.yaml"
    other.write_text(SPEC.replace("layer.py", "other.py"), encoding="utf-8")
    folder = pytester.path / "submissions" / "half"
    folder.mkdir()
    (folder / "layer.py").write_text(RIGHT, encoding="utf-8")
    result = run("--submission", "half", "-rs")
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED *half has no other.py, and other.yaml was not asked for"])
    run("specs/layer.yaml", "specs/other.yaml", "--submission", "half").assert_outcomes(passed=2, failed=2)


@pytest.mark.slow
def test_an_internal_error_fails_nobody_and_is_not_green(
    run: Run, monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester
) -> None:
    """The quantity that it hits is skipped, the others are judged, and the session is not all right."""

    def broken(key: AnswerKey, name: str, *args: Any) -> Any:
        if name == "dW1":
            raise ZeroDivisionError
        return examine(key, name, *args)

    monkeypatch.setattr(judge, "examine", broken)
    result = run("--submission", "right", "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.stdout.fnmatch_lines(["SKIPPED *right: dW1: no verdict: internal error of gradcheck *"])
    result.stdout.fnmatch_lines(["no verdict, which says nothing about the work: *::right::dW1"])


@pytest.mark.slow
def test_a_file_beside_a_folder(run: Run, pytester: pytest.Pytester) -> None:
    """Both say so, by names of their own, and cost nobody else anything."""
    folder = pytester.path / "submissions" / "right"
    folder.mkdir()
    (folder / "layer.py").write_text(RIGHT, encoding="utf-8")
    result = run("-vv")
    result.assert_outcomes(passed=1, failed=5)
    reason = "right: there are right.py and right/; rename or remove all but one"
    result.stdout.fnmatch_lines([f"FAILED *::right.py::dW1 - dW1 error: {reason}"])
    result.stdout.fnmatch_lines([f"FAILED *::right/::dW1 - dW1 error: {reason}"])


@pytest.mark.parametrize(
    "arguments", [["--submission=submissions/right.py", "--submission=submissions/right"]]
)
def test_two_submissions_of_one_name(run: Run, pytester: pytest.Pytester, arguments: list[str]) -> None:
    """No node id stands for two things: of a file and a folder of one name, nobody is checked."""
    folder = pytester.path / "submissions" / "right"
    folder.mkdir()
    (folder / "layer.py").write_text(RIGHT, encoding="utf-8")
    result = run(*arguments)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["right: there are *right* and *right*; rename or remove one"])


@pytest.mark.slow
def test_what_nobody_can_tell_is_skipped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quantity on which there is no verdict is skipped, and the reason names it."""
    check = Checker.check

    def doubtful(self: Checker, submission: Submission, spec: Path) -> Verdict:
        verdict = check(self, submission, spec)
        first, *rest = verdict.quantities
        first = replace(first, status=Status.CANNOT_TELL, message="the oracles differ", help="ask again")
        return replace(verdict, quantities=(first, *rest))

    monkeypatch.setattr(Checker, "check", doubtful)
    result = run("--submission", "right", "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    why = "right: dW1: cannot tell, and no point lost: the oracles differ; ask again"
    result.stdout.fnmatch_lines([f"SKIPPED *: {why}"])


@pytest.mark.slow
def test_logs_take_no_commands(run: Run, pytester: pytest.Pytester) -> None:
    """What code prints or raises begins no line of a log as a command of GitHub's does."""
    hand_in(pytester.path, loud=instead("raise ValueError('x') from Exception('::error::y ##[group]z')"))
    (pytester.path / "submissions" / "loud.py").write_text("::error::pwned\n##[group]\n", encoding="utf-8")
    output = run("--submission", "loud", "-vv").stdout.str()
    assert "error" in output
    assert not re.search(r"(?m)^\s*::", output)
    assert "##[" not in output


def test_a_failing_harness_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the harness says on purpose is shown as it is said."""

    def refuse(self: Checker, submission: Submission, spec: Path) -> Verdict:
        raise GradcheckError("the process for submissions does not start: no memory")

    monkeypatch.setattr(Checker, "check", refuse)
    result = run("--submission", "right", "-k", "dW1", "-vv")
    (line,) = summaries(result)
    assert line.endswith("::dW1 - the process for submissions does not start: no memory")
    assert "pytest_plugin.py" not in result.stdout.str()


@pytest.mark.slow
def test_a_submission_that_ends_its_process(run: Run, pytester: pytest.Pytester) -> None:
    """costs itself its own items and nobody else anything."""
    hand_in(pytester.path, leaver=instead("import os; os._exit(0)"))
    result = run("--submission", "leaver", "--submission", "right")
    result.assert_outcomes(passed=2, failed=2)


@pytest.mark.slow
def test_nothing_without_the_option(pytester: pytest.Pytester) -> None:
    """A project that names no folder of specs keeps its YAML files to itself, and imports nothing for us."""
    exercise(pytester.path, right=RIGHT)
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_loaded():
            assert not {"numpy", "torch", "pydantic", "yaml"} & set(sys.modules)
            ours = {name for name in sys.modules if name.startswith("gradcheck.")}
            assert ours == {"gradcheck.commands", "gradcheck.commands.feedback", "gradcheck.pytest_plugin"}
        """
    )
    pytester.runpytest_subprocess(LEAN).assert_outcomes(passed=1)
    assert pytester.runpytest_inprocess(LEAN, "specs").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_yaml_elsewhere_is_no_spec(run: Run, pytester: pytest.Pytester) -> None:
    """Only the folders that the project names hold specs."""
    (pytester.path / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    assert collected(run("--collect-only", "-q")) == RIGHT_AND_DOUBLED


def test_an_error_of_the_project_is_not_hidden(pytester: pytest.Pytester) -> None:
    """Where a conftest.py refuses to go on before the plugin is set up, its message is what is shown."""
    pytester.makeconftest("import pytest\ndef pytest_configure(config): raise pytest.UsageError('not today')")
    result = pytester.runpytest_inprocess(LEAN)
    result.stderr.fnmatch_lines(["ERROR: not today"])


def test_the_fixture(pytester: pytest.Pytester) -> None:
    """`gradcheck(f, df, x)` passes for a gradient, and fails with the report for anything else."""
    pytester.makepyfile(
        """
        import numpy as np

        X = np.array([0.5, -1.0, 2.0])

        def cube(x):
            return np.sum(x**3)

        def test_right(gradcheck):
            gradcheck(cube, lambda x: 3 * x**2, X)

        def test_wrong(gradcheck):
            gradcheck(cube, lambda x: 2 * x**2, X)
        """
    )
    result = pytester.runpytest_inprocess(LEAN)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*dx  WRONG  3 of 3 entries*",
            "*x[[]2[]] * 8.0* 12.0* 0.667*",
            "FAILED *::test_wrong - dx wrong: 3 of 3 entries*",
        ]
    )
    assert "gradcheck/function" not in result.stdout.str()


@pytest.mark.slow
def test_the_shipped_specs(pytester: pytest.Pytester) -> None:
    """`pytest specs --submission right` passes in this very project, with one item a checked quantity."""
    result = pytester.runpytest_inprocess(
        ROOT / "specs",
        "--submission=right",
        f"--config-file={ROOT / 'pyproject.toml'}",
        "-Wignore::pytest.PytestAssertRewriteWarning",
        "-pno:cacheprovider",
        LEAN,
    )
    result.assert_outcomes(passed=sum(len(read(spec).check) for spec in ROOT.glob("specs/*.yaml")))
    assert result.ret == pytest.ExitCode.OK
