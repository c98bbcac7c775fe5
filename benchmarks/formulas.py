"""How long do formulas take? A hundred against one spec, right and wrong ones, and the command from cold.

    python benchmarks/formulas.py [SPEC]

The formulas are BP1 to BP4 and their near misses, each a text of its own; times are the best of five. The
second table is of texts made to hurt, each as a command: how long it takes and its memory at most, beside
those of an interpreter that does nothing.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from gradcheck.paper.course.beside import SpecChecker

SPEC = Path(__file__).parent.parent / "specs" / "two_layer.yaml"
RIGHT = (
    r"\delta^3 = (a^3 - y) \odot \sigma'(z^3)",
    r"\delta^2 = (W^3)^T \delta^3 \odot \sigma'(z^2)",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j",
    r"\frac{\partial C}{\partial b^2_j} = \delta^2_j",
    r"\frac{\partial C}{\partial w^2_{jk}} = w^3_{1j} \delta^3_1 \sigma'(z^2_j) x_k",
)
WRONG = (
    r"\delta^3 = a^3 - y",
    r"\delta^2 = W^3 \delta^3 \odot \sigma'(z^2)",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_j \delta^l_k",
    r"\frac{\partial C}{\partial b^2_j} = 2 \delta^2_j",
    r"\frac{\partial C}{\partial w^2_{jk}} = w^2_{1j} \delta^3_1 \sigma'(z^2_j) x_k",
)
HOSTILE = {
    "a megabyte of brackets": "(" * 1_000_000,
    "ten thousand letters": "a" * 10_000,
    "ten thousand digits": "9" * 10_000,
    "ten thousand carets": "^" * 10_000,
    "ten thousand relations": "=" * 10_000,
    "superscripts": "x^" * 5_000,
    "fractions in fractions": r"\frac{" * 1_600,
    "control characters": "\x01\x02" * 5_000,
    "an import": "__import__('os').system('true')",
    "9^9^9^9": "a = 9^9^9^9",
    "1e999999": "a = 1e999999",
    "displays without an end": r"\begin{equation}" * 10_000,
    "dollars without an end": "$a^2\n\n" * 20_000,
    "thousands of lines": "a = b\n" * 1_600,
    "a long sum (judged)": "dC/dw3_11 = " + " + ".join(["a2_1*w3_11"] * 150),
    "sums in sums (judged)": r"\delta^3 = " + r"\sum_{i=1}^{99}" * 9 + " i a^2_1",
    "hundreds of claims (judged)": r"$\frac{\partial C}{\partial b^2_j} = 2 \delta^2_j$ and " * 900,
}
ROUNDS = 5
RUN = "import sys; from gradcheck.cli import main; sys.exit(main(sys.argv[1:]))"
MEASURED = """\
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - start
print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Run by an interpreter of its own, which the peak of memory belongs to."""


def best(work: Callable[[], object]) -> float:
    """The seconds of the quickest of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def cost(command: Sequence[str], text: str) -> tuple[float, float]:
    """The milliseconds of a command at best, and the megabytes that it takes at most."""
    rounds = []
    for _ in range(ROUNDS):
        told = subprocess.run(
            [sys.executable, "-c", MEASURED, *command],
            input=text,
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        seconds, kilobytes = map(float, told.stdout.split())
        rounds.append((seconds * 1e3, kilobytes / 1024))
    return min(rounds)[0], max(memory for _, memory in rounds)


def check_all(checker: SpecChecker, formulas: Sequence[str]) -> None:
    """One text after the other."""
    for formula in formulas:
        checker.check(formula, "text")


def hundreds(spec: Path) -> None:
    """Seconds for a hundred of each kind, and for the command."""
    print(f"the spec's points: {best(lambda: SpecChecker(spec)):.3f} s")
    checker = SpecChecker(spec)
    for kind, formulas in (("right", RIGHT), ("wrong", WRONG)):
        seconds = best(partial(check_all, checker, formulas * 20))
        print(f"100 {kind} formulas: {seconds:.3f} s")
    milliseconds, _ = cost([sys.executable, "-c", RUN, "formula", RIGHT[0], "--spec", str(spec)], "")
    print(f"the command for one formula: {milliseconds / 1e3:.3f} s")


def hostile(spec: Path) -> None:
    """The table of texts made to hurt."""
    questions = (["--spec", str(spec)], ["--of", "(tanh(s) - y)^2", "--wrt", "s"])
    print(f"\n{'':30}{'spec':>12}{'':8}{'expression':>12}")
    print(f"{'':30}{'ms':>12}{'MB':>8}{'ms':>12}{'MB':>8}")
    print("{:30}{:12.0f}{:8.0f}".format("nothing at all", *cost([sys.executable, "-c", "pass"], "")))
    for name, text in HOSTILE.items():
        commands = ([sys.executable, "-c", RUN, "formula", "-", *question] for question in questions)
        costs = (number for command in commands for number in cost(command, text))
        print("{:30}{:12.0f}{:8.0f}{:12.0f}{:8.0f}".format(name, *costs))


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SPEC
    hundreds(path)
    hostile(path)
