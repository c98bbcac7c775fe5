"""How long a student waits: whole commands, beside `python -c "import numpy"`, in one run.

    python benchmarks/startup.py [ROUNDS]

The commands take turns, so that the machine's moods fall on all alike; medians are compared. Warm means that
what can be kept is kept: the truth, what mistakes predict, and bytecode, as of a package that is installed.

Then `gradcheck --help` beside a bare interpreter, and what the pytest plugin costs a project without specs:
its import and its hooks, in time of the processor, in runs of pytest over 50 tests and 20 YAML files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
GRADCHECK = str(Path(sys.executable).with_name("gradcheck"))

FUNCTION = """\
import numpy as np


def f(w):
    return np.sum(np.tanh(w) ** 2)


def df(w):
    return 2 * np.tanh(w) * (1 - np.tanh(w) ** 2)
"""


PLUGIN = """\
import functools, inspect, sys, time
import pytest

spent = 0.0

def timed(hook):
    @functools.wraps(hook)
    def wrapper(*arguments, **named):
        global spent
        start = time.process_time()
        try:
            return hook(*arguments, **named)
        finally:
            spent += time.process_time() - start
    return wrapper

start = time.process_time()
import gradcheck.pytest_plugin as plugin
imported = time.process_time() - start
for name, hook in [*vars(plugin).items()]:
    if name.startswith("pytest_") and not inspect.isgeneratorfunction(hook):
        setattr(plugin, name, timed(hook))
pytest.main(["-q", "-pno:cacheprovider", *sys.argv[1:]])
print("plugin", imported + spent)
"""
"""Prints how many seconds the plugin has taken."""


def commands(folder: Path) -> dict[str, list[str]]:
    """Name -> command, the yardstick first."""
    function = folder / "function.py"
    function.write_text(FUNCTION)
    spec = str(ROOT / "specs" / "two_layer.yaml")
    right = str(ROOT / "submissions" / "right")
    wrong = str(ROOT / "submissions" / "asker")
    return {
        'python -c "import numpy"': [sys.executable, "-c", "import numpy"],
        "gradcheck right --spec two_layer.yaml": [GRADCHECK, right, "--spec", spec],
        "gradcheck asker --spec two_layer.yaml": [GRADCHECK, wrong, "--spec", spec],
        "gradcheck FILE.py:f --grad df": [GRADCHECK, f"{function}:f", "--grad", "df"],
    }


def help_commands() -> dict[str, list[str]]:
    """The same, of what asks for help."""
    code = "import sys; from gradcheck.entry import command; sys.argv = ['gradcheck', '--help']; command()"
    return {
        'python -c "pass"': [sys.executable, "-c", "pass"],
        "gradcheck --help, by its own entry": [sys.executable, "-c", code],
        "gradcheck --help, by the script that pip wrote": [GRADCHECK, "--help"],
    }


def plugin_seconds(folder: Path, *arguments: str) -> float:
    """What the plugin takes of one run of pytest in a project without specs."""
    run = [sys.executable, "-c", PLUGIN, *arguments]
    done = subprocess.run(run, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return float(done.stdout.rsplit(maxsplit=1)[1])


def project_without_specs(folder: Path) -> None:
    """50 tests, and 20 files of YAML beside them."""
    (folder / "tests").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    for number in range(50):
        (folder / "tests" / f"test_{number}.py").write_text("def test_one(): ...\n")
    for number in range(20):
        (folder / "tests" / f"data_{number}.yaml").write_text(f"number: {number}\n" * 100)


def seconds(command: list[str]) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdout=quiet, stderr=quiet, env=ENVIRONMENT, check=False)
    return time.perf_counter() - start


def table(named: dict[str, list[str]], rounds: int) -> None:
    """Print how long the commands take, beside the first of them."""
    for command in named.values():
        seconds(command)  # fills the store and the operating system's caches
    times: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(rounds):
        for name, command in named.items():
            times[name].append(seconds(command))
    yardstick = median(next(iter(times.values())))
    print(f"{'':48}{'ms':>7}{'ratio':>8}   (medians of {rounds} runs, warm)")
    for name, taken in times.items():
        print(f"{name:48}{median(taken) * 1e3:7.0f}{median(taken) / yardstick:8.2f}")


def main(rounds: int) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        table(commands(Path(folder)), rounds)
    table(help_commands(), rounds)
    with tempfile.TemporaryDirectory() as folder:
        project_without_specs(Path(folder))
        for arguments in ([], ["tests"]):
            taken = median(plugin_seconds(Path(folder), *arguments) for _ in range(rounds))
            print(f"the plugin in `pytest {' '.join(arguments):5}`, no specs: {taken * 1e3:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
