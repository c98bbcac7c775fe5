"""What a layer is: equations over the operations, stated for its place in a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from gradcheck.expr.tree import Axes

if TYPE_CHECKING:
    from gradcheck.network.draws import Draw

SAMPLES = "n"
"""The axis of examples."""


@dataclass(frozen=True)
class Position:
    """Where a layer stands."""

    number: int
    """Of the layer, from 1: the W of the second layer is W2."""
    source: str
    """The name of its input."""
    axes: Axes
    """Those of its input, without the axis of samples."""
    lengths: Mapping[str, int]
    letters: dict[str, str] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Of every name that was given here, z2, the letter, z."""

    def named(self, letters: str) -> list[str]:
        """Names with the layer's number: `named("z a")` is ["z2", "a2"]."""
        names = [f"{letter}{self.number}" for letter in letters.split()]
        self.letters.update(zip(names, letters.split(), strict=True))
        return names

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the input's axes."""
        return tuple(self.lengths[axis] for axis in self.axes)


@dataclass(frozen=True)
class Statement:
    """A layer's equations; their last one makes its output."""

    equations: str
    out: Axes
    """The axes of its output, without that of samples."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Axes that it brings, and how long they are."""
    parameters: Mapping[str, Axes] = field(default_factory=dict)
    layouts: Mapping[str, Axes] = field(default_factory=dict)
    """How quantities lie where that is not as their equation has it."""
    hidden: tuple[str, ...] = ()
    """Quantities that stand for a part of another one, which nobody is asked for."""
    draws: Mapping[str, Draw] = field(default_factory=dict)
    """How its input is drawn where it takes no numbers of any size and sign."""


class Layer(Protocol):
    """A frozen dataclass whose fields are the options that a spec may set."""

    kind: ClassVar[str]
    """What a spec calls it."""
    about: ClassVar[str]
    """What it makes, as a textbook writes it."""

    def stated(self, at: Position) -> Statement:
        """Its equations there; ValueError where it doesn't take such an input."""
        ...

    def torch(self, torch: Any, x: Any, parameters: Mapping[str, Any]) -> Any:
        """Its output by PyTorch's own layer, from parameters by letter."""
        ...


LAYERS: dict[str, type[Any]] = {}
"""Name in a spec -> layer."""
ALIASES: list[tuple[str, str]] = []
"""(what others call a layer, its name)."""

_Class = TypeVar("_Class", bound=type)


def layer(cls: _Class) -> _Class:
    """Enter a layer into the table under its kind; `aliases`, if it has any, are what others call it."""
    LAYERS[cls.kind] = cls  # type: ignore[attr-defined]
    ALIASES.extend((alias, cls.kind) for alias in getattr(cls, "aliases", ()))  # type: ignore[attr-defined]
    return cls
