"""How often a mistake is named, and the first wrong quantity found: a corpus made from the catalogue.

    python benchmarks/diagnoses.py [--pairs N] [--without N] [--misses N]

Every mistake at every layer where it can be made, and at all of them, on the shipped specs and on nine
more networks (benchmarks/networks), in float64, in float32, and rounded to four decimals. Then random
pairs of mistakes; then each mistake with the catalogue robbed of it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from statistics import median

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.diagnose import diagnose
from gradcheck.diagnosis.findings import Findings
from gradcheck.diagnosis.point import StackPoint
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.questions import Questions
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.records import Fault, Faults, Mistake
from gradcheck.oracle.lookup import answer_key
from gradcheck.specification.cases import Case

ROOT = Path(__file__).resolve().parents[1]
COLD = ROOT / "benchmarks" / "networks" / "classes_4_5_5_3_penalty.yaml"
PRECISIONS = ("float64", "float32", "4 decimals")
Answers = dict[int, dict[str, Array]]


@dataclass
class Bench:
    """One spec's questions, and what mistakes make of its cases in a precision."""

    path: Path

    def __post_init__(self) -> None:
        self.questions = Questions(answer_key(self.path))
        spec = self.questions.key.spec
        wanted = spec.notation.unfolded([*spec.check, *spec.accept])
        self.predictions: Predictions = self.questions.workings.truths
        self.names = [name for name in wanted if name in self.predictions.order]

    @cached_property
    def singles(self) -> list[Fault]:
        """The mistakes that change anything that is compared."""
        everything = (*self.predictions.singles, *self.predictions.with_unknown)
        return [fault for fault in everything if self.predictions.changed(fault) & set(self.names)]

    @cached_property
    def in_float32(self) -> Predictions:
        """The same of the cases in single precision."""
        return Predictions(
            [_single(point) for point in self.predictions.points], local=self.predictions.local
        )

    def answers(self, faults: Faults, precision: str = "float64") -> Answers:
        """What somebody who makes these mistakes hands in for the cases and the probes."""
        made: Answers = {}
        predictions = self.in_float32 if precision == "float32" else self.predictions
        for number, right in enumerate(predictions.right):
            predicted = predictions.predicted(number, faults)
            if predicted is None:
                continue  # the code would fail here
            all_of_it = {**right, **predicted}
            made[number] = {n: _printed(all_of_it[n], precision) for n in self.names if n in all_of_it}
        return {n: a for n, a in made.items() if all(np.isfinite(v).all() for v in a.values())}

    def first(self, faults: Faults) -> str:
        """The first quantity that these mistakes make wrong, as a learner would call it."""
        changed = {
            name
            for number, right in enumerate(self.predictions.right)
            for name, a in (self.predictions.predicted(number, faults) or {}).items()
            if a.shape != right[name].shape or not np.allclose(a, right[name], 1e-9, 0)
        }
        first = next(name for name in self.predictions.order if name in changed)
        one = self.predictions.known[first]
        return replace(one, base="z").name if one.letter == "da" and first not in self.names else first


def _single(point: StackPoint) -> Case:
    case = point.case
    parameters = {name: w.astype(np.float32) for name, w in case.parameters.items()}
    return replace(case, parameters=parameters, x=case.x.astype(np.float32), y=case.y.astype(np.float32))


def _printed(a: Array, precision: str) -> Array:
    return np.round(a, 4) if precision == "4 decimals" else a.astype(np.float64)


@dataclass
class Row:
    """What came out of one kind of answers."""

    title: str
    answers: int = 0
    named: int = 0
    """By what was made, or by an equal that makes the very same numbers."""
    misnamed: int = 0
    """By one mistake that was not made."""
    as_two: int = 0
    """One mistake, by a pair of others."""
    located: int = 0
    """The first wrong quantity found."""
    seconds: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = (self.named, self.misnamed, self.as_two, self.located)
        shares = "".join(f"{100 * count / max(self.answers, 1):9.2f} %" for count in counts)
        times = "".join(f"{1000 * s:8.0f} ms" for s in (median(self.seconds), max(self.seconds)))
        return f"{self.title:24}{self.answers:9,}{shares}{times}"

    def ask(self, bench: Bench, faults: Faults, precision: str = "float64") -> Findings | None:
        """One diagnosis, timed; None where the numbers look right."""
        evidence = bench.questions.seen(bench.answers(faults, precision))
        start = time.thread_time()
        found = diagnose(bench.predictions, evidence) if evidence else None
        if found is not None:
            self.answers += 1
            self.seconds.append(time.thread_time() - start)
            self.located += found.place.first == bench.first(faults)
        return found

    def miss(self, bench: Bench, faults: Faults, found: Findings) -> None:
        """Note what was not as it should be."""
        made, *said = (
            " + ".join(f"{f.mistake.slug} at {f.layers}" for f in one)
            for one in (faults, *found.explanations[:2])
        )
        place = f"{found.place.first}, not {bench.first(faults)}"
        self.misses.append(f"{bench.path.stem}: {made}: {' or '.join(said) or 'nothing'} at {place}")


def singles(benches: Sequence[Bench], precision: str) -> Row:
    """Every mistake alone."""
    row = Row(f"one mistake, {precision}")
    for bench in benches:
        for fault in bench.singles:
            found = row.ask(bench, (fault,), precision)
            if found is None:
                continue
            named = fault.mistake in {faults[0].mistake for faults in found.explanations if len(faults) == 1}
            row.named += named
            row.misnamed += bool(found.explanations) and not named
            if not named or found.place.first != bench.first((fault,)):
                row.miss(bench, (fault,), found)
    return row


def pairs(benches: Sequence[Bench], count: int) -> Row:
    """Random pairs of different mistakes; named where one mistake or two explain every number."""
    row, rng = Row("two mistakes"), random.Random(1)
    for bench in benches:
        known = [fault for fault in bench.singles if not fault.mistake.unknown or fault.mistake.known]
        for _ in range(count if len(known) > 1 else 0):
            one, other = rng.sample(known, 2)
            found = row.ask(bench, (one, other)) if one.mistake is not other.mistake else None
            if found is None:
                continue
            named = bool(found.explanations) and not found.unexplained
            row.named += named
            if not named:
                row.miss(bench, (one, other), found)
    return row


def without(benches: Sequence[Bench], count: int) -> Row:
    """Mistakes alone, each taken out of the catalogue before: wrong answers that nothing there makes."""
    row, rng = Row("not in the catalogue"), random.Random(2)
    for bench in benches:
        full, all_faults = bench.predictions, bench.singles
        there = list({fault.mistake.slug: fault.mistake for fault in all_faults}.values())
        for mistake in rng.sample(there, min(count, len(there))):
            bench.predictions = _without(full, mistake)
            for fault in (f for f in all_faults if f.mistake is mistake):
                found = row.ask(bench, (fault,))
                if found is None:
                    continue
                names = _strange(full, fault, found, bench.names)
                row.named += bool(found.explanations) and not names
                row.misnamed += len(names) == 1
                row.as_two += len(names) == 2
                if names or found.place.first != bench.first((fault,)):
                    row.miss(bench, (fault,), found)
        bench.predictions = full
    return row


def _without(predictions: Predictions, mistake: Mistake) -> Predictions:
    """The same cases and predictions, and a catalogue that lacks one mistake."""
    smaller = copy(predictions)
    smaller.mistakes = [one for one in predictions.mistakes if one is not mistake]
    for cached in ("singles", "with_unknown"):
        smaller.__dict__.pop(cached, None)
    return smaller


def _strange(predictions: Predictions, fault: Fault, found: Findings, names: Sequence[str]) -> Faults:
    """The mistakes that are named, but for one that makes the very same numbers without being fitted."""
    named = found.explanations[0] if found.explanations else ()
    if len(named) != 1 or (named[0].mistake.unknown and not named[0].mistake.known):
        return named
    explained = [name for name in names if name not in found.unexplained]
    return () if predictions.same(fault, named[0], explained) else named


def cold() -> float:
    """Milliseconds for the first diagnosis of a spec, with all that mistakes predict for it; the median."""
    key, times = answer_key(COLD), []
    bench = Bench(COLD)
    for fault in bench.singles[:: len(bench.singles) // 20]:
        answers = bench.answers((fault,))
        start = time.thread_time()
        questions = Questions(key)
        diagnose(questions.workings.truths, questions.seen(answers))
        times.append(time.thread_time() - start)
    return 1000 * median(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=40, help="pairs a network")
    parser.add_argument("--without", type=int, default=1000, help="mistakes a network that are taken out")
    parser.add_argument("--misses", type=int, default=0, help="how many misses are listed")
    options = parser.parse_args()
    folders = (ROOT / "specs", ROOT / "benchmarks" / "networks")
    benches = [Bench(path) for folder in folders for path in sorted(folder.glob("*.yaml"))]
    print(f"{len(CATALOGUE)} mistakes, {len(benches)} networks\n")
    heads = ("named", "misnamed", "as two", "located", "median", "slowest")
    print(f"{'':24}{'answers':>9}{''.join(f'{head:>11}' for head in heads)}")
    rows = [singles(benches, precision) for precision in PRECISIONS]
    rows += [pairs(benches, options.pairs)] if options.pairs else []
    rows += [without(benches, options.without)] if options.without else []
    for row in rows:
        print(row)
        print("".join(f"    {miss}\n" for miss in row.misses[: options.misses]), end="")
    print(f"\nthe first diagnosis for 4-5-5-3, all predictions made anew: {cold():.0f} ms")


if __name__ == "__main__":
    main()
