"""Small networks to make mistakes in, and what comes of a mistake that is made there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.losses import LOSSES
from gradcheck.maths.chain import Chain, Reduction
from gradcheck.maths.layers.dense import Dense
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.names import FUNCTIONS, Gradients, Names
from gradcheck.mistakes.records import Fault, Mistake
from gradcheck.mistakes.reverse import NoSuchMistakeError, reverse
from gradcheck.mistakes.scene import Scene
from gradcheck.spec.cases import draw


def part(letter: str) -> list[Mistake]:
    """The catalogue's entries of that part."""
    return [mistake for mistake in CATALOGUE.values() if mistake.id.startswith(letter)]


def network(
    inputs: int, layers: Sequence[tuple[int, str]], loss: str, reduction: Reduction = "mean"
) -> Chain:
    """A dense network of (units, activation)."""
    dense = tuple(Dense(units, ACTIVATIONS[g]()) for units, g in layers)
    return Chain(dense, (inputs,), LOSSES[loss](), reduction)


def drawn(chain: Chain, seed: int, examples: int = 5) -> Scene:
    """That network with numbers."""
    return Scene(draw(chain, examples, seed))


def made(slug: str, scene: Scene, *layers: int) -> Gradients:
    """The gradients of whoever makes that mistake at those layers."""
    return reverse(scene, [Fault(CATALOGUE[slug], layers)])


def everywhere(mistake: Mistake, scene: Scene) -> Iterator[tuple[int, Gradients]]:
    """Each layer where the mistake can be made, with what comes of it."""
    for layer in mistake.layers(scene.chain):
        try:
            yield layer, made(mistake.slug, scene, layer)
        except NoSuchMistakeError:
            continue


def assert_made(mistake: Mistake, chains: Sequence[Chain]) -> None:
    """It can be made in one of the networks, changes a gradient wherever it is, and speaks of quantities."""
    times = 0
    for scene in (drawn(chain, seed) for chain in chains for seed in range(3)):
        for fault in faults(mistake, scene.chain):
            try:
                gradients = reverse(scene, [fault])
            except NoSuchMistakeError:
                continue
            times += 1
            assert not same(scene, gradients, reverse(scene), "x"), fault
            for layer in fault.layers:
                said = mentioned(mistake, scene, gradients, layer)
                assert all(np.isfinite(value).all() for value in said.values())
    assert times
    assert mistake.hint.endswith("?")


def faults(mistake: Mistake, chain: Chain) -> Iterator[Fault]:
    """The mistake at each layer where it can be made, and at all of them."""
    layers = mistake.layers(chain)
    alone = {(layer,) for layer in layers} if mistake.scope == "layer" else set()
    for chosen in {*alone, layers} - {()}:
        for value in mistake.known or (0.1,):
            yield Fault(mistake, chosen, value)


def same(scene: Scene, one: Gradients, other: Gradients, *more: str) -> bool:
    """Whether all gradients of parameters agree, and those by more quantities."""
    return all(
        one[f"d{name}"].shape == other[f"d{name}"].shape and np.allclose(one[f"d{name}"], other[f"d{name}"])
        for name in (*scene.case.parameters, *more)
    )


def mentioned(mistake: Mistake, scene: Scene, gradients: Gradients, layer: int) -> dict[str, Any]:
    """The quantities in `says` and their values."""
    names = Names(scene, gradients, layer, None, {mistake.unknown or "": 0.1})
    return {text: eval(text, FUNCTIONS, names) for text in re.findall(r"{([^{}]*)}", mistake.says)}


def two_layers(scene: Scene, dz2: Array, slope1: Array) -> Gradients:
    """The gradients that follow from the output's delta in a network of two layers, by hand."""
    case = scene.case
    a1 = scene.values["a1"]
    dz1 = dz2 @ case.parameters["W2"].T * slope1
    return {"dW2": a1.T @ dz2, "db2": dz2.sum(0), "dW1": case.x.T @ dz1, "db1": dz1.sum(0)}


def assert_says_quantities(mistake: Mistake, networks: Iterable[Chain]) -> None:
    """What `says` has in braces has a finite value wherever the mistake is made; the hint is a question."""
    for scene in (drawn(chain, 0) for chain in networks):
        for layer, gradients in everywhere(mistake, scene):
            quantities = mentioned(mistake, scene, gradients, layer)
            assert all(np.isfinite(value).all() for value in quantities.values())
    assert mistake.hint.endswith("?")
