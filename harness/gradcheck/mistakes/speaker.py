"""Who says formulas: a notation at one layer of one network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gradcheck.maths.chain import Chain
from gradcheck.mistakes.placed import placed
from gradcheck.mistakes.places import last
from gradcheck.mistakes.writing.hand import Hand, is_array
from gradcheck.mistakes.writing.numpy_code import NumPy
from gradcheck.mistakes.writing.textbook import Textbook
from gradcheck.spec.notation import Notation

_SIGNS = {"sigmoid": "σ", "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "custom": "g"}
_GREEK = {"lam": "λ", "eta": "η"}


@dataclass(frozen=True)
class Speaker:
    """Says formulas at one layer of one network."""

    notation: Notation
    chain: Chain
    layer: int
    values: Mapping[str, float] = field(default_factory=dict)
    """Known values of names that stand for numbers, such as k."""
    single: bool = False
    """Whether there is always one example alone: nobody divides by m or sums over samples then."""

    @cached_property
    def hand(self) -> Hand:
        """NumPy where the source itself writes an entry as W1[0, 2], else mathematics."""
        return (NumPy if self._writes_code else Textbook)(self.called)

    def called(self, name: str) -> str:
        """What the learner calls a quantity, an activation, its slope, or a number."""
        letter, layer = self.placed(name)
        if letter in ("slope", "g"):
            return self._sign(layer) + "′" * (letter == "slope")
        if not is_array(name) or name in ("right", "w"):
            return name if self._writes_code else _GREEK.get(name, name)
        if letter in ("x", "y", "dx", "dout"):
            return self.notation.pretty(letter)
        if letter == "da":
            return self._slope_of_output(layer)
        if letter in ("b", "db") and layer in self.notation.folded:
            return f"row 0 of {self.called(f'{letter[:-1]}W{layer}')}"
        return self.notation.pretty(f"{letter}{layer}")

    def turned(self, name: str) -> bool | None:
        """Whether the learner's array is the transpose of the catalogue's; None where either will do."""
        letter, layer = self.placed(name)
        if not is_array(name) or letter in ("b", "db"):
            return None
        if self._axes(letter, layer) != 2:
            return False
        weights = letter.removeprefix("d").startswith("W")
        return self.notation.weights == "out_in" if weights else self.notation.samples == "columns"

    def placed(self, name: str) -> tuple[str, int]:
        """The letter of a name and the number of its layer; x is the a of layer 0."""
        letter, layer = placed(name, self.layer, last(self.chain))
        return (letter.replace("a", "x") if letter in ("a", "da") and layer == 0 else letter), layer

    def activation(self, layer: int) -> str:
        """The name of a layer's activation."""
        layers = self.chain.layers
        found = getattr(layers[layer - 1], "activation", None) if 0 < layer <= len(layers) else None
        return found.name if found else "identity"

    @property
    def _writes_code(self) -> bool:
        return self.notation.display.index.startswith("[")

    def _sign(self, layer: int) -> str:
        name = self.activation(layer)
        return name if self._writes_code and name != "custom" else _SIGNS.get(name, name)

    def _slope_of_output(self, layer: int) -> str:
        """∂J/∂a, which sources that have a letter for δ have none for."""
        given = self.chain.loss.targets == "upstream" and self.chain.reduction == "sum"
        if given and layer == last(self.chain):
            return self.notation.pretty("dout")
        if "da" in self.notation.letters or "dz" not in self.notation.letters:
            return self.notation.pretty(f"da{layer}")
        return f"∂{self.notation.pretty('J')}/∂{self.notation.pretty(f'a{layer}')}"

    def _axes(self, letter: str, layer: int) -> int:
        """How many axes the array has."""
        if letter in ("y", "dout"):
            return 1 + len(self.chain.steps[-1].outputs)
        name = "x" if letter in ("x", "dx") else f"{letter.removeprefix('d')}{layer}"
        parameter = self.chain.parameters.get(name)
        return len(parameter) if parameter else 1 + len(self.chain.intermediates.get(name, (0,)))
