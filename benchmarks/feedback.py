"""A class graded with feedback pages and a dashboard, and without, in one run.

    python benchmarks/feedback.py [SUBMISSIONS]

Ten specs, as in `grading.py`; once every submission is right, and once they are those of `class_of.py`, a
third of them wrong. The truth is warm. The two commands take turns, `ROUNDS` times.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import class_of

import grading

ROUNDS = 2
OF_CLASS = ("grade", "submissions", "--spec", "specs", "--out", "out", "--seed", "1")
BARE = """
import sys
from gradcheck import cli
from gradcheck.commands import grade
grade._write_dashboard = lambda *_: None
sys.exit(cli.main(sys.argv[1:]))
"""
"""The command without its dashboard, for which it has no option."""


def compared(folder: Path) -> tuple[float, float]:
    """The least seconds of a run without pages and dashboard, and of one with them."""
    commands = (
        [sys.executable, "-c", BARE, *OF_CLASS],
        [grading.GRADCHECK, *OF_CLASS, "--feedback-dir", "pages"],
    )
    times: tuple[list[float], ...] = ([], [])
    for _ in range(ROUNDS):
        for spent, command in zip(times, commands, strict=True):
            shutil.rmtree(folder / "out", ignore_errors=True)
            spent.append(grading.seconds(command, folder))
    return min(times[0]), min(times[1])


def main(count: int) -> None:
    """Print the table."""
    print(f"{count} submissions x 10 specs\n\n{'':24}{'without':>12}{'with':>12}{'ratio':>8}")
    for name in ("all right", "a third of them wrong"):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            grading.class_of(folder, count if name == "all right" else 1)
            if name != "all right":
                class_of.main(folder / "more", count - 1, 0)
                for submission in (folder / "more").iterdir():
                    submission.rename(folder / "submissions" / submission.name)
            warm = folder / "warm"
            warm.mkdir()
            grading.class_of(warm, 1)
            grading.seconds([grading.GRADCHECK, *OF_CLASS], warm)
            without, with_them = compared(folder)
        print(f"{name:24}{without:10.1f} s{with_them:10.1f} s{with_them / without:8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
