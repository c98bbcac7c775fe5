"""How long a student waits: whole commands, beside `python -c "import numpy"`, in one run.

    python benchmarks/startup.py [ROUNDS]

The commands take turns, so that the machine's moods fall on all alike; medians are compared. Warm means that
what can be kept is kept: the truth, what mistakes predict, and bytecode, as of a package that is installed.
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


def seconds(command: list[str]) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdout=quiet, stderr=quiet, env=ENVIRONMENT, check=False)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        named = commands(Path(folder))
        for command in named.values():
            seconds(command)  # fills the store and the operating system's caches
        times: dict[str, list[float]] = {name: [] for name in named}
        for _ in range(rounds):
            for name, command in named.items():
                times[name].append(seconds(command))
    yardstick = median(next(iter(times.values())))
    print(f"{'':40}{'ms':>7}{'ratio':>8}   (medians of {rounds} runs, warm)")
    for name, taken in times.items():
        print(f"{name:40}{median(taken) * 1e3:7.0f}{median(taken) / yardstick:8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
