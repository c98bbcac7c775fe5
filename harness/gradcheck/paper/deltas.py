"""δ where a text does not say what it is: the derivative of the loss by what the weights lead to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from gradcheck.formulas.tree import Derivative, Node, Scripted, Symbol
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
    deltas = _undefined(text, _numbers(text))
    meanings = _meanings(text, deltas) if deltas else {}
    if meanings.keys() != deltas.keys() or any(len(numbers) < 2 for numbers in deltas.values()):
        return
    text.deltas.update(meanings)
    for key, delta in meanings.items():
        text.definitions.pop(key, None)
        text.aliases[text.names.family(key)] = (), delta.meaning
    text.defining = {n: key for n, key in text.defining.items() if key not in meanings}


def _numbers(text: Text) -> dict[Key, set[int]]:
    """Every δ of the text, with the numbers of the claims that speak of it, as they were read."""
    numbers: dict[Key, set[int]] = defaultdict(set)
    for number, claim in zip(text.numbers, text.claims, strict=True):
        for key in text.keys(claim):
            if _DELTA.fullmatch(key.base):
                numbers[key].add(number)
    return numbers


def _undefined(text: Text, numbers: Mapping[Key, set[int]]) -> dict[Key, set[int]]:
    """Those of them that the text does not define, or by such a one alone."""
    undefined = {
        key for key in numbers if key not in text.definitions and text.names.family(key) not in text.aliases
    }
    for key, definition in text.definitions.items():
        if key in numbers and not undefined.isdisjoint(text.mentioned(definition.bodies[0])):
            undefined.add(key)
    return {key: numbers[key] for key in numbers if key in undefined}


def _meanings(text: Text, deltas: Mapping[Key, set[int]]) -> dict[Key, Delta]:
    """What each stands for, by the claims about derivatives that it stands in."""
    meanings: dict[Key, Delta] = {}
    heads = _heads(text, deltas.keys())
    for claim in text.claims:
        match claim.sides[0]:
            case Derivative(Symbol() | Scripted() as of, Symbol() | Scripted() as by, span):
                made = [head for head in _made_of(text, by, heads) if head != of]
                for key in dict.fromkeys(text.keys(claim, start=1)):
                    if key in deltas and len(made) == 1:
                        delta = meanings.setdefault(key, Delta(Derivative(of, made[0], span), []))
                        delta.claims.append(claim)
    return meanings


def _heads(text: Text, deltas: Set[Key]) -> Mapping[Key, Sequence[Node]]:
    """Each name, with the quantities that are made of it, as the text has their names."""
    heads: dict[Key, list[Node]] = defaultdict(list)
    for number, key in text.defining.items():
        if key is not None and key not in deltas and not (definition := text.definitions[key]).indices:
            for part in {*text.mentioned(definition.bodies[0])}:
                heads[part].append(text.claims[number].sides[0])
    return heads


def _made_of(text: Text, by: Node, heads: Mapping[Key, Sequence[Node]]) -> Sequence[Node]:
    reference = text.names.reference(by)
    return () if reference is None or reference.indices else heads.get(reference.key, ())
