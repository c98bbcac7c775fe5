"""Whether the side that was meant is found: derivations with one slip each, and how long the search takes.

    python benchmarks/repairs.py [slips|slips_held] [--show]

`claims/` holds them with the side that was meant, several with "or" between. `--show` lists those of the
open half for which something else is given first, or nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from gradcheck.formulas.dialect import formula
from gradcheck.paper.check import check

FOLDER = Path(__file__).parent / "claims"
HALVES = ("slips", "slips_held")


class Result(NamedTuple):
    """What is given for one text."""

    text: str
    right: str
    other: str
    is_meant: bool
    """Whether it is what was meant."""
    is_other_meant: bool
    seconds: float


def results(half: str) -> Iterator[Result]:
    """For each text of a half."""
    for entry in yaml.safe_load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8")):
        start = time.perf_counter()
        derivation = check(entry["text"], "text")
        seconds = time.perf_counter() - start
        repair = derivation.claims[-1].repair
        right, other = (repair.right, repair.other) if repair else ("", "")
        meant = [formula(side, derivation.dialect) for side in entry["right"].split(" or ")]
        first, second = (bool(side) and formula(side, derivation.dialect) in meant for side in (right, other))
        yield Result(entry["text"], right, other, first, second, seconds)


def main() -> None:
    """Counts, of both halves unless one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("half", nargs="?", choices=HALVES)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    for half in [options.half] if options.half else HALVES:
        texts = [*results(half)]
        first, second = sum(one.is_meant for one in texts), sum(one.is_other_meant for one in texts)
        given = sum(bool(one.right) for one in texts)
        print(f"{half}: {len(texts)} texts, {given} with a side, {first} meant, {second} behind or")
        print(f"  {sum(one.seconds for one in texts) / len(texts) * 1e3:.0f} ms a text with all that is said")
        for one in texts if options.show and half == "slips" else ():
            if not one.is_meant:
                print(f"  {one.text.strip()}\n    -> {' or '.join(filter(None, (one.right, one.other)))}")


if __name__ == "__main__":
    main()
