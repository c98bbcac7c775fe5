"""Free letters in a formula: which layers and which entries it speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, product
from math import gcd, prod
from typing import TYPE_CHECKING

from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.words import Reference, Words, is_kronecker, is_of_an_example
from gradcheck.formulas.tree import BigSum, Node, Number, Product, Scripted, Symbol
from gradcheck.formulas.walk import followed_by_bracket, nodes, parts

if TYPE_CHECKING:
    from gradcheck.derivation.evaluate import Scope

Range = tuple[int, int]
"""The first and the last value."""
MOST_LAYERS = 1_000
"""How many values of the letters for layers are looked at."""
MOST_TERMS = 10_000
"""Of a sum with bounds."""


def layer_letters(words: Words, sides: Sequence[Node]) -> list[str]:
    """The letters in the place of layers, L apart."""
    found: dict[str, None] = {}
    for reference in _references(words, sides):
        if reference.layer is not None:
            found |= dict.fromkeys(_letters(reference.layer))
    for node in (n for side in sides for n, _ in nodes(side)):
        if (
            isinstance(node, Scripted)
            and node.layered
            and node.sup is not None
            and not is_of_an_example(words, node)
        ):
            found |= dict.fromkeys(_letters(node.sup))
    return [text for text in found if text != "L"]


def has_entries(words: Words, sides: Sequence[Node]) -> bool:
    """Whether single entries of arrays occur."""
    return any(reference.indices for reference in _references(words, sides))


def assignments(scope: Scope, sides: Sequence[Node]) -> Iterator[Mapping[str, int]]:
    """All values of the free letters for which every quantity of the formula exists."""
    for ranges in _by_layers(scope, sides):
        for chosen in product(*ranges.values()):
            yield dict(zip(ranges, chosen, strict=True))


def sampled(scope: Scope, sides: Sequence[Node], most: int) -> list[Mapping[str, int]]:
    """So many of the assignments at most, evenly spread over all of them."""
    found = list(_by_layers(scope, sides))
    each = max(most // max(len(found), 1), 1)
    return [chosen for ranges in found[:most] for chosen in _spread(ranges, each)]


def _spread(ranges: Mapping[str, range], most: int) -> Iterator[Mapping[str, int]]:
    total = prod(map(len, ranges.values()))
    # A stride without common divisors visits every letter's values in turn.
    stride = 1 if total <= most else next(n for n in count(total // most) if gcd(n, total) == 1)
    for number in range(min(total, most)):
        rest, chosen = number * stride % total, {}
        for letter, values in ranges.items():
            rest, at = divmod(rest, len(values))
            chosen[letter] = values[at]
        yield chosen


def _by_layers(scope: Scope, sides: Sequence[Node]) -> Iterator[Mapping[str, range]]:
    """For all values of the letters for layers, what the others run over."""
    layers = layer_letters(scope.words, sides)
    if (scope.words.last + 1) ** len(layers) > MOST_LAYERS:
        raise MeaningError("unsupported", "there are too many letters for layers", sides[0].span)
    for numbers in product(range(scope.words.last + 1), repeat=len(layers)):
        free = dict(zip(layers, numbers, strict=True))
        try:
            ranges = _ranges(replace(scope, free={**scope.free, **free}), sides, bound=frozenset(free))
        except MeaningError as error:
            if not layers or error.kind != "layer":
                raise
            continue
        own = {letter: range(low, high + 1) for letter, (low, high) in ranges.items()}
        yield {**{letter: range(n, n + 1) for letter, n in free.items()}, **own}


def bounds(scope: Scope, node: BigSum) -> Iterator[Mapping[str, int]]:
    """The values of a sum's indices: as its bounds say, or all entries there are."""
    if node.where is not None:
        raise MeaningError(
            "unsupported", "a condition below a sum is not read beside a spec", node.where.span
        )
    letters = [n.text for n in node.indices if isinstance(n, Symbol)]
    if len(letters) < len(node.indices) or not letters:
        raise MeaningError("index", "a sum runs over letters", node.span)
    ranges = _ranges(scope, [node.body], bound=frozenset(scope.free))
    if node.lower is not None and node.upper is not None and len(letters) == 1:
        low, high = (_bound(scope, n) for n in (node.lower, node.upper))
        known = ranges.get(letters[0])
        own = (low if low is not None else 1, high if high is not None else known[1] if known else 0)
        if own[1] - own[0] >= MOST_TERMS:
            raise MeaningError("unsupported", f"a sum has at most {MOST_TERMS:,} terms", node.span)
        ranges = {**ranges, letters[0]: own}
    if missing := [letter for letter in letters if letter not in ranges]:
        raise MeaningError("index", f"what does {missing[0]} run over?", node.span)
    values = (range(ranges[letter][0], ranges[letter][1] + 1) for letter in letters)
    for chosen in product(*values):
        yield dict(zip(letters, chosen, strict=True))


def _bound(scope: Scope, node: Node) -> int | None:
    try:
        return scope.index(node)
    except MeaningError:
        return None


def _ranges(scope: Scope, sides: Sequence[Node], bound: frozenset[str]) -> dict[str, Range]:
    """What the letters in the places of indices run over: what every quantity they stand at has.

    The first side with a letter says what the claim is about: what that has, the others must have. The
    input of the bias, x_0, is left out where a side has nothing for it.
    """
    found: dict[str, Range] = {}
    for side in sides:
        here = _ranges_of_a_side(scope, side, bound)
        for letter, (low, high) in here.items():
            known = found.get(letter, (low, high))
            found[letter] = max(known[0], low), known[1]
    return found


def _ranges_of_a_side(scope: Scope, side: Node, bound: frozenset[str]) -> dict[str, Range]:
    found: dict[str, Range] = {}
    for reference in _unbound(scope.words, side, bound):
        array = scope.values.get(scope.name(reference))
        if array is None:
            continue
        for letter, own in _index_ranges(scope, reference, array.shape):
            if letter not in bound and letter not in scope.helpers:
                low, high = found.get(letter, own)
                found[letter] = (max(low, own[0]), min(high, own[1]))
    return found


def _index_ranges(scope: Scope, reference: Reference, shape: tuple[int, ...]) -> Iterator[tuple[str, Range]]:
    firsts = scope.words.firsts(scope.name(reference))
    if reference.example is not None and len(shape) == 2:
        units, examples = shape if scope.words.columns else shape[::-1]
        shape = (units,)
        if isinstance(reference.example, Symbol):
            yield reference.example.text, (1, examples)
    sizes = (max(shape),) if len(reference.indices) == 1 and shape else shape
    # Where the bias is folded into W, it belongs to an input x_0 = 1.
    bias = int(reference.letter in ("a", "x") and scope.words.has_ones)
    for index, size, first in zip(reference.indices, sizes, firsts, strict=False):
        if isinstance(index, Symbol):
            yield index.text, (first - bias, first + size - 1)


def _unbound(words: Words, node: Node, bound: frozenset[str]) -> Iterator[Reference]:
    """The quantities in a formula; letters that a sum runs over are no free ones."""
    if isinstance(node, BigSum):
        own = {n.text for n in node.indices if isinstance(n, Symbol)} - bound
        for inner in _unbound(words, node.body, bound):
            # What the sum runs over is no free index; a number stands in for it.
            indices = tuple(Number(0) if _is_one_of(own, index) else index for index in inner.indices)
            example = Number(1) if _is_one_of(own, inner.example) else inner.example
            yield replace(inner, indices=indices, example=example)
        return
    if is_kronecker(node):
        return
    if reference := _reference(words, node):
        yield reference
        return
    if isinstance(node, Product) and len(node.factors) == 2 and followed_by_bracket(node, 0):
        head = words.reference(node.factors[0])
        if head is not None and head.letter == "J":
            return  # C(w): what the objective depends on is only named
    for part in parts(node):
        yield from _unbound(words, part, bound)


def _is_one_of(letters: Collection[str], node: Node | None) -> bool:
    return isinstance(node, Symbol) and node.text in letters


def _references(words: Words, sides: Sequence[Node]) -> Iterator[Reference]:
    for side in sides:
        yield from _unbound(words, side, frozenset())


def _reference(words: Words, node: Node) -> Reference | None:
    return words.reference(node) if isinstance(node, (Symbol, Scripted)) else None


def _letters(node: Node) -> list[str]:
    return [n.text for n, _ in nodes(node) if isinstance(n, Symbol)]
