"""What is said of the formulas of a text that comes alone, and how often that is the truth.

    python benchmarks/claims.py [open|held|mathematics|mathematics_held|textbooks] [--show]

`claims/` holds texts as people write them, with the truth of every claim: `open.yaml` and `held.yaml` of all
kinds, `mathematics.yaml` and `mathematics_held.yaml` of matrices, second derivatives, products, differentials
and the like, `textbooks.yaml` derivations of well-known layers and losses. Each is checked as a whole.
`--show` lists the claims of an open half of which something else is said; of held ones there are counts.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.paper.check import check

FOLDER = Path(__file__).parent / "claims"
HALVES = ("open", "held", "mathematics", "mathematics_held", "textbooks")
TRUTHS = ("right", "wrong", "definition", "open")
OUTCOMES = ("as it is", "false WRONG", "false RIGHT", "cannot tell", "defines", "unread", "error")
SAID = {
    Standing.RIGHT: "false RIGHT",
    Standing.WRONG: "false WRONG",
    Standing.CANNOT_TELL: "cannot tell",
    Standing.UNCHECKED: "cannot tell",
    Standing.DEFINED: "defines",
}
"""What it is called when this is said and is not the truth."""
TRUE = {
    "right": {Standing.RIGHT},
    "wrong": {Standing.WRONG},
    "definition": {Standing.DEFINED, Standing.RIGHT},
    "open": {Standing.CANNOT_TELL, Standing.UNCHECKED},
}
WORST = (Standing.WRONG, Standing.CANNOT_TELL, Standing.UNCHECKED, Standing.RIGHT, Standing.DEFINED)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What the corpus holds of one claim, with what is said of it."""

    kind: str
    text: str
    truth: str
    because: str
    outcome: str
    message: str


def outcomes(entry: dict[str, Any]) -> Iterator[Claim]:
    """Of every claim of a text, and of whatever else was called WRONG in it."""
    claims = entry["claims"]
    try:
        derivation = check(entry["text"], "text")
    except Exception as error:  # a corpus has to be gone through to its end
        for claim in claims:
            yield _claim(entry, claim, "error", repr(error))
        return
    groups, others = assign(derivation, [claim["text"] for claim in claims])
    complaints = "; ".join(complaint.message for complaint in derivation.unread)
    for claim, group in zip(claims, groups, strict=True):
        if not group:
            yield _claim(entry, claim, "unread", complaints)
            continue
        judged = min(group, key=lambda one: WORST.index(one.standing))
        outcome = "as it is" if judged.standing in TRUE[claim["truth"]] else SAID[judged.standing]
        yield _claim(entry, claim, outcome, _message(judged))
    for judged in others:
        if judged.standing is Standing.WRONG:
            stray = {"text": judged.text, "truth": "open", "because": "no claim of the text's"}
            yield _claim(entry, stray, "false WRONG", _message(judged))


def assign(derivation: Derivation, texts: list[str]) -> tuple[list[list[Judged]], list[Judged]]:
    """What was judged for each of the claims, by what they have in common; and what belongs to none."""
    plain = [_plain(text) for text in texts]
    groups: list[list[Judged]] = [[] for _ in texts]
    others = []
    first = 0
    for judged in derivation.claims:
        formula = _plain(judged.text)
        order = [*range(first, len(plain)), *range(first)]
        own = [k for k in order if plain[k] == formula][:1]
        own = own or [k for k in order if plain[k] in formula]
        own = own or [k for k in order if "=" in formula and formula in plain[k]][:1]
        for k in own:
            groups[k].append(judged)
        if own:
            first = own[0]
        else:
            others.append(judged)
    return groups, others


def _plain(formula: str) -> str:
    return re.sub(r"\\quad|\\\\|[\s$&,.;`]", "", formula)


def _claim(entry: dict[str, Any], claim: dict[str, str], outcome: str, message: str) -> Claim:
    because = claim.get("because", "")
    return Claim(
        kind=entry["kind"],
        text=claim["text"],
        truth=claim["truth"],
        because=because,
        outcome=outcome,
        message=message,
    )


def _message(judged: Judged) -> str:
    steps = [step.message for step in judged.steps if step.message]
    return "; ".join(filter(None, [judged.about, judged.mistake, *steps, *judged.notes]))


def report(name: str, claims: list[Claim], seconds: float) -> None:
    """The table of one half."""
    print(f"{name}: {len(claims)} claims in {seconds:.0f} s")
    print(f"{'':12}{'claims':>12}" + "".join(f"{outcome:>13}" for outcome in OUTCOMES))
    for truth in (*TRUTHS, "all"):
        chosen = [claim for claim in claims if truth in (claim.truth, "all")]
        counts = Counter(claim.outcome for claim in chosen)
        print(f"{truth:12}{len(chosen):12}" + "".join(f"{counts[outcome]:13}" for outcome in OUTCOMES))
    judgeable = [claim for claim in claims if claim.truth != "definition"]
    good = sum(claim.outcome == "as it is" for claim in judgeable)
    print(f"besides definitions: {good} of {len(judgeable)} ({good / len(judgeable):.0%}) as it is\n")


def show(claims: list[Claim]) -> None:
    """Every claim of which something else is said than the truth, the most harmful first."""
    for outcome in OUTCOMES[1:]:
        for claim in claims:
            if claim.outcome == outcome:
                because = f" ({claim.because})" if claim.because else ""
                print(f"{outcome} · {claim.kind} · it is {claim.truth}{because}")
                print(f"    {' '.join(claim.text.split())}")
                if claim.message:
                    print(f"    {claim.message}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("half", nargs="?", choices=HALVES)
    parser.add_argument(
        "--show", action="store_true", help="list what is said wrongly; of the open halves only"
    )
    options = parser.parse_args()
    for half in [options.half] if options.half else HALVES:
        entries = yaml.safe_load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8"))
        start = time.perf_counter()
        claims = [claim for entry in entries for claim in outcomes(entry)]
        report(half, claims, time.perf_counter() - start)
        if options.show and "held" not in half:
            show(claims)


if __name__ == "__main__":
    main()
