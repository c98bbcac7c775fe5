"""Verdicts and diagnoses on programs as students write them, which nothing in gradcheck has made.

    python benchmarks/programs.py [open|more|held] [--show]

`programs/open` may be looked at while the diagnosis is built. `programs/more` may be, too, and was written by
somebody who had seen none of the others. So was `programs/held`, of which only counts are printed. Each part
has exercises (`specs/`), submissions (`programs/EXERCISE/PROGRAM/`) and the truth about each of these
(`truth.yaml`), written by hand:

* `kind`: one bug in the backward pass, two, a forward pass that is not the exercise's, or right;
* `wrong`: the quantities that the bug reaches, in the exercise's letters;
* `first_wrong`: those of them that may be called the first;
* `bugs`: the equation with the mistake, the kind of edit, the part concerned, a tutor's sentence;
* `catalogue`: the names in the catalogue that would be right.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from program_sentences import Exercise, Sentences

from gradcheck.checker import Checker
from gradcheck.specification.read import read
from gradcheck.specification.records import Spec
from gradcheck.submission.find import at
from gradcheck.verdict.records import Diagnosis, Status, Verdict

FOLDER = Path(__file__).parent / "programs"
PARTS = ("open", "more", "held")
KINDS = ("one", "two", "forward", "right")


@dataclass(frozen=True)
class Program:
    """One submission, and what is true of it."""

    part: Path
    name: str
    """EXERCISE/PROGRAM."""
    kind: str
    wrong: frozenset[str]
    first_wrong: frozenset[str]
    equations: frozenset[str]
    """The quantities in whose equations the mistakes are."""
    catalogue: frozenset[str]

    @property
    def spec(self) -> Path:
        """The exercise."""
        return self.part / "specs" / f"{self.name.partition('/')[0]}.yaml"

    @property
    def folder(self) -> Path:
        """The submission."""
        return self.part / "programs" / self.name


def programs(part: Path) -> Iterator[Program]:
    """All of one part."""
    for entry in yaml.load((part / "truth.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader):
        yield Program(
            part,
            entry["program"],
            entry["kind"],
            frozenset(entry["wrong"]),
            frozenset(entry["first_wrong"]),
            frozenset(bug["equation"] for bug in entry["bugs"]),
            frozenset(entry["catalogue"] or ()),
        )


def judged(program: Program, verdict: Verdict) -> Iterator[str]:
    """The columns of the table that hold of it."""
    by_status: dict[Status, set[str]] = {status: set() for status in Status}
    for quantity in (*verdict.quantities, *verdict.accepted):
        by_status[quantity.status].add(quantity.symbol)
    wrong, right = by_status.pop(Status.WRONG), by_status.pop(Status.RIGHT)
    if wrong == program.wrong and not any(by_status.values()):
        yield "verdict right"
    if wrong - program.wrong:
        yield "blamed"
    if right & program.wrong:
        yield "passed"
    if any(by_status.values()):
        yield "undecided"
    if verdict.internal:
        yield "internal error"
    if verdict.diagnosis:
        yield from _diagnosed(program, verdict.diagnosis, _exercise(program.spec))


@cache
def _exercise(path: Path) -> Exercise:
    return Exercise(read(path))


def _letters(spec: Spec) -> Mapping[str, str]:
    """What a report prints for a quantity -> what the exercise's code calls it."""
    if spec.model is not None:
        return {}
    notation = spec.layered_notation
    return {notation.pretty(name): notation.symbol(name) for name in notation.quantities(spec.stack)}


def _diagnosed(program: Program, diagnosis: Diagnosis, exercise: Exercise) -> Iterator[str]:
    letters = _letters(exercise.spec)
    known = map(exercise.canonical, (program.wrong, program.first_wrong, program.equations))
    sentences = Sentences(exercise, *known)
    symbol = diagnosis.symbol.removeprefix("row 0 of ")
    is_named = letters.get(symbol, symbol) in program.first_wrong | program.equations
    if is_named or sentences.is_place(symbol):
        yield "located"
    if any(sentences.untrue(diagnosis)):
        yield "untrue"
    first = _edited(letters, [one.yours for one in diagnosis.corrections])
    edited = first | _edited(letters, diagnosis.alternatives)
    if not edited and not diagnosis.explanations:
        return
    yield "named"
    slugs = {slug for explanation in diagnosis.explanations for slug in explanation}
    if slugs & program.catalogue or (not slugs and edited & program.equations):
        yield "named right"
    if {*diagnosis.slugs} & program.catalogue or (not slugs and first & program.equations):
        yield "right first"


def _edited(letters: Mapping[str, str], equations: Iterable[str]) -> set[str]:
    """The quantities of which these are the equations, as the exercise's code calls them."""
    matches = (re.match(r"(\S+?)(?:_total)?(?:\[t\]|\[-1\])? = ", text) for text in equations)
    return {letters.get(match[1], match[1]) for match in matches if match}


def counted(part: Path, *, show: bool) -> Mapping[str, Counter[str]]:
    """Kind -> how often each column holds; `show` prints the columns of each program."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    with Checker() as checker:
        for program in programs(part):
            verdict = checker.check(at(program.folder), program.spec)
            columns = [*judged(program, verdict)]
            counts[program.kind].update(["programs", *columns])
            if show:
                print(f"{program.name}: {program.kind}, {', '.join(columns)}")
    return counts


COLUMNS = (
    "programs",
    "verdict right",
    "blamed",
    "passed",
    "undecided",
    "internal error",
    "located",
    "named",
    "named right",
    "right first",
    "untrue",
)


def main(arguments: Sequence[str]) -> None:
    """Print a table for each part."""
    for part in [name for name in arguments if name in PARTS] or PARTS:
        counts = counted(FOLDER / part, show=part != "held" and "--show" in arguments)
        print(f"\n{part:9}" + "".join(f"{column:>16}" for column in COLUMNS))
        for kind in KINDS:
            print(f"{kind:9}" + "".join(f"{counts[kind][column]:16,}" for column in COLUMNS))


if __name__ == "__main__":
    main(sys.argv[1:])
