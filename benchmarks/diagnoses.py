"""How often a mistake is named, and the first wrong quantity found: a corpus made from the catalogue.

    python benchmarks/diagnoses.py [--pairs N] [--without N]

Every mistake at every layer where it can be made, and at all of them, on the shipped specs and on nine
more networks (benchmarks/networks), in float64, in float32, and rounded to four decimals. Then random
pairs of mistakes; then each mistake with the catalogue robbed of it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from harness.diagnosis.diagnose import Findings, diagnose
from harness.diagnosis.library import Faults, Library
from harness.diagnosis.questions import Questions
from harness.maths._arrays import Array
from harness.mistakes.catalogue import CATALOGUE
from harness.mistakes.records import Fault
from harness.mistakes.reverse import NoSuchMistakeError
from harness.mistakes.scene import Scene
from harness.oracle.kept import answer_key
from harness.spec.quantity import split

ROOT = Path(__file__).resolve().parents[1]
Answers = dict[int, dict[str, Array]]


@dataclass
class Bench:
    """One spec's questions, and what mistakes make of its cases in a precision."""

    path: Path

    def __post_init__(self) -> None:
        self.questions = Questions(answer_key(self.path))
        spec = self.questions.key.spec
        wanted = spec.notation.unfolded([*spec.check, *spec.accept])
        self.library = self.questions.library
        self.names = [name for name in wanted if name in self.library.order]
        self.singles = [f for f in (*self.library.singles, *self.library.with_unknown) if self.shows(f)]
        self.scenes32 = [_single(scene) for scene in self.library.scenes]

    def shows(self, fault: Fault) -> bool:
        """Whether the mistake changes anything that is compared."""
        return bool(self.library.changed(fault) & set(self.names))

    def answers(self, faults: Faults, precision: str) -> Answers:
        """What somebody who makes these mistakes hands in for the cases and the probes."""
        scenes = self.scenes32 if precision == "float32" else self.library.scenes
        made: Answers = {}
        for number, scene in enumerate(scenes):
            try:
                all_of_it = self.library.made(scene, faults)
            except NoSuchMistakeError:
                continue  # the code would fail here
            made[number] = {n: _printed(all_of_it[n], precision) for n in self.names if n in all_of_it}
        return {n: a for n, a in made.items() if all(np.isfinite(v).all() for v in a.values())}

    def first(self, faults: Faults) -> str:
        """The first quantity that these mistakes make wrong, as a learner would call it."""
        for number in range(len(self.library.scenes)):
            made = self.library.predicted(number, faults)
            if made is None:
                continue
            right = self.library.right[number]
            for name in self.library.order:
                if made[name].shape != right[name].shape or not np.allclose(made[name], right[name], 1e-9, 0):
                    letter, layer = split(name)
                    return f"dz{layer}" if letter == "da" and name not in self.names else name
        return ""


def _single(scene: Scene) -> Scene:
    case = scene.case
    parameters = {name: w.astype(np.float32) for name, w in case.parameters.items()}
    return Scene(
        replace(case, parameters=parameters, x=case.x.astype(np.float32), y=case.y.astype(np.float32))
    )


def _printed(a: Array, precision: str) -> Array:
    return np.round(a, 4) if precision == "4 decimals" else a.astype(np.float64)


class Score:
    """Counts of what came out, and the time it took."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.slowest = 0.0
        self.misses: list[str] = []

    def of(self, *kinds: str) -> str:
        """A share in percent."""
        total = self.count["total"]
        return f"{100 * sum(self.count[k] for k in kinds) / total:6.2f} %" if total else "     - "


def ask(bench: Bench, faults: Faults, precision: str, score: Score) -> Findings | None:
    """One diagnosis, timed; None where the submission is not wrong."""
    evidence = bench.questions.seen(bench.answers(faults, precision))
    if not evidence:
        return None
    start = time.perf_counter()
    found = diagnose(bench.library, evidence)
    score.slowest = max(score.slowest, time.perf_counter() - start)
    return found


def singles(benches: Sequence[Bench], precision: str) -> Score:
    """Every mistake alone."""
    score = Score()
    for bench in benches:
        for fault in bench.singles:
            found = ask(bench, (fault,), precision, score)
            if found is None:
                score.count["looks right"] += 1
                continue
            score.count["total"] += 1
            slugs = {f.mistake.slug for faults in found.explanations for f in faults if len(faults) == 1}
            named = fault.mistake.slug in slugs
            score.count["named" if named else "misnamed" if found.explanations else "unnamed"] += 1
            located = found.place.first == bench.first((fault,))
            score.count["located"] += located
            if not named or not located:
                score.misses.append(_miss(bench, fault, found))
    return score


def pairs(benches: Sequence[Bench], precision: str, count: int) -> Score:
    """Random pairs of different mistakes."""
    score, rng = Score(), random.Random(1)
    for bench in benches:
        for _ in range(count if len(bench.singles) > 1 else 0):
            two = tuple(rng.sample([f for f in bench.singles if not f.mistake.unknown or f.mistake.known], 2))
            if two[0].mistake is two[1].mistake or not bench.answers(two, "float64"):
                continue
            start = time.perf_counter()
            found = ask(bench, two, precision, score)
            score.count["over 2 s"] += time.perf_counter() - start > 2
            if found is None:
                continue
            score.count["total"] += 1
            lengths = {len(faults) for faults in found.explanations}
            score.count["as one" if 1 in lengths else "as two" if 2 in lengths else "unexplained"] += 1
            score.count["located"] += found.place.first == bench.first(two)
            if not lengths:
                score.misses.append(
                    f"{bench.path.stem}: {[(f.mistake.slug, f.layers) for f in two]}: {_told(found)}"
                )
    return score


def without(benches: Sequence[Bench], precision: str, count: int) -> Score:
    """Mistakes alone, each taken out of the catalogue before: wrong answers that nothing there makes."""
    score, rng = Score(), random.Random(2)
    for bench in benches:
        there = list({f.mistake.slug: f.mistake for f in bench.singles}.values())
        for mistake in rng.sample(there, min(count, len(there))):
            own = [f for f in bench.singles if f.mistake is mistake]
            if not own:
                continue
            full = bench.library
            bench.library = full.without(mistake)
            for fault in own:
                equals = _equals(full, fault, bench.names)
                found = ask(bench, (fault,), precision, score)
                if found is None or equals:
                    continue
                score.count["total"] += 1
                score.count["misnamed"] += any(len(faults) == 1 for faults in found.explanations)
                score.count["misnamed as two"] += bool(found.explanations) and len(found.explanations[0]) == 2
                located = found.place.first == bench.first((fault,))
                score.count["located"] += located
                if found.explanations or not located:
                    score.misses.append(_miss(bench, fault, found))
            bench.library = full
    return score


def _equals(library: Library, fault: Fault, names: Sequence[str]) -> bool:
    """Whether another mistake of the catalogue makes the very same numbers, so that naming it is right."""
    return any(
        other.mistake is not fault.mistake and library.same(fault, other, names) for other in library.singles
    )


def _miss(bench: Bench, fault: Fault, found: Findings) -> str:
    made = f"{bench.path.stem}: {fault.mistake.slug} at {fault.layers}"
    return f"{made}: {_told(found)}, not {bench.first((fault,))}"


def _told(found: Findings) -> str:
    named = [[f"{f.mistake.slug}@{f.layers}" for f in faults] for faults in found.explanations[:2]]
    return f"{named or 'nothing'} at {found.place.first}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=40, help="pairs a network")
    parser.add_argument("--without", type=int, default=1000, help="mistakes a network that are taken out")
    parser.add_argument("--misses", type=int, default=0, help="how many misses are listed")
    options = parser.parse_args()
    paths = sorted((ROOT / "specs").glob("*.yaml")) + sorted(
        (ROOT / "benchmarks" / "networks").glob("*.yaml")
    )
    benches = [Bench(path) for path in paths]
    rows = {f"one mistake, {p}": singles(benches, p) for p in ("float64", "float32", "4 decimals")}
    rows["two mistakes, float64"] = pairs(benches, "float64", options.pairs)
    rows["not in the catalogue"] = without(benches, "float64", options.without)
    print(f"{len(CATALOGUE)} mistakes, {len(benches)} networks\n")
    print(f"{'':26}{'answers':>8}{'named':>10}{'misnamed':>10}{'located':>10}{'slowest':>10}")
    for title, score in rows.items():
        named = score.of("named", "as one", "as two")
        print(
            f"{title:26}{score.count['total']:8,}{named:>10}{score.of('misnamed'):>10}{score.of('located'):>10}"
            f"{1000 * score.slowest:7.0f} ms"
        )
        print("   ", dict(score.count))
        for miss in score.misses[: options.misses]:
            print("   ", miss)


if __name__ == "__main__":
    main()
