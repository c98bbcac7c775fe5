"""Why a side is not what stands before it: a mistake of the catalogue, another quantity, a factor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from harness.derivation.errors import MeaningError
from harness.derivation.evaluate import Scope
from harness.derivation.judge import CLOSE, Ground, Outcome, Trial, judge, same
from harness.derivation.vocabulary import Reference
from harness.diagnosis.library import Library
from harness.formulas.tree import Derivative, Node, Quotient, Scripted, Symbol
from harness.maths._arrays import Array
from harness.mistakes.records import Fault
from harness.mistakes.speaker import Speaker
from harness.mistakes.spoken import clause, statements
from harness.report.digits import short
from harness.spec.quantity import split

Number = Callable[[Trial], Array | None]


@dataclass(frozen=True)
class Explanation:
    """What is said of a broken step."""

    what: str = ""
    think: str = ""
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """The quantity that a claim is about: a gradient, or a value."""

    reference: Reference
    gradient: bool

    def name(self, scope: Scope) -> str:
        """Its canonical name."""
        name = scope.name(self.reference)
        return f"d{name}" if self.gradient else name

    def entry(self, scope: Scope, array: Array) -> Array:
        """The entry of an array of that quantity's shape."""
        return scope.entry_of(self.reference, array)


def about(ground: Ground, side: Node) -> About | None:
    """What a left side names: ∂C/∂w₁₁, δ², dW2."""
    words = ground.words
    if isinstance(side, (Derivative, Quotient)):
        by = side.by if isinstance(side, Derivative) else side.bottom
        if isinstance(side, Quotient) and isinstance(by, Symbol):
            by = Symbol(by.text.removeprefix("d"), by.span)
        top = side.of if isinstance(side, Derivative) else side.top
        objective = top is None or _is_objective(ground, top)
        reference = words.reference(by) if isinstance(by, (Symbol, Scripted)) else None
        return About(reference, gradient=True) if reference is not None and objective else None
    reference = words.reference(side) if isinstance(side, (Symbol, Scripted)) else None
    return None if reference is None else About(reference, gradient=False)


def _is_objective(ground: Ground, top: Node) -> bool:
    if isinstance(top, Symbol) and ground.words.reference(top) is None:
        top = Symbol(top.text.removeprefix("d"), top.span)
    reference = ground.words.reference(top)
    return reference is not None and reference.letter == "J"


class Explainer:
    """Explains broken steps on one ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    @cached_property
    def _library(self) -> Library:
        return Library([point.case for point in self.ground.points])

    def explain(self, sides: Sequence[Node], outcome: Outcome) -> Explanation:
        """The likeliest explanation; an empty one where there is nothing to say."""
        assert outcome.broken is not None
        slipped = self.slip(sides)
        if slipped is not None:
            return slipped
        told = about(self.ground, sides[0])
        if outcome.faults[outcome.broken] is not None:
            return Explanation(self._left_out(told, outcome, sides[outcome.broken]))
        values = [(t, t.values[outcome.before], t.values[outcome.broken]) for t in outcome.trials]
        if told is not None:
            for found in (self._mistake(told, values), self._elsewhere(told, values)):
                if found is not None:
                    return found
        return self._ratio(values)

    def slip(self, sides: Sequence[Node]) -> Explanation | None:
        """What is said where all is right with the weights numbered by one layer more, or less."""
        for by in (1, -1):
            words = self.ground.words.shifted("W", by)
            try:
                outcome = judge(replace(self.ground, words=words), sides)
            except MeaningError:
                continue
            if outcome.broken is None and not any(outcome.faults):
                own = self.ground.words.notation
                first, shown = own.pretty("W1"), words.notation.pretty("W1")
                what = (
                    f"It is right with the weights numbered otherwise: you call {shown} what is {first} "
                    f"in this notation, the weights from the input into the first layer."
                )
                hint = "In your source, does a weight carry the number of the layer it leads into, or out of?"
                return Explanation(what, hint, ("weight-layer-off-by-one",))
        return None

    def _mistake(self, told: About, values: Sequence[tuple[Trial, object, object]]) -> Explanation | None:
        """The mistakes of the catalogue that make the same numbers everywhere."""
        library = self._library
        found = [f for f in library.singles if all(self._makes(f, told, t, yours) for t, _, yours in values)]
        if not found:
            return None
        found.sort(key=lambda f: (len(f.layers), -len(f.mistake.seen)))
        first = found[0]
        slugs = tuple(dict.fromkeys(f.mistake.slug for f in found))
        return Explanation(self._said(first), first.mistake.hint, slugs[:1])

    def _makes(self, fault: Fault, told: About, trial: Trial, yours: object) -> bool:
        try:
            name = told.name(trial.scope)
            made = self._library.one(trial.point, fault)
            if made is None or name not in made:
                return False
            shown = self.ground.words.notation.present({n: a for n, a in made.items() if "/" not in n})
            return same(told.entry(trial.scope, shown[name]), yours)
        except (MeaningError, ValueError, IndexError):
            return False

    def _said(self, fault: Fault) -> str:
        spec = self.ground.alone[0].spec
        unknown = {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {}
        speaker = Speaker(spec.notation, self.ground.words.chain, fault.layers[-1], unknown, single=True)
        formula = statements(fault.mistake, speaker)[0]
        return (f"These are the numbers of {formula.wrong}: {clause(fault.mistake.says, speaker)}. ").strip()

    def _elsewhere(self, told: About, values: Sequence[tuple[Trial, object, object]]) -> Explanation | None:
        """Another quantity of the network that has these values."""
        for label, number in _quantities(self.ground, values[0][0]):
            if all(_is(number(t), yours) for t, _, yours in values):
                return Explanation(f"This is {label}, another quantity.")
        return None

    def _ratio(self, values: Sequence[tuple[Trial, object, object]]) -> Explanation:
        if told := _entries(values):
            return Explanation(told)
        ratios = [_ratio(true, yours) for _, true, yours in values]
        if any(r is None for r in ratios):
            return Explanation(_difference_of_shapes(values))
        known = [np.asarray(r) for r in ratios]
        constant = known[0].ravel()[0]
        if all(np.allclose(r, constant, CLOSE, 0) for r in known):
            return Explanation(f"It is {short(float(constant), 4)} times what stands before it, everywhere.")
        for label, number in _factors(self.ground, values[0][0]):
            factors = [number(t) for t, _, _ in values]
            if all(_is(f, r) for f, r in zip(factors, known, strict=True)):
                return Explanation(f"There is a factor too many: {label}.")
            if all(
                f is not None and f.all() and _is(np.asarray(1 / f), r)
                for f, r in zip(factors, known, strict=True)
            ):
                return Explanation(f"A factor is missing: {label}.")
        return Explanation()

    def _left_out(self, told: About | None, outcome: Outcome, side: Node) -> str:
        """The weights and inputs that the right gradient is made of, and that stand nowhere as a factor."""
        if told is None:
            return ""
        scope = outcome.trials[0].scope
        letter, layer = split(told.name(scope))
        if layer is None or letter not in ("dW", "dz"):
            return ""
        notation = self.ground.words.notation
        last = len(self.ground.words.chain.layers)
        needed = [f"W{n}" for n in range(last, layer, -1)] + (
            ["x" if layer == 1 else f"a{layer - 1}"] * (letter == "dW")
        )
        standing = set(_standing(scope, side))
        missing = [notation.pretty(name) for name in needed if name not in standing]
        return (
            f"What the gradient is made of, and is missing here: {' and '.join(missing)}." if missing else ""
        )


def _standing(scope: Scope, node: Node) -> Iterator[str]:
    """The quantities that stand as factors: those within a function's argument do not."""
    from harness.formulas.tree import Bracket, Negative, Product, Sum, Transpose
    from harness.formulas.walk import followed_by_bracket

    if isinstance(node, (Symbol, Scripted)) and (reference := scope.words.reference(node)):
        yield scope.name(reference)
    elif isinstance(node, Product):
        skip = {
            i + 1
            for i in range(len(node.factors))
            if followed_by_bracket(node, i) and not scope.words.reference(node.factors[i])
        }
        for i, factor in enumerate(node.factors):
            if i not in skip:
                yield from _standing(scope, factor)
    elif isinstance(node, (Bracket, Negative)):
        yield from _standing(scope, node.inner if isinstance(node, Bracket) else node.of)
    elif isinstance(node, Transpose):
        yield from _standing(scope, node.of)
    elif isinstance(node, Sum):
        for term in node.terms:
            yield from _standing(scope, term)


def _is(number: object, yours: object) -> bool:
    return number is not None and same(number, yours)


def _ratio(true: object, yours: object) -> Array | None:
    assert isinstance(true, np.ndarray)
    assert isinstance(yours, np.ndarray)
    if true.size == yours.size == 1:
        true, yours = true.reshape(()), yours.reshape(())
    if true.shape != yours.shape or not true.all():
        return None
    return np.asarray(yours / true)


def _entries(values: Sequence[tuple[Trial, object, object]]) -> str:
    """Which entry alone is not what it should be."""
    masks = []
    for _, true, yours in values:
        assert isinstance(true, np.ndarray)
        assert isinstance(yours, np.ndarray)
        if true.shape != yours.shape or true.size < 2:
            return ""
        masks.append(np.abs(true - yours) > CLOSE * np.abs(true).max())
    mask = np.logical_or.reduce(masks) if len({m.shape for m in masks}) == 1 else np.zeros(0)
    if mask.sum() != 1:
        return ""
    place = [int(i) + 1 for i, n in zip(np.argwhere(mask)[0], mask.shape, strict=True) if n > 1]
    return f"Only entry {', '.join(map(str, place))} is not what it should be."


def _difference_of_shapes(values: Sequence[tuple[Trial, object, object]]) -> str:
    _, true, yours = values[0]
    assert isinstance(true, np.ndarray)
    assert isinstance(yours, np.ndarray)
    if true.shape == yours.shape or true.size == yours.size == 1:
        return ""
    turned = ": it is the transpose" if true.T.shape == yours.shape and same(true.T, yours) else ""
    return f"It has the shape {_shape(yours)}, and {_shape(true)} is due{turned}."


def _shape(a: Array) -> str:
    return " × ".join(map(str, a.shape)) if a.size > 1 else "of a number"


def _quantities(ground: Ground, trial: Trial) -> Iterator[tuple[str, Number]]:
    """Every quantity and every entry, by the name that a report prints."""
    notation = ground.words.notation
    for name, array in trial.scope.values.items():
        if name == "J":
            continue
        gradient = name.startswith("d") and split(name)[0] not in ("dz", "da", "dx", "dout")
        whole = notation.pretty(name)
        yield whole, lambda t, n=name: t.scope.values.get(n)  # type: ignore[misc]
        for place in np.ndindex(array.shape) if array.size <= 30 else ():
            label = notation.entry(name, place, examples=1)
            label = f"∂{notation.pretty('J')}/∂{label}" if gradient else label
            yield label, lambda t, n=name, p=place: _at(t, n, p)  # type: ignore[misc]


def _at(trial: Trial, name: str, place: tuple[int, ...]) -> Array | None:
    array = trial.scope.values.get(name)
    return None if array is None else np.asarray(array[place])


def _factors(ground: Ground, trial: Trial) -> Iterator[tuple[str, Number]]:
    """What a product of the chain rule may have too often, or not at all: slopes first."""
    notation, chain = ground.words.notation, ground.words.chain
    for step in chain.steps:
        activation = getattr(step.link, "activation", None)
        if activation is None or activation.slope is None or activation.name == "identity":
            continue
        z, a = step.source, step.out
        for place in (..., *np.ndindex(trial.scope.values[z].shape)):
            label = notation.pretty(z) if place is ... else notation.entry(z, place, examples=1)
            sign = {"sigmoid": "σ"}.get(activation.name, activation.name)

            def slope(t: Trial, g: object = activation, z: str = z, a: str = a, at: object = place) -> Array:
                return np.asarray(g.slope(t.scope.values[z], t.scope.values[a])[at])  # type: ignore[attr-defined]

            yield f"{sign}′({label})", slope
    for label, number in _quantities(ground, trial):
        if not label.startswith(("∂", "d")):
            yield label, number
