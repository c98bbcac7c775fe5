"""How soon `--watch` answers a save: from the file's time to the last line of the report.

    python benchmarks/watch.py [ROUNDS]

A right and a wrong answer are saved in turn, so that every save changes the verdict, ROUNDS times each. Warm
means that the truth is kept, and what mistakes predict.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from startup import FUNCTION, GRADCHECK, ROOT

LAST = "Ctrl-C ends)"
PAUSE = 0.25
"""Seconds between two saves, as nobody saves faster."""


def seconds(
    command: Sequence[str], file: Path, right: str, wrong: str, rounds: int
) -> dict[str, list[float]]:
    """Right and wrong -> how long each save took to be answered."""
    file.write_text(right, encoding="utf-8")
    taken: dict[str, list[float]] = {"right": [], "wrong": []}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=file.parent) as process:
        wait(process)
        for number in range(-2, 2 * rounds):  # a first save of each, which is not counted
            time.sleep(PAUSE)
            kind, text = (("wrong", wrong), ("right", right))[number % 2]
            file.write_text(text, encoding="utf-8")
            wait(process)
            now = time.time_ns()
            if number >= 0:
                taken[kind].append((now - file.stat().st_mtime_ns) / 1e9)
            elif kind == "wrong":
                time.sleep(5)  # what mistakes predict is worked out, once a spec
        process.terminate()
    return taken


def wait(process: subprocess.Popen[str]) -> None:
    """Until the last line of a report."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.rstrip().endswith(LAST):
            return
    raise SystemExit("it has ended")


def main(rounds: int) -> None:
    """Print the table."""
    spec = str(ROOT / "specs" / "two_layer.yaml")
    texts = [(ROOT / "submissions" / who / "two_layer.py").read_text("utf-8") for who in ("right", "asker")]
    with tempfile.TemporaryDirectory() as folder:
        file, function = Path(folder, "two_layer.py"), Path(folder, "function.py")
        found = {
            "gradcheck two_layer.py --spec two_layer.yaml --watch": seconds(
                [GRADCHECK, file.name, "--spec", spec, "--watch"], file, texts[0], texts[1], rounds
            ),
            "gradcheck function.py:f --grad df --watch": seconds(
                [GRADCHECK, f"{function.name}:f", "--grad", "df", "--watch"],
                function,
                FUNCTION,
                FUNCTION.replace("return 2 *", "return 3 *"),
                rounds,
            ),
        }
    print(f"{'':55}{'median, ms':>12}{'slowest, ms':>13}   ({rounds} saves of each)")
    for name, taken in found.items():
        for kind, times in taken.items():
            print(f"{name + ', ' + kind:62}{median(times) * 1e3:5.0f}{max(times) * 1e3:13.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
