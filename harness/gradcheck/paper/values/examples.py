"""Names as arrays of examples, where a sum or a mean would go over a single number.

Whoever writes L = mean((w x + b - y)^2) has several x and y. The text does not say so, nor which of its names
are numbers for all examples: as a rule x and y are arrays, w and b numbers; others may be either beside x.
In sum(w x), both are arrays: it is their inner product.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import product

from gradcheck.formulas.tree import Bracket, Claim, Negative, Node, Product, Scripted, Symbol
from gradcheck.paper.names import Key
from gradcheck.paper.rewriting.differentials import is_change
from gradcheck.paper.text import Text, derivatives
from gradcheck.paper.values.algebra import ONE, MeaningError, Shape
from gradcheck.paper.values.constants import is_constant
from gradcheck.paper.values.counts import COUNTS, given_length
from gradcheck.paper.values.meaning import Reader
from gradcheck.paper.values.shapes import Shapes
from gradcheck.paper.words import SCALARS

_DATA = frozenset({"x", "y", "z", "t", "p", "q", "y_hat", "x_hat", "p_hat", "t_hat"})
"""Names of what each example has."""
_PARAMETERS = frozenset({"w", "b", "c", "k", "mu", "theta", "phi", "delta", "C"}) | SCALARS
"""Names of what all examples have in common."""
_EXAMPLES = "examples"
"""The axis of examples."""
_MOST_NAMES = 6
"""Of how many names every choice is tried."""
_MOST = 6
"""How many choices are likely at most."""


def with_examples(text: Text, state: Shapes) -> tuple[list[Shapes], list[Shapes]]:
    """The likely ways to take names for arrays of examples, and less likely ones.

    There are none unless all names are numbers in this state, and a sum or a mean goes over one.
    """
    if text.names.course is not None or any(map(state.shapes.get, text.inputs)):
        return [], []
    added = _added_numbers(text, state)
    if not added:
        return [], []
    text.totals = _totals(text, state)
    within = _inputs_of(text, added)
    names = [key for key in text.inputs if key in within and _is_open(text, key)]
    vectors = {key for node in added if _is_inner_product(node) for key in text.mentioned(node)}
    usual = [key for key in names[_MOST_NAMES:] if key.base in _DATA]
    names = names[:_MOST_NAMES]
    length = str(given_length(text) or _EXAMPLES)
    found: list[tuple[int, Shapes]] = []
    for are_arrays in product((True, False), repeat=len(names)):
        arrays = [key for key, is_array in zip(names, are_arrays, strict=True) if is_array] + usual
        if (way := _with_arrays(text, state, arrays, length, len(added))) is not None:
            found.append((_against(names, arrays, vectors), way))
    if not found:
        return [], []
    least = min(against for against, _ in found)
    likely = [way for against, way in found if against == least][:_MOST]
    return likely, [way for against, way in found if against > least]


def _against(names: Sequence[Key], arrays: Sequence[Key], vectors: Collection[Key]) -> int:
    """How many names are not what they are as a rule; `vectors` are arrays."""
    are_outputs = not any(key.base == "x" for key in names)
    against = 0
    for key in names:
        if key in vectors or key.base in _DATA:
            against += key not in arrays
        elif key.base in _PARAMETERS:
            against += key in arrays
        elif are_outputs:
            against += key not in arrays
    return against


def _inputs_of(text: Text, formulas: Iterable[Node]) -> set[Key]:
    """The inputs that formulas are made of."""
    return text.inputs_of(key for formula in formulas for key in text.mentioned(formula))


def _is_inner_product(node: Node) -> bool:
    """Whether it is a product of two names, as in sum(w x)."""
    while isinstance(node, Bracket | Negative):
        node = node.inner if isinstance(node, Bracket) else node.of
    factors = node.factors if isinstance(node, Product) else ()
    return len(factors) == 2 and all(isinstance(factor, Symbol | Scripted) for factor in factors)


def _is_open(text: Text, key: Key) -> bool:
    """Whether the text leaves open that an input is an array."""
    is_given = key in text.declared.shapes or key in text.spelled or key.base in COUNTS
    is_number = is_constant(key.base) or is_change(key.base) or text.names.is_indexed(key.base)
    return not (is_given or is_number or key.base in text.names.counting or key in text.names.layerless)


def _with_arrays(text: Text, state: Shapes, arrays: Sequence[Key], length: str, added: int) -> Shapes | None:
    """The state with these names for columns; None where it makes no sense or still adds up numbers.

    The only ones may be of parameters, as of λ sum(w²) beside a mean over examples. There are `added` in the
    state.
    """
    after = state.tentative()
    after.shapes |= dict.fromkeys(arrays, (length, ONE))
    try:
        for key, definition in text.definitions.items():
            if key not in text.unknown and not definition.indices:
                after.shapes[key] = _read(text, after, text.bodies[key])[0]
    except MeaningError:
        return None
    after.single = state
    after.averaged[length] = None
    left = _added_numbers(text, after)
    are_parameters = all(key.base in _PARAMETERS for key in _inputs_of(text, left))
    return after if are_parameters and len(left) < added else None


def _totals(text: Text, state: Shapes) -> frozenset[Key]:
    """The quantities that are made of all examples."""
    found: set[Key] = set()
    for key, body in text.bodies.items():
        is_made_of_others = not found.isdisjoint(text.mentioned(body))
        if is_made_of_others or _added(text, state, body):
            found.add(key)
    return frozenset(found)


def is_of_one_example(text: Text, state: Shapes, claim: Claim) -> bool:
    """Whether a claim is about nothing that is made of all examples; `state` has the shapes of one."""
    keys = {key for side in claim.sides for key in text.mentioned(side)}
    is_named = any(text.names.family(key) in text.aliases or key in text.deltas for key in keys)
    return not (is_named or keys & text.totals or any(_added(text, state, side) for side in claim.sides))


def _added_numbers(text: Text, state: Shapes) -> list[Node]:
    """The numbers over which sums and means of definitions, and of what is differentiated, go."""
    sides = (side for claim in text.claims for side in claim.sides)
    claimed = [one.of for side in sides for one in derivatives(side) if one.of is not None]
    return [node for formula in (*text.bodies.values(), *claimed) for node in _added(text, state, formula)]


def _added(text: Text, state: Shapes, formula: Node) -> list[Node]:
    """The numbers over which sums and means in a formula go."""
    try:
        return _read(text, state, formula)[1]
    except MeaningError:
        return []


def _read(text: Text, state: Shapes, formula: Node) -> tuple[Shape, list[Node]]:
    """The shape of a formula, and the numbers over which sums and means in it go. Raises MeaningError."""
    reader = Reader(state.tentative(), text)
    shape = reader.read(formula)
    return shape, reader.calls.added_numbers
