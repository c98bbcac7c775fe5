"""What honest code relies on beside NumPy works in both forms: packages, plots, files, threads, arguments."""

from __future__ import annotations

import site
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import numpy as np
import pytest

from gradcheck.submission import process as process_module
from gradcheck.submission.packages import installed
from gradcheck.submission.protection import Form
from gradcheck.submission.records import Budget, Call, Code, Failure, Outcome, Restricted, Transcript
from gradcheck.submission.restricted import RULES
from gradcheck.submission.runner import Runner

X = np.arange(6.0).reshape(3, 2)
AMPLE = Budget(seconds=30)
FORMS: list[Form] = ["light", "full"] if sys.platform == "linux" else ["light"]


def can_hold(runner: Runner) -> bool:
    """Whether files can be opened at all, and strangers' code be held."""
    return runner.form == "light" or any("landlock" in layer for layer in runner.protection.layers)


@pytest.fixture(scope="module", params=FORMS)
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """A runner of either form."""
    with Runner(request.param) as runner:
        if not can_hold(runner):
            pytest.skip(str(runner.protection))
        yield runner


def run(runner: Runner, source: str, budget: Budget = AMPLE, folder: Path | None = None) -> Transcript:
    """The transcript of a submission that gives back its input, whatever fails before."""
    shown = "submissions/anna/main.py" if folder else "submissions/anna.py"
    text = dedent(source) + "\ndef f(x): return x\n"
    code = Code(text, shown, str(folder) if folder else None, "dW = f(x)", "specs/two.yaml", 9)
    return runner.run(code, [Call({"x": X}, ("dW",))], budget)


def output(runner: Runner, source: str, folder: Path | None = None) -> str:
    """What a submission printed that ran to its end."""
    transcript = run(runner, source, folder=folder)
    assert isinstance(transcript.results[0], Outcome), transcript.results
    assert not transcript.notes
    return transcript.output


PLOTS = """
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation
    import seaborn as sns
    from IPython.display import HTML, display
    from plotly import graph_objects as go
    fig, ax = plt.subplots()
    figure, ((a, b), (c, d)) = plt.subplots(2, 2)
    counts, *edges = plt.hist([1, 2])
    ax.plot([1, 2], label="loss")[0].set_color("r")
    ax.set_ylim(0, 1.1 * ax.get_ylim()[1] + 1)
    for axis in a.flat: axis.grid(True)
    with plt.style.context("dark"): plt.show(block=False)
    plt.rcParams["figure.figsize"] = (3, 4)
    plt.rcParams.update({"a": 1})
    sns.set_theme()
    display(HTML("<b>"))
    class Viewer(plt.Axes):
        pass
    print(Viewer().__class__.__mro__[1:], isinstance(3, plt.Axes), len(counts), f"{fig.dpi:.2f}|")
"""


@pytest.mark.slow
def test_what_plots_is_accepted(runner: Runner) -> None:
    """Everything that code does with a plot works, shows nothing, and ends."""
    assert output(runner, PLOTS) == "(<class 'object'>,) False 0 |\n"


def test_what_a_hosted_notebook_begins_with_is_accepted(runner: Runner) -> None:
    """It mounts folders that are not there."""
    source = """
        from google.colab import drive, files
        import google.colab.output
        drive.mount("/content/drive", force_remount=True)
        for name in files.upload(): print(name)
    """
    assert output(runner, source) == ""


def test_a_program_may_end_itself(runner: Runner) -> None:
    """By names that Python gives to programs and not to modules, too; what it defines counts."""
    for end in ("exit()", "quit(0)", "import sys; sys.exit('done')"):
        (note,) = run(runner, end).notes
        assert note.startswith("anna.py:1: SystemExit: the code ends the program itself; remove exit()")


@pytest.mark.slow
def test_pylab_still_has_numpy(runner: Runner) -> None:
    """The names that pylab takes from NumPy are NumPy's own."""
    assert output(runner, "from pylab import *\nplot(arange(3)); print(exp(zeros(2)))") == "[1. 1.]\n"


@pytest.mark.slow
def test_an_own_module_comes_before_a_stand_in(runner: Runner, tmp_path: Path) -> None:
    """Who hands in a file called seaborn.py gets it."""
    (tmp_path / "seaborn.py").write_text("WHO = 'mine'")
    assert output(runner, "import seaborn; print(seaborn.WHO)", tmp_path) == "mine\n"


@pytest.mark.slow
def test_a_plot_is_no_answer(runner: Runner) -> None:
    """Nothing of a stand-in passes for a gradient."""
    code = Code("import pylab\ndef f(x): return pylab.gca()", "a.py", None, "dW = f(x)", "two.yaml", 1)
    (result,) = runner.run(code, [Call({"x": X}, ("dW",))], AMPLE).results
    assert isinstance(result, Outcome)
    assert result.refused == {"dW": "an object of class Stub; give a NumPy array"}


def test_the_arguments_are_the_submissions_own(runner: Runner) -> None:
    """A program that reads its arguments finds none, and no path of the harness."""
    source = """
        import argparse, os, sys
        parser = argparse.ArgumentParser()
        parser.add_argument("--rate", type=float, default=0.5)
        print(parser.parse_args().rate, sys.argv, any("gradcheck" in word for word in sys.orig_argv))
    """
    assert output(runner, source) == "0.5 ['submissions/anna.py'] False\n"


def test_temporary_files_are_for_one_process(runner: Runner) -> None:
    """They can be made, read, renamed and removed; the next submission finds none."""
    source = """
        import os, shutil, sqlite3, tempfile
        import numpy as np
        print(len(os.listdir(tempfile.gettempdir())))
        with tempfile.TemporaryFile() as file: file.write(b"x")
        with tempfile.NamedTemporaryFile("w") as file: print("x", file=file)
        with tempfile.TemporaryDirectory() as folder: np.save(folder + "/a.npy", np.ones(2))
        folder = tempfile.mkdtemp()
        np.savez(folder + "/a.npz", a=np.ones(2))
        os.rename(folder + "/a.npz", folder + "/b.npz")
        base = sqlite3.connect(folder + "/base")
        base.execute("create table t (x)")
        base.commit()
        os.chdir(folder)
        print(np.load("b.npz")["a"], open(os.devnull, "w").write("x"), open(os.devnull).read() == "")
    """
    for _ in range(2):
        assert output(runner, source) == "0\n[1. 1.] 1 True\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    [
        "open(f'{n}', 'wb').write(bytes(16 << 20))",
        "open(f'{n}', 'w').close()",
    ],
)
def test_the_scratch_folder_is_bounded(step: str) -> None:
    """Too many bytes, or too many files, cost the submission its grade, and the next one nothing."""
    source = (
        f"import itertools, os, tempfile\nos.chdir(tempfile.gettempdir())\nfor n in itertools.count(): {step}"
    )
    with Runner("full" if sys.platform == "linux" else "light") as runner:
        if not can_hold(runner) or sys.platform != "linux":
            pytest.skip("nothing holds it")
        (result,) = run(runner, source).results
        assert isinstance(result, Failure)
        assert (result.kind, "temporary folder" in result.message) in {
            ("too_large", True),
            ("exception", False),  # the disk, or the folder's own memory, was full before
        }
        assert output(runner, "import os, tempfile\nprint(os.listdir(tempfile.gettempdir()))") == "[]\n"


def test_threads_work(runner: Runner) -> None:
    """A pool of threads does its work; its end is not waited for."""
    source = """
        import threading
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(8) as pool: print(sum(pool.map(lambda n: n * n, range(20))))
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    """
    assert output(runner, source) == "2470\n"


USES = {
    "a copy of a file": """
        import os, shutil, tempfile
        folder = tempfile.mkdtemp()
        with open(folder + "/a", "w") as file: file.write("works")
        shutil.copy(folder + "/a", folder + "/b")
        shutil.copy2(folder + "/b", folder + "/c")
        shutil.copytree(folder, folder + "2")
        os.chmod(folder + "2/c", 0o600)
        print(open(shutil.move(folder + "2/c", folder + "/d")).read())
    """,
    "coroutines": """
        import asyncio
        async def word(): await asyncio.sleep(0); return await asyncio.to_thread(str, "works")
        async def main(): return (await asyncio.gather(word(), word()))[0]
        print(asyncio.run(main()))
    """,
    "a pipe": """
        import os, select
        reader, writer = os.pipe()
        os.write(writer, b"works")
        print(os.read(select.select([reader], [], [], 9)[0][0], 5).decode())
    """,
    "an alarm": """
        import signal
        def ring(*_): raise TimeoutError
        signal.signal(signal.SIGALRM, ring)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.001)
            while True: pass
        except TimeoutError: print("works")
    """,
    "a lock on a file": """
        import fcntl, tempfile
        with tempfile.TemporaryFile() as file: fcntl.flock(file, fcntl.LOCK_EX)
        print("works")
    """,
    "who and when": """
        import getpass, zoneinfo
        print("works" if getpass.getuser() == "student" and zoneinfo.ZoneInfo else "")
    """,
}


@pytest.mark.skipif(sys.platform != "linux", reason="signals and locks as Linux has them")
@pytest.mark.parametrize("use", USES)
def test_what_python_offers_works(runner: Runner, use: str) -> None:
    """What harms nobody is allowed in both forms."""
    assert output(runner, USES[use]) == "works\n"


RESTRICTED: dict[str, tuple[Restricted, str]] = {
    "import multiprocessing as m\nm.Process(target=print).start()": ("processes", "ThreadPoolExecutor"),
    "import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''])": ("programs", "leave that out"),
    "import urllib.request\nurllib.request.urlopen('http://localhost:9')": ("network", "hand in the file"),
    "open(__import__('tempfile').gettempdir() + '/../stray', 'w').close()": ("files", "use tempfile"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="strangers' code is held on Linux")
@pytest.mark.parametrize("source", RESTRICTED, ids=[kind for kind, _ in RESTRICTED.values()])
def test_what_only_works_at_home_is_said(runner: Runner, source: str) -> None:
    """A class's code hears what to do instead; one's own code works, and its report says the same."""
    kind, instead = RESTRICTED[source]
    transcript = run(runner, source)
    if runner.form == "light":
        assert transcript.restricted == (kind,)
        assert instead in RULES[kind].instead
    else:
        assert transcript.restricted == ()
        (note,) = transcript.notes
        assert f"; {RULES[kind].instead}; what the file defines counts" in note


def test_what_packages_ask_in_vain_is_no_use_of_it(runner: Runner) -> None:
    """What is imported and not used, written to nowhere or into the scratch folder, needs no word."""
    source = """
        import multiprocessing.synchronize, os, subprocess, tempfile
        print("x", file=open(os.devnull, "w"))
        open(os.path.join(tempfile.gettempdir(), "mine"), "w").close()
        os.mkdir(os.path.join(tempfile.gettempdir(), "folder"))
    """
    transcript = run(runner, source)
    assert isinstance(transcript.results[0], Outcome)
    assert transcript.restricted == ()


def test_modules_that_are_not_used_can_be_imported(runner: Runner) -> None:
    """To import what could reach the network or start programs is no crime."""
    names = "asyncio getpass http.client multiprocessing.pool sqlite3 ssl tarfile urllib.request tkinter"
    assert output(runner, "".join(f"import {name}\n" for name in names.split())) == ""


RELATIVE = {
    "from .helpers import ONE": {"helpers.py": "ONE = 1"},
    "from helpers import ONE": {"helpers.py": "from lib.one import ONE", "lib/one.py": "ONE = 1"},
    "from . import helpers; ONE = helpers.ONE": {"helpers.py": "from .lib import ONE", "lib.py": "ONE = 1"},
    "from .lib.one import ONE": {"lib/one.py": "from ..two import ONE", "two.py": "ONE = 1"},
    "from . import ONE": {"__init__.py": "ONE = 1"},
}


@pytest.mark.slow
@pytest.mark.parametrize("statement", RELATIVE)
def test_relative_imports_work(runner: Runner, tmp_path: Path, statement: str) -> None:
    """A submission's folder is a package, with and without __init__.py."""
    for name, text in RELATIVE[statement].items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert output(runner, f"{statement}\nprint(ONE)", tmp_path) == "1\n"
    (tmp_path / "helpers.py").write_text("ONE = 2")
    assert output(runner, "from .helpers import ONE\nprint(ONE)", tmp_path) == "2\n"


def test_what_can_not_be_imported_relatively_says_what_to_do(runner: Runner, tmp_path: Path) -> None:
    """Neither from above the folder nor beside a single file."""
    for folder in (tmp_path, None):
        (note,) = run(runner, "from .. import utils", folder=folder).notes
        assert "hand in a folder NAME/" in note


CLOSED = ("project/secret/answers.py", "project/withspec/hidden.yaml", "site/torch/__init__.py")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Packages that came into this Python in five ways, beside what must stay closed."""
    texts = {
        "site/plain_one/__init__.py": "from plain_one import inner\nWHERE = 'site'",
        "site/plain_one/inner.py": "",
        "site/slow_one.py": "import time\ntime.sleep(0.7)\nWHERE = 'slow'",
        "site/torch/__init__.py": "grad = 1",
        "site/way.pth": f"# a comment\nimport sys\n{tmp_path / 'project'}\n",
        "project/edited_one/__init__.py": "WHERE = 'pth'",
        "project/secret/answers.py": "",
        "project/withspec/__init__.py": "WHERE = 'spec'",
        "project/withspec/hidden.yaml": "hidden: true",
        "extra/named_one.py": "WHERE = 'PYTHONPATH'",
        "repository/src/mapped_one/__init__.py": "WHERE = 'mapped'",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for folder in ("site", "project", "extra"):
        monkeypatch.syspath_prepend(str(tmp_path / folder))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "extra"))
    sites = [*site.getsitepackages(), str(tmp_path / "site")]
    monkeypatch.setattr(site, "getsitepackages", lambda: sites)
    finder = ModuleType("__editable___one_finder")
    finder.__dict__["MAPPING"] = {"mapped_one": str(tmp_path / "repository" / "src" / "mapped_one")}
    monkeypatch.setitem(sys.modules, finder.__name__, finder)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_installed_packages_can_be_imported(form: Form, packages: Path) -> None:
    """Whichever way they came; what lies beside them stays closed to strangers, and torch stays out."""
    source = """
        import plain_one, edited_one, named_one, mapped_one, withspec
        print(plain_one.WHERE, edited_one.WHERE, named_one.WHERE, mapped_one.WHERE, withspec.WHERE)
        print(plain_one.__loader__.__class__.__name__, plain_one.__spec__.loader is plain_one.__loader__)
    """
    with Runner(form) as runner:
        if not can_hold(runner):
            pytest.skip(str(runner.protection))
        told = output(runner, source)
        assert told == "site pth PYTHONPATH mapped spec\nSourceFileLoader True\n"
        if form == "full":
            for closed in (
                "project/secret/answers.py",
                "project/withspec/hidden.yaml",
                "site/torch/__init__.py",
            ):
                (note,) = run(runner, f"open({str(packages / closed)!r})").notes
                assert "PermissionError" in note or "FileNotFoundError" in note, closed
            (note,) = run(runner, "import torch").notes
            assert "ImportError: torch computes gradients by itself: blocked here" in note


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_an_import_is_not_charged(form: Form, packages: Path) -> None:
    """A package that takes longer than the budget to import costs nothing; what the code does costs."""
    with Runner(form) as runner:
        if not can_hold(runner):
            pytest.skip(str(runner.protection))
        transcript = run(runner, "import slow_one", Budget(seconds=0.6))
        assert isinstance(transcript.results[0], Outcome), transcript.results
        assert transcript.spent < 0.7
        (result,) = run(runner, f"import slow_one\n{DEAF}while True: pass", Budget(seconds=0.6)).results
        assert isinstance(result, Failure)
        assert (result.kind, result.message) == ("timeout", "stopped after 0.6 s: an endless loop?")


DEAF = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
"""From here on nothing interrupts a file that is loaded."""
PRETENDED = """
    import sys
    (clock,) = [finder._stopwatch for finder in sys.meta_path if hasattr(finder, "_stopwatch")]
    for _ in range({times}):
        clock.tell(True)
        {body}
        clock.tell(False)
    while True: pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("body", ["while True: pass", "clock.tell(True)", "pass"])
def test_pretended_imports_are_bounded(runner: Runner, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops the clock without an import gains no more than all imports together may take."""
    monkeypatch.setattr(process_module, "IMPORTS", 0.5)
    source = DEAF + dedent(PRETENDED).format(times=1 if "while" in body else 1000, body=body)
    transcript = run(runner, source, Budget(seconds=0.3))
    (result,) = transcript.results
    assert isinstance(result, Failure)
    assert result.kind in ("timeout", "protocol")
    assert transcript.spent < 5


def test_the_harness_itself_is_not_installed_for_strangers() -> None:
    """Neither its package nor one that derives gradients is among what may be read."""
    names = {Path(path).name for path in installed().readable()}
    assert names.isdisjoint({"gradcheck", "torch", "functorch", "jax"})
    assert any(name.startswith("numpy") for name in names)
