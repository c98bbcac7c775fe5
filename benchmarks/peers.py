"""Twenty submissions to one spec, from the prompt to the grades, beside peers, in one run.

    pip install gradescope-utils pytest
    python benchmarks/peers.py [ROUNDS]

The peers differentiate by a loop over the weights and compare, one process a submission, as their services
start them; they have no sandbox and name no mistake. The commands take turns; medians are compared.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from startup import ENVIRONMENT, GRADCHECK, ROOT

SUBMISSIONS = 20

CHECKS = """\
import unittest

from gradescope_utils.autograder_utils.decorators import weight

import numpy as np
from two_layer import backprop


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(x, y, W2, b2, W3):
    return np.sum((sigmoid(W3 @ sigmoid(W2 @ x + b2)) - y) ** 2) / 2 / x.shape[1]


def numerical(values, at, h=1e-5):
    gradient = np.zeros_like(values[at])
    for index in np.ndindex(gradient.shape):
        for sign in (1, -1):
            moved = [value.copy() for value in values]
            moved[at][index] += sign * h
            gradient[index] += sign * loss(*moved) / (2 * h)
    return gradient


class Gradients(unittest.TestCase):
    def check(self, at, which):
        draw = np.random.default_rng(0)
        for inputs, units, outputs, batch in ((2, 3, 1, 1), (2, 3, 1, 7), (3, 5, 2, 5), (3, 3, 3, 3)):
            shapes = (inputs, batch), (outputs, batch), (units, inputs), (units, 1), (outputs, units)
            values = [draw.normal(size=shape) for shape in shapes]
            answer = backprop(*values)[which]
            np.testing.assert_allclose(answer, numerical(values, at), rtol=1e-6, atol=1e-8)

    @weight(2)
    def test_dW2(self):
        self.check(2, 0)

    @weight(2)
    def test_db2(self):
        self.check(3, 1)

    @weight(2)
    def test_dW3(self):
        self.check(4, 2)
"""
GRADESCOPE = """\
import unittest

from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

with open("results.json", "w") as stream:
    JSONTestRunner(stream=stream).run(unittest.defaultTestLoader.discover("tests"))
"""


def class_of(folder: Path) -> list[Path]:
    """The folders of the submissions: those to the spec that are shipped, again and again."""
    shipped = sorted(path.parent for path in (ROOT / "submissions").glob("*/two_layer.py"))
    folders = [folder / f"student{n:02}" for n in range(SUBMISSIONS)]
    for source, target in zip(islice(cycle(shipped), SUBMISSIONS), folders, strict=True):
        shutil.copytree(source, target)
    return folders


def gradcheck(folders: list[Path]) -> None:
    """The whole class by one command, into a new gradebook."""
    with tempfile.TemporaryDirectory() as out:
        spec = str(ROOT / "specs" / "two_layer.yaml")
        run([GRADCHECK, "grade", str(folders[0].parent), "--spec", spec, "--out", out], folders[0].parent)


def gradescope_utils(folders: list[Path]) -> None:
    """JSONTestRunner in each submission's folder."""
    for folder in folders:
        run([sys.executable, "-c", GRADESCOPE], folder)


def plain_pytest(folders: list[Path]) -> None:
    """pytest in each submission's folder."""
    for folder in folders:
        run([sys.executable, "-m", "pytest", "-q", "-p", "no:gradcheck", "tests"], folder)


def run(command: list[str], folder: Path) -> None:
    """One process, whatever its exit status: most submissions are wrong."""
    where = ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
    subprocess.run(command, cwd=folder, env=where, capture_output=True, check=False)


def main(rounds: int) -> None:
    """Print the table."""
    ways = {"gradcheck grade": gradcheck, "gradescope-utils": gradescope_utils, "plain pytest": plain_pytest}
    times: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        folders = class_of(Path(folder))
        for each in folders:
            (each / "tests").mkdir()
            (each / "tests" / "test_gradients.py").write_text(CHECKS)
        for round_ in range(rounds + 1):  # the first fills caches and is not counted
            for name, grade in ways.items():
                start = time.perf_counter()
                grade(folders)
                if round_:
                    times[name].append(time.perf_counter() - start)
    yardstick = median(times["gradcheck grade"])
    title = f"{SUBMISSIONS} submissions to one spec"
    print(f"{title:30}{'s':>7}{'times ours':>12}   (medians of {rounds} rounds)")
    for name, taken in times.items():
        print(f"{name:30}{median(taken):7.2f}{median(taken) / yardstick:12.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
