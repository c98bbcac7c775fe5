"""A mistake without a spec: in the plainest network it can be made in, whose layers are called l and L."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS, Activation
from gradcheck.layers.conv2d import Conv2d
from gradcheck.layers.dense import Dense
from gradcheck.layers.flatten import Flatten
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES, Loss
from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.records import Mistake
from gradcheck.mistakes.statements import ANY_LOSS, Statements
from gradcheck.specification.notation import Notation, resolved
from gradcheck.specification.shipped import shipped

Example = tuple[Stack, int]

_HERE, _LAST = 4, 9
"""Far enough from each other and from the first that no layer goes by two names."""
_WRITTEN = {
    1: (0, 0, 1),
    3: (1, 0, -1),
    4: (1, 0, 0),
    5: (1, 0, 1),
    6: (-1, 1, 1),
    8: (0, 1, -1),
    9: (0, 1, 0),
}
"""A layer's number -> how often l and L are in what it is called, and what is added."""

_SUPERSCRIPTS = str.maketrans("+-0123456789lL", "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹ˡᴸ")
_WIDTH = 3
_NORMS = ("l2", "l1")
_CONSTANTS = ("lambda/2", "lambda", "lambda/m", "lambda/2m")

_ANY = Activation("g")
_ANOTHER = Activation("f")
_ANY_LOSS = replace(LOSSES["half_squared_error"](), name=ANY_LOSS, definition="")


@dataclass(frozen=True, kw_only=True)
class Symbolic(Notation):
    """A notation that calls the layers of such a network by letters."""

    base: str
    """The letter whose number at the layer at hand is l."""

    def pretty(self, name: str) -> str:
        """As a source prints it: δˡ, W^(l+1), dz[l]."""
        one = self.known[name]
        if one.layer is None or one.base in ("a", "z") or not one.is_gradient:
            return super().pretty(name)
        of = self.pretty(one.value.name)
        return f"∂{self.pretty('J')}/∂{of}" if "dz" in self.letters else f"d{of}"

    def _printed_number(self, letter: str, layer: int | None) -> str:
        if layer is None:
            return ""
        here, end, more = _WRITTEN[layer]
        more += self.shift(letter) - here * self.shift(self.base) - end * self.shift("z")
        shown = f"{here * 'l' if here >= 0 else '-l'}{f'{more:+}' if more else ''}"
        number = f"{end * 'L'}{shown}".removeprefix("+")
        if self.display.number == "{n}":
            return f"[{number}]"
        return self.display.number.replace("{n}", number).replace("{sup}", number.translate(_SUPERSCRIPTS))


def example(mistake: Mistake, notation: str) -> Statements:
    """The statements of a notation at the plainest layer at which the mistake can be made."""
    stack, layer = next((one for one in _examples() if mistake.where.holds(*one)), _examples()[0])
    plain = resolved(notation, shipped(notation), stack, {}, {})
    if len(stack.layers) != _LAST:
        return Statements(plain, _equations(stack), layer)
    letter = mistake.of[0]
    base = "z" if letter in ("a", "x") else letter
    return Statements(Symbolic.build({**plain.data, "base": base}), _equations(stack), layer)


_KNOWN: dict[int, Equations] = {}


def _equations(stack: Stack) -> Equations:
    """The equations of one of the examples, stated once."""
    return _KNOWN.setdefault(id(stack), Equations(stack))


@cache
def _examples() -> tuple[Example, ...]:
    """Networks with the layer at hand, the plainest first."""
    return (*_dense(), *_penalised(), *_others())


def _dense() -> Iterator[Example]:
    activations = [_ANY, *(make() for name, make in ACTIVATIONS.items() if name != "custom")]
    losses = [_ANY_LOSS, *(make() for name, make in LOSSES.items() if name not in ("custom", "upstream"))]
    for unlike, loss, activation in product((False, True), losses, activations):
        elsewhere = _ANOTHER if unlike else _ANY if activation.coupled else activation
        if not activation.coupled:
            yield _network(_HERE, activation, elsewhere, loss)
        yield _network(_LAST, activation, elsewhere, loss)
    for layer in (_HERE, _LAST):
        stack, _ = _network(layer, _ANY, _ANY, _ANY_LOSS)
        yield replace(stack, reduction="sum"), layer


def _penalised() -> Iterator[Example]:
    plain, layer = _network(_HERE, _ANY, _ANY, _ANY_LOSS)
    for norm, constant in product(_NORMS, _CONSTANTS):
        yield (
            replace(plain, penalty={"norm": norm, "strength": 1.0, "constant": constant, "covers": ["W"]}),
            layer,
        )


def _others() -> Iterator[Example]:
    images = Conv2d(_WIDTH, size=2, activation=_ANY)
    yield Stack((images, Flatten(), Dense(_WIDTH, _ANY)), (_WIDTH, 4, 4), _ANY_LOSS), 2
    strided = Conv2d(_WIDTH, size=3, stride=2, padding=1)
    for layer, inputs in ((strided, (_WIDTH, 5, 5)), (Rnn(_WIDTH), (_WIDTH, _WIDTH))):
        yield Stack((layer,), inputs, LOSSES["upstream"](), "sum"), 1


def _network(layer: int, here: Activation, elsewhere: Activation, loss: Loss) -> Example:
    activations = [here if n == layer else elsewhere for n in range(1, _LAST + 1)]
    reduction = "sum" if loss.targets == "none" else "mean"
    return Stack(tuple(Dense(_WIDTH, g) for g in activations), (_WIDTH,), loss, reduction), layer
