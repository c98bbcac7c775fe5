"""A class graded by this machine's processes, and by a Dask cluster of as many workers, in one run.

    python benchmarks/cluster.py [SUBMISSIONS] [WORKERS]

Honest submissions of `class_of.py`, right and wrong, answer one spec. The scheduler and the workers are
processes of their own, so what the client takes of the processor is its alone; they all share the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import class_of

from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.run import GRADEBOOK

ROOT = Path(__file__).resolve().parents[1]
DASK, GRADCHECK = (str(Path(sys.executable).with_name(name)) for name in ("dask", "gradcheck"))
SPEC = "two_layer"


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Path]:
    """The file by which a scheduler with some workers of one thread is found."""
    file = folder / "scheduler.json"
    scheduler = [DASK, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    worker = [DASK, "worker", "--nthreads", "1", "--no-dashboard", "--scheduler-file", str(file)]
    with (folder / "log").open("wb") as log:
        started = [subprocess.Popen(command, stderr=log) for command in (scheduler, *[worker] * workers)]
        try:
            yield file
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait()


def graded(folder: Path, out: str, *more: object) -> tuple[float, float]:
    """The seconds that a run takes, and those of the processor for the command and what it waits for."""
    command = [GRADCHECK, "grade", "submissions", "--spec", f"specs/{SPEC}.yaml", "--seed", "1"]
    start, before = time.perf_counter(), of_processor()
    subprocess.run(
        [*command, "--out", out, *map(str, more)], cwd=folder, stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - start, of_processor() - before


def of_processor() -> float:
    """Seconds of the processor that all processes have taken that have ended by now."""
    times = os.times()
    return times.children_user + times.children_system


def rows(folder: Path, out: str) -> list[dict[str, Any]]:
    """All that a gradebook holds, but for seconds."""
    with Gradebook.reading(folder / out / GRADEBOOK) as book:
        return [asdict(row) | {"seconds": None} for row in book.rows()]


def main(count: int, workers: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        class_of.main(folder / "submissions", count, 0)
        (folder / "specs").symlink_to(ROOT / "specs")
        here, alone = graded(folder, "local", "--jobs", workers)
        before = of_processor()
        with cluster(folder, workers) as file:
            there, client = graded(folder, "dask", "--engine", "dask", "--scheduler", file)
        others = of_processor() - before - client
        differing = sum(a != b for a, b in zip(rows(folder, "local"), rows(folder, "dask"), strict=True))
    print(f"{count} submissions to one spec, {workers} at a time\n")
    print(f"{'processes of this machine':44}{here:8.1f} s{count / here:8.1f} a second")
    print(f"{'workers of a cluster on this machine':44}{there:8.1f} s{count / there:8.1f} a second")
    taken = {"processor, without a cluster": alone, "workers and scheduler": others, "client": client}
    for name, spent in taken.items():
        print(f"{name:44}{spent:8.1f} s{1000 * spent / count:8.2f} ms a submission")
    print(f"{'rows that differ':44}{differing:8}")


if __name__ == "__main__":
    main(*map(int, [*sys.argv[1:], *("5000", "2")[len(sys.argv) - 1 :]]))
