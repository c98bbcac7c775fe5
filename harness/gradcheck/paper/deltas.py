"""δ where a text does not say what it is: the derivative of the loss by what the weights lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from gradcheck.formulas.tree import Claim, Derivative, Node, Scripted, Symbol
from gradcheck.paper.names import Key
from gradcheck.paper.text import Delta, Text

_DELTA = re.compile("delta_?[0-9]*")


def name_deltas(text: Text) -> None:
    """Take each δ for the derivative by the one quantity that is made of W, in ∂L/∂W = δ xᵀ.

    A δ that is defined by another one is claimed, then. Nothing is taken where one of them stands in no such
    claim, or in this one alone, which says nothing else than what it is.
    """
    if text.is_posed or text.names.course is not None:
        return
    unsaid = _unsaid(text)
    for claim in text.claims if unsaid else ():
        _name(text, claim, unsaid)
    if not all(key in text.deltas and len(_numbers(text, key)) > 1 for key in unsaid):
        text.deltas.clear()
        return
    for key, delta in text.deltas.items():
        text.definitions.pop(key, None)
        text.aliases[text.names.family(key)] = (), delta.meaning
    text.defining = {n: key for n, key in text.defining.items() if key not in text.deltas}


def _unsaid(text: Text) -> set[Key]:
    """Every δ that the text does not define, or by such a one alone."""
    keys = (key for claim in text.claims for side in claim.sides for key in text.mentioned(side))
    deltas = {key for key in keys if _DELTA.fullmatch(key.base)}
    known = {*text.definitions, *(key for key in deltas if text.names.family(key) in text.aliases)}
    unsaid = deltas - known
    for key, definition in text.definitions.items():
        if key in deltas and not unsaid.isdisjoint(text.mentioned(definition.bodies[0])):
            unsaid.add(key)
    return unsaid


def _numbers(text: Text, key: Key) -> set[int]:
    """Which claims that were read speak of a quantity."""
    claims = zip(text.numbers, text.claims, strict=True)
    return {number for number, claim in claims for side in claim.sides if key in text.mentioned(side)}


def _name(text: Text, claim: Claim, deltas: Set[Key]) -> None:
    """Note what each δ of a claim about a derivative stands for there."""
    match claim.sides[0]:
        case Derivative(Symbol() | Scripted() as of, Symbol() | Scripted() as by, span):
            made = [node for node in _made_of(text, by, deltas) if node != of]
            for key in dict.fromkeys(key for side in claim.sides[1:] for key in text.mentioned(side)):
                if key in deltas and len(made) == 1:
                    delta = text.deltas.setdefault(key, Delta(Derivative(of, made[0], span), []))
                    delta.claims.append(claim)


def _made_of(text: Text, by: Node, deltas: Set[Key]) -> Iterator[Node]:
    """The quantities that are made of a name, as the text has their names."""
    reference = text.names.reference(by)
    if reference is None or reference.indices:
        return
    for number, key in text.defining.items():
        if key is not None and key not in deltas:
            definition = text.definitions[key]
            if not definition.indices and reference.key in {*text.mentioned(definition.bodies[0])}:
                yield text.claims[number].sides[0]
