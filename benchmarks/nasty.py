"""How often function mode blames a right gradient, or passes a wrong one, on functions with nasty numerics.

    python benchmarks/nasty.py [COUNT] [--families tuned|held-out|all] [--seed S] [--processes N]
        [--only FAMILY] [--list COLUMN]

The mixture (nasty_functions) is fixed; COUNT is 10000 and S is 0 where nothing is said. What double
precision can show at all is worked out by nasty_truth where it matters: for answers that nobody could
judge, and for wrong ones that passed. Needs mpmath.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import Counter
from multiprocessing import Pool
from random import Random
from typing import Any

import numpy as np
from nasty_functions import FAMILIES, HELD_OUT, Nasty, draw, wrong_gradients
from nasty_truth import Truth

from gradcheck.function.check import check_function
from gradcheck.verdict.records import Status

SEED = 0


def main() -> None:
    """Run, and print a table a family and one for the whole."""
    options = _options()
    chosen = {"tuned": set(FAMILIES) - HELD_OUT, "held-out": HELD_OUT, "all": set(FAMILIES)}[options.families]
    names = [name for name in FAMILIES if name in chosen]
    counts: dict[str, Counter[str]] = {name: Counter() for name in options.only or names}
    began = time.perf_counter()
    tasks = [(names[number % len(names)], number, options.seed) for number in range(options.count)]
    tasks = [task for task in tasks if task[0] in (options.only or names)]
    with Pool(options.processes) as pool:
        for task, x, found in pool.imap(_found, tasks):
            name, number, _ = task
            counts[name].update(found)
            for kind in sorted(set(found) & set(options.list)):
                print(f"{kind}: {name}, number {number}, x = {x}", file=sys.stderr, flush=True)
    _print(counts)
    print(f"\n{len(tasks)} functions, seed {options.seed}, {time.perf_counter() - began:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--families", choices=["tuned", "held-out", "all"], default="all")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", action="append", help="of the mixture, only the functions of a family")
    parser.add_argument("--list", action="append", default=[], help="name the functions of a column")
    return parser.parse_args()


def _found(task: tuple[str, int, int]) -> tuple[tuple[str, int, int], Any, list[str]]:
    """The task, a function's family, number and seed, with its point and what became of its gradients."""
    name, number, seed = task
    warnings.simplefilter("ignore")
    with np.errstate(all="ignore"):
        case = draw(name, number, seed)
        return task, np.asarray(case.x).tolist(), _judged(case, Random(f"{seed}/{number}"))


def _judged(case: Nasty, random: Random) -> list[str]:
    """What became of the right gradient and of the wrong ones, as names of columns."""
    truth = Truth(case)
    found = ["functions", _right(case, truth)]
    for answer in wrong_gradients(case, random).values():
        found += ["wrong ones", *_wrong(case, truth, answer)]
    return found


def _right(case: Nasty, truth: Truth) -> str:
    match check_function(case.f, case.gradient, case.x).status:
        case Status.RIGHT:
            return "right"
        case Status.WRONG:
            return "blamed"
        case _:
            return "cannot tell" if case.kinked or truth.resolvable() else "unresolvable"


def _wrong(case: Nasty, truth: Truth, answer: Any) -> list[str]:
    match check_function(case.f, lambda x: answer, case.x).status:
        case Status.RIGHT:
            return ["passed" if case.kinked or truth.shows(answer) else "passed, can't be shown"]
        case Status.WRONG:
            return ["caught"]
        case _:
            return ["undecided"]


COLUMNS = (
    "functions",
    "right",
    "blamed",
    "cannot tell",
    "unresolvable",
    "wrong ones",
    "caught",
    "undecided",
    "passed",
    "passed, can't be shown",
)


def _print(counts: dict[str, Counter[str]]) -> None:
    print("| family | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    whole: Counter[str] = sum(counts.values(), Counter())
    for name, row in (*counts.items(), ("**all**", whole)):
        mark = " (held out)" if name in HELD_OUT else ""
        print(f"| {name}{mark} | " + " | ".join(f"{row[column]:,}" for column in COLUMNS) + " |")


if __name__ == "__main__":
    main()
