"""Which quantities are wrong, by themselves or after others, and which are right: as the verdict has it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from gradcheck.diagnosis.findings import Findings, Whereabouts
from gradcheck.diagnosis.names import Names, listed
from gradcheck.digits import at_most
from gradcheck.verdict.records import Quantity, Status

_ALIKE = "wrong because of the same change"
UNCLEAR = "a mistake of its own, or a consequence: cannot tell which"
"""What is said of a wrong quantity whose cause is not known."""


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
    location = [_first(names, place, quantities, wrong), *_rest(names, place, quantities, nearly)]
    return sentence_of(location), sentence_of(list(_consequences(names, findings, quantities, wrong)))


def _consequences(
    names: Names, findings: Findings, quantities: Mapping[str, Quantity], wrong: Sequence[str]
) -> Iterator[str]:
    """What follows from the first wrong quantity, what is wrong beside it, and what follows from that."""
    place = findings.place
    shown = set(names.asked(lambda n: n == place.first or n in place.siblings, wrong))
    unexplained = _asked(names, findings.unexplained, wrong)
    misshapen = [names.of(name) for name in _misshapen(findings, quantities)]
    behind, beside = dict[str, str](), list[str]()
    for causes in dict.fromkeys(place.follows.values()):
        follow = names.asked(lambda n, by=causes: place.follows.get(n) == by, wrong)  # type: ignore[misc]
        follow = [name for name in follow if name not in shown]
        by = list(map(names.of, causes))
        is_beside = by == [name for name in _asked(names, causes, wrong) if name not in misshapen]
        is_beside = is_beside and len(by) == 1 and by[0] not in (*shown, *unexplained)
        shown.update(follow)
        if follow and is_beside:
            behind[by[0]] = _follow(follow)
        elif follow:
            beside.append(f"{_follow(follow)} {listed(by)}")
    rest = [name for name in names.asked(lambda n: True, wrong) if name not in shown]
    alike = _asked(names, place.alike, wrong)
    explained = [name for name in rest if name not in (*unexplained, *misshapen)]
    yield from beside
    for name in (name for name in explained if name in behind):
        too = _ALIKE if name in alike else "wrong, too"
        yield f"{name} is {too}, and {behind[name]} it"
    alone = [name for name in explained if name not in behind]
    yield from _are([name for name in alone if name in alike], _ALIKE)
    yield from _are([name for name in alone if name not in alike], "wrong, too")
    if shaped := [name for name in rest if name in misshapen and name not in unexplained]:
        yield f"{listed(shaped)} {'has a wrong shape' if len(shaped) == 1 else 'have wrong shapes'}"
    yield from _are([name for name in rest if name in unexplained], "wrong, too, and not explained by this")


def _asked(names: Names, several: Collection[str], wrong: Sequence[str]) -> list[str]:
    """Those of some that are wrong, of what the spec asks for."""
    return names.asked(lambda n: n in several, wrong)


def _follow(shown: Sequence[str]) -> str:
    return f"{listed(shown)} {'follows' if len(shown) == 1 else 'follow'} from"


def _misshapen(findings: Findings, quantities: Mapping[str, Quantity]) -> list[str]:
    """What has a shape that nothing explains: edits explain numbers, a mistake explains their shape, too."""
    return [] if findings.explanations else [n for n, q in quantities.items() if q.reason == "shape"]


def _are(shown: Sequence[str], what: str) -> list[str]:
    return [f"{listed(shown)} {'is' if len(shown) == 1 else 'are'} {what}"] if shown else []


def origin(names: Names, findings: Findings, parts: Sequence[str], follows: str) -> str:
    """Why a quantity is wrong, in a few words; `parts` are the wrong ones that a notation folds into it."""
    place, change, rest = findings.place, findings.change, {*parts}
    if change is not None and change.quantity:  # another forward pass makes all the numbers
        return "" if change.is_assumed(place.wrong) else f"follows from {change.symbol}"
    if follows:
        return f"follows from {follows}"
    if place.first in rest:
        return "the first wrong quantity"
    if rest <= place.alike:
        return f"{_ALIKE} as {names.of(place.first)}" if place.first in place.wrong else _ALIKE
    if rest <= {*place.siblings}:
        return f"follows from {names.of(place.first)}, or has the same slip"
    own = {name for several in place.changed for name in several}
    return "has a mistake of its own" if rest <= own - {*findings.unexplained} else UNCLEAR


def sentence_of(clauses: Sequence[str]) -> str:
    """Clauses as one sentence; empty where there are none."""
    return "; ".join(clauses) + "." if clauses else ""


def _first(names: Names, place: Whereabouts, quantities: Mapping[str, Quantity], wrong: Sequence[str]) -> str:
    """What is wrong first; what was not handed in is seen by what is made of it alone."""
    first, status = names.of(place.first), _status(names, quantities, place.first)
    if status in (None, Status.ERROR) and place.first not in (*place.right, *place.wrong):
        siblings = _asked(names, place.siblings, wrong)
        instead = f", or the same slip is in {listed(siblings)}" if siblings else ""
        return f"The first wrong quantity seems to be {first}, which you did not hand in{instead}"
    handed_in = " that you handed in" if place.may_follow else ""
    elsewhere = status in (Status.RIGHT, Status.CANNOT_TELL)
    sentence = f"{first} is the first wrong quantity{handed_in}"
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
