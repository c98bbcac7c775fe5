"""What names of a text are, numbers, rows, columns or matrices: every choice, the likeliest ones followed.

Only the text says what `W` is. Each choice has a penalty, what is unusual under it adds doubts, and what is
added or multiplied makes axes equal (`shapes.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import islice

from gradcheck.formulas.tree import Claim, Node
from gradcheck.formulas.walk import nodes
from gradcheck.paper.names import LOSSES, Key
from gradcheck.paper.rewriting.differentials import is_change, origin
from gradcheck.paper.text import Definition, Text
from gradcheck.paper.values.algebra import NUMBER, ONE, MeaningError, Shape, form
from gradcheck.paper.values.constants import is_constant, is_identity
from gradcheck.paper.values.counts import count_entries
from gradcheck.paper.values.examples import with_examples
from gradcheck.paper.values.links import factors_of
from gradcheck.paper.values.meaning import Reader
from gradcheck.paper.values.shapes import Shapes
from gradcheck.paper.words import ANY, SCALARS

_OF_LAYERS = frozenset({"beta", "gamma"})
"""Numbers as a rule, and arrays of a layer where one is multiplied entry by entry."""
MOST = 40
"""How many ways to take the names are followed."""
ALIKE = 1.0
"""How much less likely than the likeliest a way may be to be meant as well."""
LESS_LIKELY = 3.0
"""How much less likely a way may be in which what would be wrong by its shape may be right."""
MOST_WAYS = 6
UNREAD = 0.5
"""What speaks against shapes with which a side of a claim has no meaning: it may be wrong, too."""
TOTAL_OF_NUMBER = 1.5
"""What speaks against shapes with which a sum or a mean goes over a number, where others are arrays."""
SLACK = 4.0
"""How much less likely than the likeliest a way may be to be followed."""
MISREAD = 3.5
"""What speaks against a shape that is not the one by the text's prose."""
MOST_TRIED = 250
"""How many ways to take the names of one definition are tried."""
FEWEST_TRIED = 6
PARTS = 20_000
"""How many parts of formulas are read for that; of a long formula fewer ways are tried."""


def likeliest(text: Text) -> tuple[list[Shapes], list[Shapes]]:
    """The likeliest ways to take the names, best first, with those that are about as likely.

    Then less likely ones in which names are other arrays than in the first.
    """
    declared = [*text.declared.shapes.values(), *text.declared.sizes.values()]
    given = frozenset(axis for shape in declared for axis in shape)
    known = dict.fromkeys(text.objectives, NUMBER)
    if text.names.course is not None:
        known |= text.names.course.shapes
    states = [Shapes(known, given)]
    for key in text.definitions:
        states = _further(text, states, text.definitions[key])
    for name, (arguments, body) in text.functions.items():
        if body != ANY and all(key in text.inputs for key in arguments):
            states = _further(text, states, Definition(Key(f"{name}, applied"), (), (body,)))
    for claim in text.claims:
        states = _claimed(text, states, claim)
    examples, others = with_examples(text, states[0])
    states = [*examples, *others] or states
    for state in states:
        count_entries(text, state)
    if examples:
        return examples, others
    alike = [state for state in states if state.doubts < states[0].doubts + ALIKE]
    ranks = [{key: _rank(shape) for key, shape in state.shapes.items()} for state in alike]
    likely = [state for n, state in enumerate(alike) if ranks[n] not in ranks[:n]][:MOST_WAYS]
    unlikely = (state for state in states[len(alike) :] if state.doubts <= states[0].doubts + LESS_LIKELY)
    return likely, [state for state in unlikely if _is_larger(state.shapes, states[0].shapes)][:MOST_WAYS]


def _is_larger(shapes: Mapping[Key, Shape], others: Mapping[Key, Shape]) -> bool:
    """Whether each name has as many axes as in the other shapes, or more."""
    return all(_rank(shapes.get(key, NUMBER)) >= _rank(shape) for key, shape in others.items())


def _rank(shape: Shape) -> int:
    """0 of a number, 1 of a row or a column, which nobody tells apart, 2 of a matrix."""
    return sum(axis != ONE for axis in shape)


def _claimed(text: Text, states: list[Shapes], claim: Claim) -> list[Shapes]:
    """The states with what a claim speaks of besides, as long as it has to be."""
    keys = [
        key
        for key in dict.fromkeys(k for side in claim.sides for k in text.mentioned(side))
        if key in text.inputs
    ]
    found: list[Shapes] = []
    least = math.inf
    for state in states:
        for after in _assigned(text, state, keys, claim.sides):
            if after.doubts > least + SLACK:
                break
            after.fix(before=state)
            _read_claim(Reader(after, text), after, claim)
            found.append(after)
            least = min(least, after.doubts)
    return _best(found)


def _further(text: Text, states: list[Shapes], definition: Definition) -> list[Shapes]:
    """The states with one more definition; one that makes sense in none of them is passed over."""
    reason = MeaningError("")
    for body in definition.bodies:
        keys = [key for key in dict.fromkeys(text.mentioned(body)) if key in text.inputs]
        found: list[Shapes] = []
        least = math.inf
        for state in states:
            for after in _assigned(text, state, keys, [body]):
                if after.doubts > least + SLACK:
                    break
                try:
                    found.append(_defined(text, after, definition, body))
                except MeaningError as error:
                    reason = error
                else:
                    least = min(least, found[-1].doubts)
        if found:
            text.bodies[definition.key] = body
            return _best(found)
    text.unknown[definition.key] = reason
    return states


def _best(states: Iterable[Shapes]) -> list[Shapes]:
    return sorted(states, key=lambda state: state.doubts)[:MOST]


def _assigned(text: Text, state: Shapes, keys: Sequence[Key], formulas: Sequence[Node]) -> Iterator[Shapes]:
    """The state with every choice of kinds for what is new in it."""
    unknown = [key for key in keys if key not in state.shapes]
    new = [key for key in unknown if not is_change(key.base)]
    parts = sum(1 for formula in formulas for _ in nodes(formula))
    most = max(FEWEST_TRIED, min(MOST_TRIED, PARTS // parts))
    for way in islice(_cheapest([_likely(text, state, key) for key in new]), most):
        after = state.tentative()
        after.doubt(state.doubts + sum(penalty for penalty, _ in way))
        after.shapes |= {key: shape for key, (_, shape) in zip(new, way, strict=True)}
        for key in unknown:
            if is_change(key.base):
                after.shapes[key] = after.shapes.get(replace(key, base=origin(key.base)), NUMBER)
        yield after


def _likely(text: Text, state: Shapes, key: Key) -> list[tuple[float, Shape]]:
    """What an input may be: of every layer, and at all times, the same."""
    every = list(_candidates(text, key))
    if (size := text.declared.sizes.get(key)) and key not in text.declared.shapes:
        turned = 0.25 if ONE in size else 1.5
        every = [(0, size), (turned, size[::-1]), *((MISREAD + doubt, shape) for doubt, shape in every)]
    others = (state.shapes[k] for k in state.shapes if k.base == key.base and key.base in text.names.places)
    like = next(map(form, others), None)
    return [way for way in every if like in (None, form(way[1]))] or every


def _cheapest(choices: Sequence[Sequence[tuple[float, Shape]]]) -> Iterator[list[tuple[float, Shape]]]:
    """One of each, the least unlikely first."""
    waiting = [(sum(of[0][0] for of in choices), (0,) * len(choices))]
    seen = {waiting[0][1]}
    while waiting:
        _, at = heappop(waiting)
        yield [of[n] for of, n in zip(choices, at, strict=True)]
        for n, of in enumerate(choices):
            further = (*at[:n], at[n] + 1, *at[n + 1 :])
            if further[n] < len(of) and further not in seen:
                seen.add(further)
                heappush(waiting, (sum(one[m][0] for one, m in zip(choices, further, strict=True)), further))


def _defined(text: Text, state: Shapes, definition: Definition, body: Node) -> Shapes:
    """The state with the shape of what is defined."""
    reader = Reader(state, text)
    value = reader.read(body)
    has_arrays = any(state.shapes.get(key) for key in text.inputs)
    state.doubt(TOTAL_OF_NUMBER * bool(has_arrays and reader.calls.added_numbers))
    letters = [index for index in definition.indices if isinstance(index, str)]
    if letters:
        state.doubt(1.5 * bool(value))  # an entry is a number
        axes = [state.letters.get(letter, f"{definition.key}.{letter}") for letter in letters]
        own = [axis for axis in value if axis != ONE]
        if len(axes) + len(own) > 2:
            raise MeaningError("this has more than two axes", kind="shape")
        state.doubt(1.0 * bool(own))
        one, other = (*axes, *own, ONE)[:2]
        value = (one, other)
    state.doubt(1.0 * (bool(value) and definition.key.base in LOSSES))
    if definition.key in text.square:
        value = state.inverse(value)
    state.letters = {}
    state.shapes[definition.key] = value
    return state


def _candidates(text: Text, key: Key) -> Iterator[tuple[float, Shape]]:
    """What an input may be, with how unlikely that is."""
    if key in text.declared.shapes:
        yield 0, text.declared.shapes[key]
        return
    if key in text.spelled:
        yield 0, text.spelled[key]
        return
    if is_constant(key.base):
        axis = f"{key}.r"
        yield (0, (axis, axis)) if is_identity(key.base) else (0, (axis, ONE))
        return
    if key.base in text.names.counting or key in text.names.layerless:
        yield 0, ()
        return
    row, column = f"{key}.r", f"{key}.r" if key in text.square else f"{key}.c"
    counts = (
        {len(words) for words in text.names.uses[key.base].subscripts}
        if text.names.is_indexed(key.base) and key.part not in text.names.apart
        else set()
    )
    if counts and key.part == "0":  # beside w_1, …, w_n
        yield from ((0, ()), (0.5, (row, ONE)))
        return
    if counts:
        turned = 0.5 * (key.base not in text.names.turned)
        of_one = ((0, (row, ONE)), (0.25, (ONE, row)), (0.1 + turned, (row, column)))
        yield from {1: of_one, 2: ((0, (row, column)),)}.get(max(counts), ((0, ()),))
        return
    yield from _plain(text, key, row, column)


def _plain(text: Text, key: Key, row: str, column: str) -> Iterator[tuple[float, Shape]]:
    """What a name without indices may be."""
    names = text.names
    if key.base in _OF_LAYERS and not names.entrywise.isdisjoint(_OF_LAYERS):
        yield from ((0, (row, ONE)), (0.25, (ONE, row)), (1.5, ()))
    elif key.base in _OF_LAYERS:
        yield from ((0, ()), (0.75, (row, ONE)), (0.9, (ONE, row)))
    elif key.base in SCALARS and key.base not in names.entrywise:
        yield 0, ()
    elif key.base[:1].isupper() and key.base in names.starred and key.base not in names.turned:
        yield from ((0, ()), (0.5, (row, column)), (1.25, (row, ONE)), (1.5, (ONE, row)))
    elif key.base[:1].isupper():
        number = 1.0 if key.base in LOSSES else 3.0  # C Σ_i max(0, …) weighs a loss
        arrays: tuple[tuple[float, Shape], ...] = ((0, (row, column)), (1.5, (row, ONE)), (2, (ONE, row)))
        yield from sorted((*arrays, (number, ())), key=lambda way: way[0])
    else:
        number, matrix = (1.5, 0.6) if key.base in names.turned else (0.0, 3.0)
        number += 2.0 * (key in text.diagonals)
        ways = ((number, ()), (0.5, (row, ONE)), (0.75, (ONE, row)), (matrix, (row, column)))
        yield from sorted(ways, key=lambda way: way[0])


def _read_claim(reader: Reader[Shape], shapes: Shapes, claim: Claim) -> None:
    """Doubt shapes in which a claim makes no sense: it may be wrong, too. A chain of links fits any."""
    shapes.letters = {}
    doubts = shapes.doubts
    before: Shape | None = None
    for side in claim.sides:
        try:
            shape = shapes.shape(reader.read(side))
            if before is not None:
                shapes.equate(before, shape)
        except MeaningError:
            shapes.doubt(UNREAD)
        else:
            before = shape if before is None else before
    if any(map(reader.links.is_jacobian, factors_of(claim))):
        shapes.doubts = doubts
