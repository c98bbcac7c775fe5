"""Running submissions in processes of their own: real processes, and real attempts to break out."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from gradcheck.errors import GradcheckError
from gradcheck.submission import runner as runner_module
from gradcheck.submission import zygote
from gradcheck.submission.home import Home
from gradcheck.submission.records import Budget, Call, Code, Failure, Outcome, Transcript
from gradcheck.submission.runner import Runner
from processes import is_running

AMPLE = Budget(seconds=60)
SHORT = Budget(seconds=0.2)
"""For what runs to its deadline."""
X = np.arange(6.0).reshape(3, 2)
linux = pytest.mark.skipif(sys.platform != "linux", reason="what is left behind is found on Linux only")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """One runner for all tests: each of them must leave it usable."""
    with Runner() as runner:
        yield runner


@pytest.fixture(autouse=True)
def unharmed(runner: Runner) -> Iterator[None]:
    """After whatever a test's submission did, the next submission is right."""
    yield
    (result,) = run(runner, "def f(x): return 2 * x", "dW = f(x)", x=X).results
    assert isinstance(result, Outcome)
    np.testing.assert_array_equal(result.arrays["dW"], 2 * X)


def code(source: str, run: str = "dW = f(x)") -> Code:
    """A submission called submissions/anna.py."""
    return Code(dedent(source), "submissions/anna.py", None, run, "specs/two_layer.yaml", 9)


def run(
    runner: Runner, source: str, run: str = "dW = f(x)", budget: Budget = AMPLE, times: int = 1, **inputs: Any
) -> Transcript:
    """The transcript of `times` calls that read dW; an input x is always there."""
    calls = times * [Call({"x": X} | inputs, ("dW",))]
    return runner.run(code(source, run), calls, budget)


def failure(runner: Runner, source: str, budget: Budget = AMPLE) -> Failure:
    """How a submission fails, in the first and in the second call alike."""
    first, second = run(runner, source, budget=budget, times=2).results
    assert isinstance(first, Failure), first
    assert second == first
    return first


def processes() -> set[int]:
    """The processes that descend from this one, zombies included."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


floats = st.sampled_from([np.float16, np.float32, np.float64])


@pytest.mark.slow
@given(hnp.arrays(floats, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arrays_come_back_as_they_went(runner: Runner, array: NDArray[Any]) -> None:
    """Shape, precision and every bit survive the way to the student's code and back."""
    (result,) = run(runner, "def f(x): return x", x=array).results
    assert isinstance(result, Outcome)
    back = result.arrays["dW"]
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_every_call_is_answered_in_order(runner: Runner) -> None:
    """One result a call; numbers arrive as Python's own; a failure costs its own call alone."""
    calls = [Call({"n": n, "eta": 0.5}, ("dW",)) for n in (1, 0, 4)]
    transcript = runner.run(code("", "dW = [eta] * n if n else 1 / n"), calls)
    one, none, four = transcript.results
    assert isinstance(one, Outcome)
    assert isinstance(none, Failure)
    assert isinstance(four, Outcome)
    assert (one.arrays["dW"].shape, four.arrays["dW"].shape) == ((1,), (4,))
    assert str(none.where) == "two_layer.yaml:9"


def test_failures_cross_whole(runner: Runner) -> None:
    """The message, place and traceback of an exception are the same as in one process."""
    told = failure(runner, "def f(x):\n    return x @ x\n")
    assert told.kind == "exception"
    assert told.message.startswith("ValueError: matmul")
    assert str(told.where) == "anna.py:2 in f"
    assert told.trace[-2].strip() == "return x @ x"


def test_a_module_that_does_not_load_fails_every_call(runner: Runner) -> None:
    """A syntax error is the result of all calls."""
    assert failure(runner, "def f(:").kind == "syntax"


def test_the_process_holds_numpy_alone(runner: Runner) -> None:
    """Neither torch nor pytest nor the harness's truth is loaded, and the environment holds no secret."""
    os.environ["GRADCHECK_SECRET"] = "points"
    source = """
        import os, sys
        rooms = {name.split('.')[1] for name in sys.modules if name.startswith('gradcheck.')}
        print(sorted({'torch', 'pytest', 'pydantic', 'yaml'} & set(sys.modules)), sorted(rooms))
        print('GRADCHECK_SECRET' in os.environ)
    """
    transcript = run(runner, source, "dW = 1.0")
    assert transcript.output == "[] ['submission']\nFalse\n"


def test_submissions_do_not_see_each_other(runner: Runner) -> None:
    """What one submission does to NumPy and to its process is gone for the next."""
    run(runner, "import numpy as np\nnp.secret = 1\nnp.seterr(all='raise')", "dW = 1.0")
    transcript = run(
        runner, "import numpy as np\nprint(hasattr(np, 'secret'), np.geterr()['divide'])", "dW = 1.0"
    )
    assert transcript.output == "False warn\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "loop",
    [
        "while True: pass",
        "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass",
        "import signal as s\nfor n in {*s.Signals} - {9, 19}: s.signal(n, s.SIG_IGN)\nwhile True: pass",
        "def f(x):\n    while True: print('x')",
        "import os\nif os.fork() == 0:\n    while True: pass\nos.wait()",
    ],
)
def test_an_endless_loop_is_stopped(runner: Runner, loop: str) -> None:
    """Whatever the loop catches or ignores, it ends at the deadline, and so do the calls after it."""
    told = failure(runner, loop, SHORT)
    assert told.kind == "timeout"
    assert told.message in (
        "stopped after 0.2 s: an endless loop?",
        "ran longer than 0.1 s when it was loaded (training, or an endless loop)",
    )


@pytest.mark.slow
def test_results_before_a_timeout_are_kept(runner: Runner) -> None:
    """The calls that were answered in time keep their results, and what was printed until then."""
    source = "n = 0\ndef f(x):\n    global n\n    n += 1\n    print(n)\n    while n > 1: pass\n    return x\n"
    transcript = run(runner, source, budget=Budget(seconds=3), times=3)
    assert [type(result) for result in transcript.results] == [Outcome, Failure, Failure]
    assert transcript.output == "1\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "kind", "message"),
    [
        ("os._exit(0)", "died", "the code ended its process with exit code 0; remove"),
        ("os._exit(3)", "died", "the code ended its process with exit code 3"),
        ("os.kill(os.getpid(), 9)", "machine", "was killed (SIGKILL), twice: is this machine short of"),
        ("os.abort()", "died", "killed: used more than 1 GiB of memory or crashed (SIGABRT)"),
        ("import ctypes; ctypes.string_at(0)", "died", "(SIGSEGV)"),
        ("os.kill(os.getppid(), 9); time.sleep(9)", "died", "the code's process ended together with the one"),
        ("os.closerange(3, 99); time.sleep(9)", "died", "closed its connection"),
        ("import numpy; numpy.array = None", "died", "does the code replace parts of Python or NumPy?"),
        ("sys.exit()", "exception", "SystemExit: the code ends the program itself"),
        ("raise KeyboardInterrupt", "exception", "KeyboardInterrupt"),
        ("os.kill(os.getpid(), 2); time.sleep(9)", "exception", "KeyboardInterrupt"),
    ],
)
def test_an_end_is_explained(runner: Runner, statement: str, kind: str, message: str) -> None:
    """However a process ends, the failure says how."""
    told = failure(runner, f"import os, sys, time\n{statement}\n")
    assert told.kind == kind
    assert message in told.message


@pytest.mark.slow
def test_an_end_is_explained_even_when_a_copy_goes_on(runner: Runner) -> None:
    """A forked copy that keeps the connection open hides the end until the deadline, not beyond it."""
    told = failure(runner, "import os, time\nif os.fork(): os._exit(0)\ntime.sleep(99)", Budget(seconds=3))
    assert told.message.startswith("the code ended its process with exit code 0")


@pytest.mark.slow
@pytest.mark.parametrize(
    "bomb",
    [
        "import numpy as np\ndef f(x): return np.ones((1 << 30,))",
        "def f(x):\n    bomb = []\n    while True: bomb.append(bytearray(1 << 20))",
        "bomb = []\nwhile True: bomb.append([0] * 1000)",
    ],
)
def test_memory_is_limited(runner: Runner, bomb: str) -> None:
    """Memory beyond the budget is a failure that names the limit."""
    told = failure(runner, bomb, Budget(seconds=60, memory=256 << 20))
    assert told.kind == "memory"
    assert told.message.endswith("(it may use 256 MiB)")


def test_a_flood_of_prints_is_capped(runner: Runner) -> None:
    """Of endless prints the beginning is kept, and the result still counts."""
    source = "def f(x):\n    for n in range(20_000): print('x' * 1000)\n    return x\n"
    transcript = run(runner, source, budget=Budget(seconds=60, output=1500), times=2)
    assert transcript.truncated
    assert transcript.output == ("x" * 1000 + "\n" + "x" * 499)
    assert all(isinstance(result, Outcome) for result in transcript.results)


def test_nothing_reaches_the_real_streams(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    """Writing below Python's streams, or from a program that the code starts, goes nowhere."""
    source = "import os\nos.write(1, b'one')\nos.write(2, b'two')\nos.system('echo three')\n"
    assert run(runner, source, "dW = 1.0").output == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("garbage", ["b'x' * 200", "b'grad' + b'\\xff' * 200", "b'grad' + bytes(200)"])
def test_garbage_on_the_connection_is_a_failure(runner: Runner, garbage: str) -> None:
    """Bytes on every descriptor that the process has are noticed, and believed by nobody."""
    told = failure(
        runner,
        f"""
        import os, time
        for descriptor in range(64):
            try: os.write(descriptor, {garbage})
            except OSError: pass
        time.sleep(9)
        """,
    )
    assert told.kind == "protocol"


def test_a_forged_giant_is_refused(runner: Runner) -> None:
    """A process that claims to send more than may pass is ended."""
    source = """
        import gc
        from gradcheck.submission.channel import Channel
        from gradcheck.submission.wire import _ENTRY, _HEADER
        def f(x):
            channel = next(thing for thing in gc.get_objects() if isinstance(thing, Channel))
            head = _HEADER.pack(b'grad', 4, 0, 1, 1, 0) + bytes(8) + _ENTRY.pack(0, 1, 1 << 33, *(7 * [0]))
            channel._socket.sendall(head)
            while True: pass
    """
    told = failure(runner, source)
    assert (told.kind, told.message) == ("too_large", "the results take more than 64 MiB")


def test_an_answer_that_is_too_large_costs_its_call(runner: Runner) -> None:
    """An honest process says itself that its result does not fit, and goes on."""
    source = "import numpy as np\ndef f(x): return np.zeros((9 << 20,))"
    told = failure(runner, source)
    assert told.kind == "too_large"
    assert told.message == "the results take 72 MiB, more than 64 MiB: dW (9437184,)"


@pytest.mark.slow
@linux
@pytest.mark.parametrize(
    "start",
    [
        "os.fork() or time.sleep(99)",
        "os.fork() or (os.setsid(), os.fork() or time.sleep(99), os._exit(0))",
        "subprocess.Popen(['sleep', '99'])",
        "subprocess.Popen(['sleep', '99'], start_new_session=True)",
        "os.fork() or os._exit(0)",
    ],
)
@pytest.mark.parametrize("end", ["", "os._exit(0)", "time.sleep(99)"])
def test_nothing_is_left_behind(runner: Runner, start: str, end: str) -> None:
    """Processes that a submission starts end with it, also those that left its session; no zombie stays."""
    run(runner, "", "dW = 1.0")
    before = processes()
    run(
        runner,
        f"import os, subprocess, time\ndef f(x):\n    {start}\n    {end}\n    return x\n",
        budget=SHORT,
    )
    assert processes() == before


@linux
def test_a_forked_copy_does_not_answer(runner: Runner) -> None:
    """Where the student's code forks and both copies return, one of them answers."""
    source = "import os\ndef f(x):\n    os.fork()\n    os.fork()\n    return x\n"
    results = run(runner, source, times=3).results
    assert all(isinstance(result, Outcome) for result in results)


@pytest.mark.slow
@linux
def test_closing_leaves_nothing_behind() -> None:
    """A closed runner has no process; it can be used again."""
    before = processes()
    with Runner() as own:
        assert len(processes()) == len(before) + 1
        run(own, "", "dW = 1.0")
        own.close()
        assert processes() == before
        run(own, "", "dW = 1.0")
    assert processes() == before


@linux
def test_a_fork_server_ends_with_its_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it has started another process by then, which holds its standard error."""
    before = processes()
    monkeypatch.setattr(zygote, "_BOOT", "import os, time\nos.fork()\ntime.sleep(3600)")
    with Runner() as own:
        own.start()
        while len(started := processes() - before) < 2:
            time.sleep(0.01)
    for _ in range(1000):
        if not any(map(is_running, started)):
            return
        time.sleep(0.01)
    raise AssertionError("a process has outlived the fork server")


@linux
@pytest.mark.slow
def test_an_interrupted_run_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception of the harness's own, such as Ctrl-C, ends the submission too."""
    before = processes()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with Runner() as own:
        monkeypatch.setattr("gradcheck.submission.talk.messages.read_reply", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(own, "import os, time\nos.fork() or time.sleep(99)")
        assert processes() == before
    monkeypatch.undo()


@pytest.mark.slow
@linux
def test_nothing_outlives_the_harness() -> None:
    """When the harness is killed, its fork server and the submission that runs end as well."""
    script = """
        import sys
        from gradcheck.submission.runner import Runner
        from gradcheck.submission.records import Budget, Call, Code
        print(flush=True)
        source = "import os, sys\\nos.fork()\\nwhile True: pass"
        Runner().run(Code(source, "a.py", None, "", "a.yaml", 1), [Call({}, ())], Budget(seconds=60))
    """
    before = processes()
    with subprocess.Popen([sys.executable, "-c", dedent(script)], stdout=subprocess.PIPE) as harness:
        assert harness.stdout is not None
        harness.stdout.readline()
        patience = time.monotonic() + 120
        while len(processes() - before) < 4 and time.monotonic() < patience:
            time.sleep(0.02)
        started = processes() - before
        assert len(started) == 4
        harness.kill()
    while any(Path(f"/proc/{pid}").exists() for pid in started) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)


@pytest.mark.slow
def test_a_stopped_fork_server_is_replaced(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission that stops the process above it is stopped itself, and the next one runs."""
    with Runner() as own:
        run(own, "", "dW = 1.0")
        with monkeypatch.context() as soon:
            soon.setattr(zygote, "_PATIENCE", 0.2)
            told = failure(own, "import os, time\nos.kill(os.getppid(), 19)\nwhile True: pass", SHORT)
        assert told.kind == "timeout"
        assert isinstance(run(own, "", "dW = 1.0").results[0], Outcome)


@pytest.mark.slow
def test_a_fork_server_that_was_killed_meanwhile_is_replaced() -> None:
    """A process that was kept ready and ended from outside costs nobody anything."""
    with Runner() as own:
        run(own, "", "dW = 1.0")
        assert own._zygote is not None
        own._zygote._process.kill()
        own._zygote._process.wait()
        assert isinstance(run(own, "", "dW = 1.0").results[0], Outcome)


@pytest.mark.slow
def test_where_nothing_starts_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python that can't run the worker is the harness's trouble, not the submission's."""
    monkeypatch.setattr(zygote, "_BOOT", "raise RuntimeError('no such world')")
    with Runner() as own, pytest.raises(GradcheckError, match="does not start: RuntimeError: no such world"):
        run(own, "", "dW = 1.0")


@pytest.mark.slow
def test_where_processes_cannot_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each submission then has a freshly started process, and everything holds as before."""
    monkeypatch.setattr(zygote, "_BOOT", "import os\ndel os.fork\n" + zygote._BOOT)
    monkeypatch.setattr(zygote, "_FORKS", False)
    with Runner() as own:
        first = run(own, "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n", times=2).results
        again = run(own, "n = 5\ndef f(x): return n").results
        loop = run(own, "while True: pass", budget=SHORT).results
    assert [result.arrays["dW"] for result in (*first, *again) if isinstance(result, Outcome)] == [1, 2, 5]
    assert isinstance(loop[0], Failure)
    assert loop[0].kind == "timeout"


@pytest.mark.slow
def test_the_harness_end_needs_no_numpy() -> None:
    """The fork server can be started before NumPy is loaded, and nothing slow is loaded with it."""
    script = "import sys, gradcheck.submission.talk, gradcheck.submission.find; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    slow = {
        "numpy",
        "asyncio",
        "multiprocessing",
        "yaml",
        "pydantic",
        "torch",
        "gradcheck.submission.execute",
    }
    assert not slow & set(loaded)


def test_a_python_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be made, one line says why, to whoever needs one."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with (
        Runner() as own,
        pytest.raises(GradcheckError, match="does not start: /nowhere/python: No such file"),
    ):
        run(own, "", "dW = 1.0")


def test_no_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is where none can be made for it."""

    def refuse() -> Home:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(runner_module, "Home", refuse)
    with Runner() as own, pytest.raises(GradcheckError, match=r"no temporary folder .*: Read-only .*TMPDIR"):
        own.insist()
