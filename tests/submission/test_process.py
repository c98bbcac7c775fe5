"""Several runs in one child, and fresh children where they are due."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gradcheck.errors import SubmissionError
from gradcheck.submission.channel import AHEAD, widen
from gradcheck.submission.records import Budget, Call, Code, Failure, Job, Outcome, Transcript
from gradcheck.submission.runner import Runner

AMPLE = Budget(seconds=60)
BRIEFLY = 3.0
"""Seconds for what runs until its time is up, and long enough for what does not."""
COUNT = "import os\ndef f(x): return x * 0 + os.getpid()"


@pytest.fixture(scope="module", params=["light", "full"])
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """A runner of either form."""
    if request.param == "full" and sys.platform != "linux":
        pytest.skip("only Linux has the full form")
    with Runner(request.param) as runner:
        if request.param == "full" and not runner.protection.sound:
            pytest.skip(str(runner.protection))
        yield runner


def code(source: str, folder: Path | None = None) -> Code:
    """A submission whose function f is called with x."""
    return Code(source, "submissions/anna.py", str(folder) if folder else None, "dW = f(x)", "two.yaml", 9)


def calls(*numbers: float) -> list[Call]:
    """A call for each x."""
    return [Call({"x": np.full(2, float(number))}, ("dW",)) for number in numbers]


def first(transcript: Transcript) -> float:
    """The first number of the first result."""
    result = transcript.results[0]
    assert isinstance(result, Outcome), result
    return float(result.arrays["dW"][0])


@pytest.mark.slow
def test_runs_share_a_child(runner: Runner) -> None:
    """One process serves run after run; another budget, or another open process, takes a fresh one."""
    with runner.process() as process:
        one, two = (first(process.run(code(COUNT), calls(1), AMPLE)) for _ in range(2))
        other = first(process.run(code(COUNT), calls(1), Budget(seconds=59)))
        with runner.process() as second:
            between = first(second.run(code(COUNT), calls(1), AMPLE))
            again = first(process.run(code(COUNT), calls(1), AMPLE))
    assert one == two
    assert len({one, other, between, again}) == 4 or runner.protection.outer == "yes"


@pytest.mark.slow
def test_each_run_is_a_module_of_its_own(runner: Runner) -> None:
    """Global names, prints and foreign imports of one run are not those of the next."""
    with runner.process() as process:
        source = "print('one')\ntry: import autograd\nexcept ImportError: pass\nseen = 1\ndef f(x): return x"
        one = process.run(code(source), calls(1), AMPLE)
        two = process.run(code("print('two')\ndef f(x): return x * ('seen' in globals())"), calls(1), AMPLE)
    assert (one.output, two.output) == ("one\n", "two\n")
    assert (one.imports, two.imports) == (("autograd",), ())
    assert first(two) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "end", ["import os; os._exit(3)", "while True: pass", "import os; os.write(3, b'x' * 99)"]
)
def test_a_run_after_the_end_gets_a_fresh_child(runner: Runner, end: str) -> None:
    """A child that died, hung or lied costs its own run alone."""
    budget = Budget(seconds=BRIEFLY)
    with runner.process() as process:
        assert first(process.run(code(COUNT), calls(1), budget))
        process.run(code(f"def f(x):\n    {end}\n    return x"), calls(1, 2), budget)
        assert first(process.run(code("def f(x): return x"), calls(5), budget)) == 5


@pytest.mark.slow
def test_more_runs_than_a_child_serves(runner: Runner) -> None:
    """Processor time is limited a child; so is the number of its runs, and nobody notices."""
    with runner.process(runs=2) as process:
        assert [first(process.run(code("def f(x): return x"), calls(n), AMPLE)) for n in range(5)] == [
            *range(5)
        ]


@pytest.mark.slow
def test_code_that_does_not_load_fails_all_its_calls_and_no_more(runner: Runner) -> None:
    """Calls that were sent together with such code are not mistaken for those of the next run."""
    with runner.process() as process:
        for _ in range(3):
            results = process.run(code("1 / 0"), calls(*range(50)), AMPLE).results
            assert len(results) == 50
            assert all(isinstance(result, Failure) and "ZeroDivision" in result.message for result in results)
            assert first(process.run(code("def f(x): return x"), calls(7), AMPLE)) == 7


@pytest.mark.slow
def test_large_inputs_and_results_do_not_block(runner: Runner) -> None:
    """However much is under way in both directions, neither side waits for the other."""
    large = [Call({"x": np.full(200_000, float(n))}, ("dW",)) for n in range(6)]
    small = calls(*range(30))
    results = runner.run(
        code("import numpy as np\ndef f(x): return np.resize(x, 200_000)"), [*small, *large], AMPLE
    )
    assert [float(r.arrays["dW"][0]) for r in results.results if isinstance(r, Outcome)] == [
        *range(30),
        *range(6),
    ]


@pytest.mark.slow
def test_a_folder_that_is_refused(tmp_path: Path) -> None:
    """The full form takes no links; the runner goes on."""
    if sys.platform != "linux":
        pytest.skip("only Linux has the full form")
    (tmp_path / "link").symlink_to("/etc/passwd")
    with Runner("full", unsafe=True) as runner:
        with pytest.raises(SubmissionError, match="link: is a symbolic link"):
            runner.run(code("def f(x): return x", tmp_path), calls(1))
        assert first(runner.run(code("def f(x): return x"), calls(1))) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("os._exit(3)", "died"),
        ("as_strided(x, (2,), (1 << 40,)).sum()", "died"),
        ("while True: pass", "timeout"),
    ],
)
def test_answers_before_an_end_are_kept(runner: Runner, end: str, kind: str) -> None:
    """Whatever ends the child in its third call, what it answered before is there, and what printed it."""
    source = (
        "import os\nfrom numpy.lib.stride_tricks import as_strided\n"
        f"def f(x):\n    print(x[0])\n    if x[0] == 3:\n        {end}\n    return 2 * x"
    )
    with runner.process() as process:
        transcript = process.run(code(source), calls(1, 2, 3, 4), Budget(seconds=BRIEFLY))
        one, two, *failures = transcript.results
        assert [float(r.arrays["dW"][0]) for r in (one, two) if isinstance(r, Outcome)] == [2, 4]
        assert [f.kind for f in failures if isinstance(f, Failure)] == [kind, kind]
        assert transcript.output == "1.0\n2.0\n"
        assert first(process.run(code(COUNT), calls(1), AMPLE)) > 0


def jobs(*sources: str, seconds: float = 60) -> list[Job]:
    """A job for each source, with two calls."""
    return [Job(code(source), tuple(calls(1, 2)), Budget(seconds=seconds)) for source in sources]


@pytest.mark.slow
def test_jobs_that_are_asked_for_together(runner: Runner) -> None:
    """Each has its own module, prints, failures and time, and all run in one child."""
    sources = [f"print({n})\nimport os\ndef f(x): return x * 0 + os.getpid()" for n in range(30)]
    sources[3] = "print(3)\n1 / 0"
    sources[5] = "print(5)\nimport time\ntime.sleep(0.3)\ndef f(x): return x"
    with runner.process() as process:
        found = process.run_all(jobs(*sources))
    assert [one.output for one in found] == [f"{n}\n" for n in range(30)]
    assert all(isinstance(result, Failure) for result in found[3].results)
    assert len({first(one) for n, one in enumerate(found) if n not in (3, 5)}) == 1
    assert found[5].seconds == max(one.seconds for one in found) >= 0.3


@pytest.mark.slow
def test_a_job_has_its_own_time(runner: Runner) -> None:
    """Jobs that take more than one budget together are within their own; one that has no end costs itself."""
    rests = f"import time\ntime.sleep({0.4 * BRIEFLY})\ndef f(x): return x"
    endless = "def f(x):\n    while True: pass"
    with runner.process() as process:
        found = process.run_all(jobs(rests, rests, rests, endless, rests, seconds=BRIEFLY))
        assert [first(one) for one in found[:3]] == [1, 1, 1]
        assert [r.kind for r in found[3].results if isinstance(r, Failure)] == ["timeout", "timeout"]
        assert len(found) == 4
        assert found[3].seconds == BRIEFLY
        assert first(*process.run_all(jobs(rests, seconds=BRIEFLY))) == 1


@pytest.mark.slow
@pytest.mark.parametrize("quick", [0, 1, 5])
def test_a_job_is_not_charged_for_those_before(runner: Runner, quick: int) -> None:
    """However many jobs there were before, which took more than a budget together, it has all its seconds."""
    brief, long = (f"import time\ntime.sleep({n * BRIEFLY})\ndef f(x): return x" for n in (0.15, 0.5))
    with runner.process() as process:
        found = process.run_all(jobs(*quick * [brief], long, seconds=BRIEFLY))
    assert [first(one) for one in found] == [1] * (quick + 1)


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(3)",
        "from numpy.lib.stride_tricks import as_strided\n"
        "def f(x): return as_strided(x, (2,), (1 << 40,)).sum()",
    ],
)
def test_jobs_end_with_the_child(runner: Runner, end: str) -> None:
    """What was answered before a job that ends the child is there, and nothing of those after it."""
    fine = "def f(x): return x"
    with runner.process() as process:
        found = process.run_all(jobs(fine, fine, end, fine))
    assert [first(one) for one in found[:2]] == [1, 1]
    assert all(isinstance(result, Failure) for result in found[2].results)
    assert len(found) == 3


def test_large_jobs_do_not_block(runner: Runner) -> None:
    """Jobs with large inputs, results and sources between small ones are done in their order."""
    large = tuple(Call({"x": np.full(100_000, float(n))}, ("dW",)) for n in range(2))
    wide = Job(code("import numpy as np\ndef f(x): return np.resize(x, 100_000)"), large, AMPLE)
    long = Job(code(100_000 * "#" + "\ndef f(x): return x"), tuple(calls(7)), AMPLE)
    (small,) = jobs("def f(x): return x")
    with runner.process() as process:
        found = process.run_all([small, wide, small, long, small, wide])
    assert [first(one) for one in found] == [1, 0, 1, 7, 1, 0]


def test_jobs_of_other_budgets_and_more_than_a_child_serves_are_left(runner: Runner) -> None:
    """They come with the next call."""
    one, two = jobs("def f(x): return x")[0], jobs("def f(x): return x", seconds=59)[0]
    with runner.process(runs=3) as process:
        assert len(process.run_all([one, one, two])) == 2
        assert len(process.run_all(5 * [two])) == 3


def test_as_much_as_is_sent_ahead_fits() -> None:
    """What may be sent before anything is read does not make the sender wait, in small pieces either."""
    for piece in (100, 5000, AHEAD):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            widen(ours)
            widen(theirs)
            ours.setblocking(False)
            for _ in range(AHEAD // piece):
                ours.sendall(bytes(piece))
