"""Which quantities are wrong, by themselves or after others, and which are right: as the verdict has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck.diagnosis.findings import Findings, Whereabouts
from gradcheck.diagnosis.names import Names, listed
from gradcheck.digits import at_most
from gradcheck.verdict.records import Quantity, Status


def standing(
    names: Names, findings: Findings, quantities: Mapping[str, Quantity], nearly: Mapping[str, float]
) -> tuple[str, str]:
    """A sentence on what is wrong first and what is right, and one on the rest; that may be empty.

    What the verdict calls right is not called wrong here, nor the other way round. `nearly` says how far what
    is in its right place is off, relative to its size. Probes have other sizes than the spec's cases, and may
    show what the verdict does not.
    """
    place = findings.place
    wrong = [name for name in place.wrong if _status(names, quantities, name) in (None, Status.WRONG)]
    consequences = []
    said = set(names.asked(lambda n: n == place.first or n in place.follows.values(), wrong))
    itself = "by the same mistake" if findings.is_one_mistake else "by itself, too"
    for cause in dict.fromkeys(place.follows.values()):
        follows = names.asked(lambda n, by=cause: place.follows.get(n) == by, wrong)  # type: ignore[misc]
        said.update(follows)
        if follows:
            alone = "" if cause == place.first else f"{names.of(cause)} is wrong {itself}, and "
            consequences.append(f"{alone}{_follow(follows)} {'it' if alone else names.of(cause)}")
    others = [name for name in names.asked(lambda n: True, wrong) if name not in said]
    unexplained = names.asked(lambda n: n in findings.unexplained, findings.unexplained)
    misshapen = [names.of(name) for name in _misshapen(findings, quantities)]
    explained = [name for name in others if name not in (*unexplained, *misshapen)]
    changed = findings.change.equations if findings.change else ()
    hidden = [name for name in changed if name not in (*place.right, *place.wrong)]
    own = [name for name in names.asked(lambda n: n in changed, wrong) if name in explained]
    behind = [name for name in explained if name not in own]
    if behind and len(hidden) == 1:
        likewise = "" if hidden[0] == place.first else ", too"
        consequences.insert(0, f"{_follow(behind)} {names.of(hidden[0])}{likewise}")
    elif findings.is_one_mistake:
        own = explained
    else:
        consequences += _are(behind, "wrong, too")
    consequences += _are(own, f"wrong {itself if len(own) == 1 else itself.replace('itself', 'themselves')}")
    if shaped := [name for name in others if name in misshapen and name not in unexplained]:
        has = "has a wrong shape" if len(shaped) == 1 else "have wrong shapes"
        consequences.append(f"{listed(shaped)} {has}")
    consequences += _are([name for name in others if name in unexplained], "wrong by another mistake")
    location = [_first(names, findings, quantities), *_rest(names, place, quantities, nearly)]
    return sentence_of(location), sentence_of(consequences)


def _follow(shown: Sequence[str]) -> str:
    return f"{listed(shown)} {'follows' if len(shown) == 1 else 'follow'} from"


def _misshapen(findings: Findings, quantities: Mapping[str, Quantity]) -> list[str]:
    """What has a shape that nothing explains: edits explain numbers, a mistake explains their shape, too."""
    is_of_numbers = findings.change and not findings.explanations
    return [name for name, q in quantities.items() if q.reason == "shape"] if is_of_numbers else []


def _are(shown: Sequence[str], what: str) -> list[str]:
    return [f"{listed(shown)} {'is' if len(shown) == 1 else 'are'} {what}"] if shown else []


def sentence_of(clauses: Sequence[str]) -> str:
    """Clauses as one sentence; empty where there are none."""
    return "; ".join(clauses) + "." if clauses else ""


def _first(names: Names, findings: Findings, quantities: Mapping[str, Quantity]) -> str:
    """What is wrong first; what was not handed in is seen by what is made of it alone."""
    place = findings.place
    first, status = names.of(place.first), _status(names, quantities, place.first)
    is_absent = status in (None, Status.ERROR) and place.first not in (*place.right, *place.wrong)
    if is_absent and findings.is_explained:
        mistake = "mistake" if findings.is_one_mistake else "first mistake"
        return f"The {mistake} is in what makes {first}, which you did not hand in"
    if is_absent:
        return f"The first wrong quantity seems to be {first}, which you did not hand in"
    elsewhere = status in (Status.RIGHT, Status.CANNOT_TELL)
    sentence = f"{first} is the first wrong quantity"
    return f"{sentence}, at other sizes than those of the spec's cases" if elsewhere else sentence


def _rest(
    names: Names, place: Whereabouts, quantities: Mapping[str, Quantity], nearly: Mapping[str, float]
) -> list[str]:
    """What is right, and what is nearly so."""
    shown = names.asked(lambda n: n in place.right, (*place.right, *place.wrong))
    by_print = {names.of(name): quantity for name, quantity in quantities.items()}
    there = [by_print[name] for name in shown if name in by_print]
    right = [names.of(q.name) for q in there if q.status is Status.RIGHT]
    parts = _are(right, "right")
    for quantity in there:
        off = max(nearly.get(part, 0.0) for part in names.notation.unfolded([quantity.name]))
        if quantity.status is Status.WRONG and quantity.reason == "values" and off:
            parts.append(f"{names.of(quantity.name)} is off by at most {at_most(off)} of its size")
    return parts


def _status(names: Names, quantities: Mapping[str, Quantity], name: str) -> Status | None:
    """What the verdict says of a quantity, or of that which it is a part of; None where it was not asked."""
    whole = next((n for n in names.key.symbols if name in names.notation.unfolded([n])), None)
    if whole is None:
        return None
    return quantities[whole].status if whole in quantities else Status.ERROR
