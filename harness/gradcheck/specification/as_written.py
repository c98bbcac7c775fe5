"""The names of a network of equations: in `run` as they are written, in reports as a notation prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gradcheck.specification.notation import Display, Unit

if TYPE_CHECKING:
    from gradcheck.arrays import Array


@dataclass(frozen=True, kw_only=True)
class AsWritten:
    """Arrays lie as the spec's equations have them; nothing is turned round."""

    name: str
    about: str
    display: Display
    samples: Mapping[str, int]
    """Quantity -> which of its axes is that of examples, where it has one."""
    gradients: Mapping[str, str]
    """Gradient -> what J is differentiated by."""
    numbered: Mapping[str, tuple[str, int | None]]
    """Quantity -> its letter and its number, None where it has none, which are printed apart."""

    @classmethod
    def build(cls, data: Mapping[str, Any]) -> AsWritten:
        """The notation from plain data."""
        numbered = {name: (letter, number) for name, (letter, number) in data["numbered"].items()}
        return cls(**{**data, "numbered": numbered, "display": Display(**data["display"])})

    @property
    def data(self) -> dict[str, Any]:
        """The notation as plain data, for `build`."""
        return asdict(self)

    def symbol(self, name: str) -> str:
        """What the quantity is called in `run`."""
        return name

    def gradient_of(self, name: str) -> str | None:
        """What J is differentiated by, where the quantity is such a gradient."""
        return self.gradients.get(name)

    def unfolded(self, names: Iterable[str]) -> list[str]:
        """The names: no parameter is part of another."""
        return list(names)

    @property
    def folded(self) -> tuple[int, ...]:
        """The layers whose bias is part of the weights: none."""
        return ()

    def present(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """The arrays as they are."""
        return dict(values)

    def restored(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """The same."""
        return dict(values)

    def pretty(self, name: str) -> str:
        """How a report prints the whole quantity."""
        letter, number = self.numbered.get(name, (name, None))  # of a reverse pass more has a name: dh_total
        if name in self.gradients and letter not in self.display.signs:
            return name
        sign = self.display.signs.get(letter, letter)
        return sign if number is None else sign + self.display.numbered(number)

    def unit(self, name: str) -> Unit:
        """What a report calls an entry: those of the gradient of what has no examples are weights."""
        return "weight" if name in self.gradients and name not in self.samples else "entry"

    def entry(self, name: str, index: tuple[int, ...], *, examples: int | None = None) -> str:
        """How a report prints one entry; those of a gradient of what has no examples go by the quantity's."""
        where = self.samples.get(name)
        if where is None:
            return self.pretty(self.gradients.get(name, name)) + self.display.indexed(
                [i + self.display.first for i in index]
            )
        rest = [i + self.display.first for n, i in enumerate(index) if n != where or not self.display.sample]
        sample = self.display.sampled(index[where]) if examples != 1 else ""
        return self.pretty(name) + self.display.indexed(rest) + sample
