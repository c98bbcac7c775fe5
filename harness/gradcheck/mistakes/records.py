"""What a mistake is: other expressions in the equations of some gradients, at some layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from gradcheck.edits.edit import Kind as EditKind
    from gradcheck.expr.layout import Laid
    from gradcheck.layers import Stack

Scope = Literal["layer", "network"]
"""Whether it can be made at one layer alone, or only everywhere at once."""

Kind: TypeAlias = Literal["factor", "scale", "sign", "sum", "index", "term", "order"]
"""Those of `edits.edit` that a mistake with a name may be of."""

Part: TypeAlias = Literal["data", "penalty", "handed in"]

Formula: TypeAlias = "str | Callable[[Laid], Laid]"


@dataclass(frozen=True)
class Where:
    """The layers that a mistake can be made at."""

    says: str
    """In words: "hidden layers with tanh"."""
    holds: Callable[[Stack, int], bool]
    """(stack, layer's number) -> whether it can be made there."""

    def __and__(self, other: Where) -> Where:
        return Where(
            f"{self.says}, {other.says}",
            lambda stack, layer: self.holds(stack, layer) and other.holds(stack, layer),
        )


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One entry of the catalogue.

    `wrong` is an expression in the plain dialect, in canonical names without numbers, samples as rows: z, a,
    da, dz, W, dW of the layer at hand, a_prev its input, W_next and dz_next of the layer after it, dz_last of
    the last; `right` is what is there. Axes meet by their places. `gradcheck.mistakes.equations` has all
    names. Where it is a function, it makes the wrong expression of the right one.
    """

    id: str
    slug: str
    of: tuple[str, ...]
    """The quantities whose gradients it makes, by their letters: a, z; x (of which the layer sends back the
    gradient to its input); h (in a recurrent layer, its output at a time); W, b."""
    part: Part = "data"
    """What of them it replaces: what the data give them, or the penalty, or all, as it is handed in."""
    wrong: Formula = ""
    """What stands there."""
    reads: dict[str, str] = field(default_factory=dict, compare=False)
    """Or, in place of `wrong`, what stands for a quantity in an expression that is right but for that."""
    where: Where
    says: str
    """What is wrong, in a few words, with quantities in braces: "{W_next} is left out of {dz}"."""
    hint: str
    """A question whose answer is the mistake."""
    kind: Kind
    """What sort of thing is wrong, for a learner who shall not be told more."""
    seen: tuple[str, ...] = ()
    """Where it was sighted."""
    scope: Scope = "layer"
    unknown: str | None = None
    """A name in `wrong` for a number that nobody knows but whoever made the mistake, such as eta."""
    known: tuple[float, ...] = ()
    """The only values that the unknown number may have; empty: any."""
    most: float = math.inf
    """The largest size of an unknown number that may have any value."""
    edit: EditKind | None = None
    """The kind of edit by which its number is found: it is looked up where such edits explain an answer."""
    extra: dict[str, Formula] = field(default_factory=dict, compare=False)
    """What some of what is in `of` has in place of `wrong`."""

    def wrong_of(self, letter: str) -> Formula:
        """What stands in the place of one of those that it makes."""
        return self.extra.get(letter, self.wrong)

    @cached_property
    def builds_on(self) -> bool:
        """Whether it changes what another mistake at the same place has made, and does not undo it."""
        formulas = map(self.wrong_of, self.of)
        return bool(self.reads) or all(callable(one) or "right" in one for one in formulas)

    @property
    def submits_others(self) -> bool:
        """Whether what is handed in may be what is made elsewhere."""
        return not self.builds_on and self.part == "handed in"

    def __hash__(self) -> int:
        return hash(self.slug)


@dataclass(frozen=True)
class Fault:
    """A mistake made at certain layers."""

    mistake: Mistake
    layers: tuple[int, ...]
    """Their numbers, in rising order."""
    unknown: float = 1.0
    """The value of the mistake's unknown number, if it has one."""


Faults: TypeAlias = "tuple[Fault, ...]"

CATALOGUE: dict[str, Mistake] = {}
"""Slug -> mistake, in the catalogue's order."""


def mistake(**fields: object) -> Mistake:
    """Enter a mistake into the catalogue; the arguments are the fields of `Mistake`."""
    entry = Mistake(**fields)  # type: ignore[arg-type]
    CATALOGUE[entry.slug] = entry
    return entry
