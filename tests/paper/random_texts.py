"""Random texts: a network and a derivation in some dialect and notation, and the truth of each equation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from drawn_dialects import Writer
from drawn_edits import edited
from drawn_entries import by_entries, mean, regression, softmax
from drawn_expressions import attention, chain, form, neuron, recurrence
from drawn_formulas import Partial
from drawn_layers import batch, one_example
from drawn_layout import laid_out
from drawn_network import Network, holds
from drawn_style import DIALECTS, LAYERS, style

ATTEMPTS = 20
FAMILIES = {
    "layers": one_example,
    "batch": batch,
    "entries": by_entries,
    "softmax": softmax,
    "mean": mean,
    "chain": chain,
    "recurrence": recurrence,
    "attention": attention,
    "neuron": neuron,
    "regression": regression,
    "form": form,
}


@dataclass(frozen=True)
class Written:
    """An equation of a text."""

    text: str
    start: int
    end: int
    truth: bool | None
    """None where it defines something."""


@dataclass(frozen=True)
class RandomText:
    """A text and its equations in order."""

    text: str
    name: str
    equations: tuple[Written, ...]
    family: str
    dialect: str
    notation: str


def random_text(seed: int) -> RandomText:
    """The text that a seed draws."""
    rng = Random(seed)
    family = rng.choice(("layers", "layers", "layers", *FAMILIES))
    network = FAMILIES[family](rng)
    if is_edited := rng.random() < 0.5:
        edits = (_with_an_edit(network, rng) for _ in range(ATTEMPTS))
        network = next(edit for edit in edits if edit.has_values)
    dialect, notation = rng.choice((*DIALECTS, "markdown")), rng.choice(LAYERS)
    if family in ("recurrence", "neuron"):
        notation = "below"
    habits = style("latex" if dialect == "markdown" else dialect, notation, rng)
    if is_edited:
        habits = replace(habits, is_low=False)  # of a vector w, what is wrong of a matrix may be right
    writer = Writer(habits, any(network.inputs.values()), _ends(network, family))
    definitions = [*network.definitions]
    if rng.random() < 0.3:
        definitions.reverse()  # the loss first
    page = laid_out(
        definitions,
        network.claims,
        network.functions,
        writer=writer,
        markdown=dialect == "markdown",
        rng=rng,
    )
    truths: list[bool | None] = [None for _ in network.definitions]
    truths += [None if one.defines else holds(network, one) for one in network.claims]
    equations = [
        Written(page.text[start:end], start, end, truth)
        for (start, end), truth in zip(page.places, truths, strict=True)
    ]
    name = "notes.md" if dialect == "markdown" else "text"
    return RandomText(page.text, name, tuple(equations), family, dialect, notation)


def _with_an_edit(network: Network, rng: Random) -> Network:
    """The network with one of its claims edited, in one of its sides."""
    every = [
        (number, side)
        for number, claim in enumerate(network.claims)
        for side, formula in enumerate(claim.sides)
        if side and not isinstance(formula, Partial)
    ]
    number, side = rng.choice(every)
    claim = network.claims[number]
    names = {*network.inputs, *(one.sides[0].name for one in network.definitions)}  # type: ignore[union-attr]
    wrong = edited(claim.sides[side], names, rng)
    sides = (*claim.sides[:side], wrong, *claim.sides[side + 1 :])
    claims = [*network.claims]
    claims[number] = replace(claim, sides=sides)
    return replace(network, claims=claims)


def _ends(network: Network, family: str) -> dict[str, str]:
    """What stands above sums."""
    count = next((name.letter for name in network.inputs if family == "mean" and name.letter in "mnN"), "")
    if count:
        return dict.fromkeys(network.lengths, count)
    free = iter([letter for letter in "nmd" if letter not in network.lengths] + ["K", "N", "M"])
    return {letter: next(free) for letter in network.lengths}
