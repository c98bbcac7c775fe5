"""The full form: what a stranger's code can't do, what honest code still can, and how it is told."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from gradcheck.errors import UnprotectedError
from gradcheck.submission import bwrap
from gradcheck.submission.protection import LIGHT, Protection
from gradcheck.submission.records import Budget, Call, Code, Failure, Outcome, Transcript
from gradcheck.submission.runner import Runner

if sys.platform != "linux":
    pytest.skip("only Linux has seccomp and Landlock", allow_module_level=True)

AMPLE = Budget(seconds=60)
X = np.arange(6.0).reshape(3, 2)
RIGHT = "def f(x): return 2 * x"
WORLDS = {
    "all": frozenset[str](),
    "no bwrap": frozenset({"bwrap"}),
    "no landlock": frozenset({"bwrap", "landlock"}),
}


@pytest.fixture(scope="module", params=[*WORLDS.values()], ids=[*WORLDS])
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """A runner for hostile code, with more and with fewer layers: all must hold."""
    if "bwrap" not in request.param and bwrap.obstacle():
        pytest.skip(f"needs bubblewrap: {bwrap.obstacle()}")
    with Runner("full", without=request.param) as runner:
        if not runner.protection.sound:
            pytest.skip(str(runner.protection))
        yield runner


@pytest.fixture(autouse=True)
def unharmed(request: pytest.FixtureRequest) -> Iterator[None]:
    """After whatever a test's submission did, the next submission is right."""
    yield
    if "runner" in request.fixturenames:
        result = run(request.getfixturevalue("runner"), RIGHT).results[0]
        assert isinstance(result, Outcome), result
        np.testing.assert_array_equal(result.arrays["dW"], 2 * X)


def code(source: str, folder: Path | None = None) -> Code:
    """A submission whose function f is called with x."""
    shown = "submissions/anna/main.py" if folder else "submissions/anna.py"
    return Code(dedent(source), shown, str(folder) if folder else None, "dW = f(x)", "specs/two.yaml", 9)


def run(runner: Runner, source: str, budget: Budget = AMPLE, folder: Path | None = None) -> Transcript:
    """The transcript of one call."""
    return runner.run(code(source, folder), [Call({"x": X}, ("dW",))], budget)


def failure(runner: Runner, source: str, budget: Budget = AMPLE) -> Failure:
    """How a submission fails."""
    (result,) = run(runner, source, budget).results
    assert isinstance(result, Failure), result
    return result


@pytest.mark.slow
def test_the_self_test_holds(runner: Runner) -> None:
    """Every attack is tried, none gets through, and one line says so."""
    protection = runner.protection
    assert protection.sound
    assert protection.tried == protection.blocked >= 20
    assert f"self-test {protection.tried}/{protection.tried} blocked; bwrap: " in str(protection)
    assert "\n" not in str(protection)
    if os.getuid() == 0:
        assert "own user" in protection.layers


def test_the_light_form_needs_no_test() -> None:
    """A student's own runner says that it is not for hostile code, and starts nothing to find out."""
    with Runner() as light:
        assert light.protection == LIGHT
    assert not LIGHT.sound
    assert str(LIGHT).endswith("not for hostile code")


FORBIDDEN = {
    "a hidden file": "open('{hidden}').read()",
    "the system's files": "open('/etc/passwd').read()",
    "the harness's own files": "open('{harness}').read()",
    "the parent's command line": "open(f'/proc/{os.getppid()}/cmdline').read()",
    "the folder of other submissions": "os.listdir('..')",
    "writing": "open('made', 'w')",
    "appending": "open('{hidden}', 'a')",
    "a temporary file": "os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
    "renaming": "os.rename('{hidden}', '{hidden}2')",
    "removing": "os.unlink('{hidden}')",
    "rights": "os.chmod('{hidden}', 0o777)",
    "times": "os.utime('{hidden}')",
    "a link": "os.symlink('/etc', '/tmp/etc')",
    "a process": "os.fork()",
    "a shell": "os.system('true') and 1 / 0",
    "another program": "os.execv('/bin/true', ['true'])",
    "a socket": "socket.socket()",
    "a socket of this machine": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets that take addresses": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "a letter with an address": "socket.socketpair()[0].sendto(b'x', '/tmp/socket')",
    "a descriptor sent along": "socket.send_fds(socket.socketpair()[0], [b'x'], [0])",
    "a descriptor received": "socket.recv_fds(socket.socketpair()[0], 1, 1)",
    "a signal on arrival": "fcntl.ioctl(os.pipe()[0], 0x5452, bytes([1, 0, 0, 0]))",
    "an owner of a socket": "fcntl.ioctl(socket.socketpair()[0], 0x8901, os.getppid().to_bytes(4, 'little'))",
    "an own signal to the parent": "os.kill(os.getppid(), 9)",
    "a signal to all": "os.kill(-1, 9)",
    "a signal by owning": "fcntl.fcntl(3, 8, os.getppid())",
    "a thousand threads": "for n in range(1000): threading.Thread(target=time.sleep, args=(1,)).start()",
    "its own folder's rights": "os.chmod('.', 0o777)",
    "a link into the scratch folder": "os.symlink('/etc', os.environ['TMPDIR'] + '/etc')",
    "a giant file": "open(os.environ['TMPDIR'] + '/giant', 'wb').truncate(1 << 40)",
    "truncating what it may read": "os.open(np.__file__, os.O_RDONLY | os.O_TRUNC)",
    "the scratch folder of another": "os.listdir(os.path.dirname(os.environ['TMPDIR']))",
    "higher limits": "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
    "another user": "os.setuid(0)",
    "another group of processes": "os.setpgid(0, 0)",
    "a niceness": "os.nice(-5)",
}


@pytest.mark.slow
@pytest.mark.parametrize("attack", FORBIDDEN.values(), ids=FORBIDDEN)
def test_it_is_refused(runner: Runner, attack: str) -> None:
    """The attack raises in the student's code, and leaves no trace outside."""
    hidden = runner.stages.parent / "hidden"
    statement = attack.replace("{hidden}", str(hidden)).replace("{harness}", __file__)
    told = failure(
        runner,
        f"import fcntl, os, resource, socket, threading, time\nimport numpy as np\n{statement}\n",
    )
    assert told.kind == "exception"
    errors = (
        "PermissionError",
        "FileNotFoundError",
        "BlockingIOError",
        "RuntimeError",
        "OSError",
        "ValueError",
    )
    assert told.message.startswith((*errors, "ZeroDivisionError")), told.message
    assert (hidden.read_text(), hidden.stat().st_mode & 0o777) == ("hidden", 0o644)
    assert not hidden.with_name("hidden2").exists()


WAITS = """\
import os, threading, time
threading.Thread(target=threading.Event().wait, daemon=True).start()
while not os.path.exists("go on"): time.sleep(0.01)
"""


def descendants(process: int) -> set[int]:
    """The processes that it has started, and those that they have."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int(
                (folder / "stat").read_text("utf-8").rpartition(")")[2].split()[1]
            )
    found, more = set[int](), {process}
    while more:
        found |= more
        more = {child for child, parent in parents.items() if parent in more}
    return found


def kill_submission(killed: set[int], over: threading.Event) -> None:
    """Kill the descendant with more threads than one, which is a submission that waits, as it comes up."""
    while not over.wait(0.01):
        for one in descendants(os.getpid()) - {os.getpid()} - killed:
            with contextlib.suppress(OSError):
                if len(os.listdir(f"/proc/{one}/task")) > 1:  # noqa: PTH208
                    os.kill(one, signal.SIGKILL)
                    killed.add(one)
                    return


@pytest.mark.slow
@pytest.mark.parametrize("kills", [1, 2])
def test_who_is_killed_from_outside_is_tried_once_more(runner: Runner, tmp_path: Path, kills: int) -> None:
    """For want of memory, say: it costs nothing once, and twice it is a failure that is not for good."""
    if not any("landlock" in layer for layer in runner.protection.layers):
        pytest.skip("without Landlock, code that waits for a file can't look whether it is there")
    folder = tmp_path / "anna"
    folder.mkdir()
    killed: set[int] = set()
    over = threading.Event()

    def kill() -> None:
        for _ in range(kills):
            kill_submission(killed, over)
        if kills == 1:
            for copy in runner.stages.iterdir():
                (copy / "go on").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        transcript = run(runner, WAITS + RIGHT, Budget(seconds=120), folder)
    finally:
        over.set()
        killer.join()
    (result,) = transcript.results
    assert len(killed) == kills
    assert transcript.is_passing == (kills == 2)
    if kills == 2:
        assert isinstance(result, Failure)
        assert result.message.startswith("was killed (SIGKILL), twice: is this machine short of memory?")
    else:
        assert isinstance(result, Outcome), result


@pytest.mark.slow
def test_only_the_connection_is_open(runner: Runner) -> None:
    """Beside it there are the three standard streams, which lead nowhere."""
    source = """
        import errno, os
        def is_open(descriptor):
            try:
                os.lseek(descriptor, 0, 1)
            except OSError as error:
                return error.errno != errno.EBADF
            return True
        there = [descriptor for descriptor in range(4096) if is_open(descriptor)]
        print(len(there), there[:3])
        os.write(1, b'unseen')
        def f(x): return x
    """
    assert run(runner, source).output == "4 [0, 1, 2]\n"


def test_the_user_owns_nothing(runner: Runner) -> None:
    """Under root the code runs as a user of its own, in no other's groups, with no right but to read."""
    if os.getuid() != 0:
        pytest.skip("not root")
    transcript = run(runner, f"import os\nprint(os.getuid(), os.getgid())\n{RIGHT}")
    user, group = map(int, transcript.output.split())
    assert user == group >= 65534


HONEST = {
    "linear algebra": "np.linalg.solve(np.eye(3), x)",
    "a large product": "(np.ones((300, 300)) @ np.ones((300, 300)))[:3, :2]",
    "random numbers": "np.random.default_rng(0).normal(size=x.shape) + random.random()",
    "einsum": "np.einsum('ij,jk->ik', x, np.eye(2))",
    "a test's assertion": "np.testing.assert_allclose(x, x) or x",
    "a frozen record": "dataclasses.make_dataclass('D', ['v'])(x).v",
    "time": "time.sleep(0.001) or x * time.perf_counter()",
    "big arrays": "np.zeros((4 << 20,))[:6].reshape(x.shape)",
    "a polynomial": "np.polynomial.Polynomial([1, 2])(x)",
    "text": "np.array(json.loads(json.dumps(x.tolist())))",
    "its own limits": "x + resource.getrlimit(resource.RLIMIT_NPROC)[0]",
}


@pytest.mark.slow
@pytest.mark.parametrize("expression", HONEST.values(), ids=HONEST)
def test_honest_code_runs(runner: Runner, expression: str) -> None:
    """What an exercise needs works after everything is given up."""
    source = f"""
        def f(x):
            import dataclasses, json, random, resource, time
            import numpy as np
            return {expression}
    """
    (result,) = run(runner, source).results
    assert isinstance(result, Outcome), result
    assert result.arrays["dW"].shape == X.shape


@pytest.mark.slow
@pytest.mark.parametrize("name", ["torch", "jax", "autograd", "tensorflow"])
def test_a_foreign_gradient_is_kept_out(runner: Runner, name: str) -> None:
    """The import fails with a word on why, and is told; caught or not."""
    why = f"ImportError: {name} computes gradients by itself: blocked here; "
    transcript = run(runner, f"import {name}.nn\ndef g(x): return {name}.nn\n")
    (result,) = transcript.results
    assert isinstance(result, Failure)
    assert result.message.startswith(why)
    assert transcript.imports == (name,)
    unused = run(runner, f"import {name}.nn\n{RIGHT}")
    assert isinstance(unused.results[0], Outcome)
    assert unused.imports == (name,)
    assert unused.notes[0].startswith(f"anna.py:1: {why}")
    caught = run(runner, f"try: import {name}\nexcept ImportError: pass\n{RIGHT}")
    assert isinstance(caught.results[0], Outcome)
    assert caught.imports == (name,)


def test_a_folder_is_readable(runner: Runner, tmp_path: Path) -> None:
    """Modules, packages and data files of the submission are there, and no other file is."""
    if any("no files" in layer for layer in runner.protection.layers):
        pytest.skip("without Landlock no file can be read")
    (tmp_path / "main.py").touch()
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "__init__.py").write_text("from .half import HALF")
    (tmp_path / "parts" / "half.py").write_text("HALF = 0.5")
    (tmp_path / "autograd.py").write_text("TWICE = 2")
    np.savez(tmp_path / "data.npz", four=np.array(4.0))
    np.savetxt(tmp_path / "data.csv", X, delimiter=",")
    source = """
        import numpy as np, os
        from pathlib import Path
        from autograd import TWICE
        from parts import HALF
        four = np.load("data.npz")["four"] + np.load(Path(__file__).parent / "data.npz")["four"] - 4
        def f(x): return np.loadtxt("data.csv", delimiter=",") * HALF * four * TWICE / 2
    """
    transcript = run(runner, source, folder=tmp_path)
    (result,) = transcript.results
    assert isinstance(result, Outcome), result
    np.testing.assert_array_equal(result.arrays["dW"], 2 * X)
    assert transcript.imports == ()
    assert list(runner.stages.iterdir()) == []


@pytest.mark.slow
def test_the_folder_of_the_light_form_is_the_students_own(tmp_path: Path) -> None:
    """The code works in the folder itself; a foreign import is told and not hindered."""
    (tmp_path / "helper.py").write_text("def f(x): return 2 * x")
    np.save(tmp_path / "data.npy", X)
    source = """
        import numpy as np
        from helper import f
        try: import autograd
        except ImportError: pass
        np.load('data.npy')
    """
    with Runner() as light:
        transcript = run(light, source, folder=tmp_path)
    assert isinstance(transcript.results[0], Outcome), transcript.results
    assert transcript.imports == ("autograd",)


@pytest.mark.slow
def test_memory_and_time_are_limited(runner: Runner) -> None:
    """The budget holds as in the light form."""
    bomb = failure(
        runner, "import numpy as np\ndef f(x): return np.ones(1 << 28)", Budget(seconds=60, memory=512 << 20)
    )
    assert bomb.message.endswith("(it may use 512 MiB)")
    loop = failure(
        runner,
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        Budget(seconds=0.3),
    )
    assert loop.kind == "timeout"


@pytest.mark.slow
def test_without_protection_nothing_runs() -> None:
    """Where an attack gets through, a run is refused with the reason, unless it is said to be fine."""
    with Runner("full", without={"bwrap", "seccomp"}) as runner:
        assert not runner.protection.sound
        assert "open a socket" in runner.protection.open
        with pytest.raises(UnprotectedError, match=r"(?s)open a socket.*--unsafe"):
            run(runner, RIGHT)
    with Runner("full", unsafe=True, without={"bwrap", "seccomp"}) as runner:
        assert isinstance(run(runner, RIGHT).results[0], Outcome)


@pytest.mark.slow
def test_closing_removes_the_private_folder() -> None:
    """Nothing stays on the disk."""
    with Runner("full", without={"bwrap"}) as runner:
        home = runner.stages.parent
        assert runner.protection.tried
    assert not home.exists()


@pytest.mark.slow
def test_a_protection_that_leaks_says_so() -> None:
    """The open attacks are named in the line."""
    leaky = Protection(("limits",), 15, ("fork", "execute a program"), "no (not installed)")
    assert str(leaky) == (
        "isolation: limits; self-test 13/15 blocked (open: fork, execute a program); "
        "bwrap: no (not installed)"
    )
    assert not leaky.sound


@pytest.mark.slow
def test_an_ordinary_user_is_held_as_well() -> None:
    """Every attack of the self-test comes to nothing for a user without any privilege."""
    if os.getuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    root = Path(__file__).parents[2] / "harness"
    script = f"""
        import sys
        sys.path[:0] = [{str(root)!r}, {str(Path(np.__file__).parents[1])!r}]
        import numpy as np
        from gradcheck.submission.records import Call, Code
        from gradcheck.submission.runner import Runner
        for without in ((), ("bwrap",), ("bwrap", "landlock")):
            with Runner("full", without=without) as runner:
                code = Code("def f(x): return 2 * x", "a.py", None, "dW = f(x)", "a.yaml", 1)
                (result,) = runner.run(code, [Call({{"x": np.ones(3)}}, ("dW",))]).results
                print(runner.protection.sound, result.arrays["dW"].tolist())
    """
    user = ["setpriv", "--reuid", "1234", "--regid", "1234", "--clear-groups"]
    packages = str(Path(np.__file__).parents[1])
    for python in ("/usr/bin/python3", sys.executable):
        probe = f"import sys; sys.path.append({packages!r}); import numpy"
        if (
            subprocess.run([*user, python, "-I", "-c", probe], capture_output=True, check=False).returncode
            == 0
        ):
            break
    else:
        pytest.skip("no Python with NumPy is readable by others")
    command = [*user, python, "-I", "-B", "-c", dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert done.stdout == 3 * "True [2.0, 2.0, 2.0]\n", done.stderr


def test_who_closes_its_connection_while_answers_wait_ends_itself_alone(runner: Runner) -> None:
    """Its answers were found; a further run of it gets a fresh process, and ends the same way."""
    source = f"""
        import os
        from gradcheck.submission.outbox import Outbox
        Outbox.flush = lambda self: os._exit(0)
        {RIGHT}
    """
    calls = [Call({"x": X}, ("dW",))]
    with runner.process() as process:
        for _ in range(3):
            (result,) = process.run(code(source), calls, AMPLE).results
            assert isinstance(result, (Outcome, Failure))
