"""Small networks to make mistakes in, and what comes of a mistake that is made there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.point import StackPoint
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.layout import Laid
from gradcheck.expr.named import Named
from gradcheck.expr.tree import Name
from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.edits import NoSuchMistakeError, layers_of
from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.records import Fault, Mistake
from gradcheck.specification.cases import Case, draw

Gradients = Mapping[str, Array]

_EQUATIONS: dict[int, Equations] = {}
"""Those of each network, stated once."""


class Drawn(Predictions):
    """One case of a network, and what mistakes make of it."""

    def __init__(self, case: Case) -> None:
        super().__init__([case])
        self.equations = _EQUATIONS.setdefault(id(case.stack), self.equations)
        self.points = [StackPoint(self.equations, case)]

    @property
    def case(self) -> Case:
        return self.points[0].case

    @property
    def values(self) -> dict[str, Array]:
        return self.points[0].forward

    def gradients(self, *faults: Fault) -> Gradients:
        """Those of whoever makes these mistakes; NoSuchMistakeError where nobody can."""
        made = self.predicted(0, faults) if faults else {}
        if made is None:
            raise NoSuchMistakeError(str(faults))
        return {**self.right[0], **made}


def part(letter: str) -> list[Mistake]:
    """The catalogue's entries of that part."""
    return [mistake for mistake in CATALOGUE.values() if mistake.id.startswith(letter)]


def network(inputs: int, layers: Sequence[tuple[int, str]], loss: str, reduction: str = "mean") -> Stack:
    """A dense network of (units, activation)."""
    dense = tuple(Dense(units, ACTIVATIONS[g]()) for units, g in layers)
    return Stack(dense, (inputs,), LOSSES[loss](), reduction)


def penalty(constant: str, covers: str = "W", norm: str = "l2") -> dict[str, object]:
    """A penalty of strength 0.3."""
    return {"norm": norm, "strength": 0.3, "constant": constant, "covers": list(covers)}


def drawn(stack: Stack, seed: int, examples: int = 5) -> Drawn:
    """That network with numbers."""
    return Drawn(draw(stack, examples, seed))


def made(slug: str, case: Drawn, *layers: int) -> Gradients:
    """The gradients of whoever makes that mistake at those layers."""
    return case.gradients(Fault(CATALOGUE[slug], layers))


def everywhere(mistake: Mistake, case: Drawn) -> Iterator[tuple[int, Gradients]]:
    """Each layer where the mistake can be made, with what comes of it."""
    for layer in layers_of(mistake, case.stack):
        try:
            yield layer, made(mistake.slug, case, layer)
        except NoSuchMistakeError:
            continue


def assert_made(mistake: Mistake, stacks: Sequence[Stack]) -> None:
    """It can be made in one of the networks, changes a gradient wherever it is, and speaks of quantities."""
    times = 0
    for case in (drawn(stack, seed) for stack in stacks for seed in range(3)):
        for fault in faults(mistake, case.stack):
            try:
                gradients = case.gradients(fault)
            except NoSuchMistakeError:
                continue
            times += 1
            assert not same(case, gradients, case.gradients(), "dx"), fault
            for layer in fault.layers:
                assert all(np.isfinite(value).all() for value in mentioned(mistake, case, layer).values())
    assert times
    assert mistake.hint.endswith("?")


def faults(mistake: Mistake, stack: Stack) -> Iterator[Fault]:
    """The mistake at each layer where it can be made, and at all of them."""
    layers = layers_of(mistake, stack)
    alone = {(layer,) for layer in layers} if mistake.scope == "layer" else set()
    for chosen in {*alone, layers} - {()}:
        for value in mistake.known or (0.1,):
            yield Fault(mistake, chosen, value)


def same(case: Drawn, one: Gradients, other: Gradients, *more: str) -> bool:
    """Whether all gradients of parameters agree, and more."""
    names = (*(f"d{name}" for name in case.case.parameters), *more)
    return all(one[n].shape == other[n].shape and np.allclose(one[n], other[n]) for n in names)


def evaluated(formula: str, point: StackPoint, layer: int, **numbers: float) -> Array:
    """What a formula of the catalogue comes to at a layer, laid as it says."""
    known = {name: Named(np.asarray(value), ()) for name, value in numbers.items()}
    laid = point.equations.read(formula, layer, {name: Laid(Name(name), ()) for name in numbers})
    value = evaluate(laid.expression, {**point.values, **known}, point.lengths)
    order = [axis for axis in laid.layout if axis in value.axes]
    return np.transpose(value.array, [value.axes.index(axis) for axis in order])


def mentioned(mistake: Mistake, case: Drawn, layer: int) -> dict[str, Array]:
    """The quantities in `says` and their values."""
    numbers = {mistake.unknown: 0.1} if mistake.unknown else {}
    texts = re.findall(r"{([^{}]*)}", mistake.says)
    return {text: evaluated(text, case.points[0], layer, **numbers) for text in texts}


def two_layers(case: Drawn, dz2: Array, slope1: Array) -> Gradients:
    """The gradients that follow from the output's delta in a network of two layers, by hand."""
    a1 = case.values["a1"]
    dz1 = dz2 @ case.values["W2"].T * slope1
    return {"dW2": a1.T @ dz2, "db2": dz2.sum(0), "dW1": case.values["x"].T @ dz1, "db1": dz1.sum(0)}


def assert_says_quantities(mistake: Mistake, networks: Iterable[Stack]) -> None:
    """What `says` has in braces has a finite value wherever the mistake is made; the hint is a question."""
    for case in (drawn(stack, 0) for stack in networks):
        for layer, _ in everywhere(mistake, case):
            quantities = mentioned(mistake, case, layer)
            assert all(np.isfinite(value).all() for value in quantities.values())
    assert mistake.hint.endswith("?")
