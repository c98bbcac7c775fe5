"""The equations of a stack as a learner's derivation has them, and what names mean at one of its layers.

The reverse pass is the derived one, but for three things: a unit's own derivative goes by its prime,
dz = da ⊙ σ′(z); a penalty's strength by its letter; and a parameter's gradient stands as early as it can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from gradcheck.edits.operations import FURTHER, prime
from gradcheck.expr.layout import Laid
from gradcheck.expr.operation import Operation
from gradcheck.expr.reader import Scope, read
from gradcheck.expr.registry import CALLED
from gradcheck.expr.simplify import product, quotient, sum_of, terms
from gradcheck.expr.tree import ONE, ZERO, Apply, Axes, Expr, Name, Number, Size
from gradcheck.layers import Stack
from gradcheck.layers.activation import Activation
from gradcheck.layers.layer import SAMPLES
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.penalty import coefficient
from gradcheck.network.records import Equation, Network, Step, change_equations, equations_of, named
from gradcheck.quantity import Quantity, with_gradients
from gradcheck.specification.quantity import STRENGTH

_ENDINGS = ("", "_prev", "_next", "_last", "_first", "_mirror")


class Equations:
    """Of one stack, whatever its sizes."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._scopes: dict[int, Scope] = {}

    @cached_property
    def whole(self) -> Network:
        """The forward pass, and behind it the reverse pass."""
        forward = self.stack.network
        derived = backward(forward, by_name=True)
        steps = change_equations(derived.steps, self._as_learned)
        given = {**forward.given, **({STRENGTH: ()} if self.stack.penalty else {})}
        return Network(given, (*forward.steps, *self.ordered(steps)))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All gradients that have a name for a learner, on the way back: causes before effects."""
        known = {*self.stack.shapes(1), *self.stack.parameters}
        return tuple(name for name in self.whole.equations if name.startswith("d") and name[1:] in known)

    @cached_property
    def known(self) -> dict[str, Quantity]:
        """Every quantity by its name, gradients and local derivatives, too."""
        return with_gradients(self.stack.quantities.values())

    @cached_property
    def _activated(self) -> dict[str, tuple[str, Activation]]:
        """Name of a dz -> the name of what comes back to the activation, and the activation."""
        found = {}
        for equation in self.stack.network.equations.values():
            one = self.known[equation.name]
            activation = self.stack.activations.get(one.layer or 0)
            alone = equation.expression.reads == {f"z{one.layer}"}
            if activation and not activation.coupled and one.base != "z" and alone:
                found[f"dz{one.layer}"] = adjoint(equation.name), activation
        return found

    def _as_learned(self, equation: Equation) -> Equation:
        if equation.name in self._activated:
            back, activation = self._activated[equation.name]
            da = Name(back, named(equation.layout))
            z = Name(equation.name[1:], named(equation.layout))
            plain = activation.name == "identity"
            return replace(equation, expression=da if plain else product(da, Apply(prime(activation), (z,))))
        if self.is_penalised(equation.name[1:]):
            w = Name(equation.name[1:], named(equation.layout))
            data = sum_of(term for term in terms(equation.expression) if reads_adjoints(term))
            penalty = product(self.coefficient, self.norm_derivative(w))
            return replace(equation, expression=sum_of([data, penalty]))
        return equation

    def ordered(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """The steps with those of parameters and inputs as early as all is there that they read."""
        ends = {adjoint(name) for name in self.stack.network.given}
        missing = {equation.name for step in steps for equation in equations_of(step)}
        waiting = [step for step in steps if isinstance(step, Equation) and step.name in ends]
        found: list[Step] = []

        def settle() -> None:
            ready = [one for one in waiting if not missing & one.expression.reads]
            found.extend(ready)
            missing.difference_update(one.name for one in ready)
            waiting[:] = [one for one in waiting if one not in ready]

        settle()
        for step in (step for step in steps if step not in waiting and step not in found):
            found.append(step)
            missing -= {equation.name for equation in equations_of(step)}
            settle()
        return (*found, *waiting)

    def is_penalised(self, name: str) -> bool:
        """Whether the penalty covers that parameter."""
        covers = self.stack.penalty["covers"] if self.stack.penalty else ()
        return name in self.stack.parameters and self.known[name].base in covers

    @property
    def coefficient(self) -> Expr:
        """What stands before the sum of all w², or of all |w|."""
        assert self.stack.penalty is not None
        return coefficient(Name(STRENGTH), self.stack.penalty["constant"], SAMPLES)

    def norm_derivative(self, w: Expr) -> Expr:
        """The derivative of w², or of |w|."""
        assert self.stack.penalty is not None
        return product(Number(2.0), w) if self.stack.penalty["norm"] == "l2" else Apply(CALLED["sign"], (w,))

    def numbered(self, name: str, layer: int) -> tuple[str, int]:
        """The letter of a name in a formula at a layer, and the layer that it speaks of: W_next, da."""
        letter, _, ending = name.partition("_")
        last = len(self.stack.layers)
        layers = {"prev": layer - 1, "next": layer + 1, "last": last, "first": 1, "mirror": last + 1 - layer}
        return letter, layers.get(ending, layer)

    def quantity(self, name: str, layer: int) -> str | None:
        """The quantity that a name means at a layer; None where there is none."""
        letter, at = self.numbered(name, layer)
        if letter == "dz" and f"dz{at}" not in self.whole.layouts:
            letter = "da"
        if letter in ("a", "da") and at == 0:
            letter, at = letter.replace("a", "x"), -1
        found = f"{letter}{at}" if at >= 0 else letter
        return found if found in self.whole.layouts else None

    def scope(self, layer: int) -> Scope:
        """What a formula may speak of at a layer."""
        if layer not in self._scopes:
            self._scopes[layer] = self._scope(layer)
        return self._scopes[layer]

    def _scope(self, layer: int) -> Scope:
        layouts, last = self.whole.layouts, len(self.stack.layers)
        letters = dict.fromkeys(self.known[name].letter for name in layouts if name in self.known)
        found: dict[str, tuple[Expr, Axes]] = {}
        for name in (f"{letter}{ending}" for letter in letters for ending in _ENDINGS):
            if quantity := self.quantity(name, layer):
                found[name] = self.whole.quantity(quantity), layouts[quantity]
        for name in ("x", "y", "dout", STRENGTH):
            if name in layouts:
                found[name] = self.whole.quantity(name), layouts[name]
        axes = self._axes(layer)
        sizes = {"m": SAMPLES, "n_in": axes.get("d", ("",))[0], "n_first": self.stack.at(1)[0].axes[-1]}
        out = self.stack.at(last)[1].out
        numbers: dict[str, Expr] = {name: Size(axis) for name, axis in {**sizes, "n_out": out[-1]}.items()}
        numbers["share"] = quotient(ONE, Size(SAMPLES)) if self.stack.reduction == "mean" else ONE
        if self.stack.penalty:
            numbers["coefficient"] = self.coefficient
        found |= {name: (number, ()) for name, number in numbers.items() if name not in axes}
        found = {name: one for name, one in found.items() if name not in axes}
        if (of := self.stack.loss.probabilities) and len(out) == 1 and "p" not in axes:
            a = self.whole.quantity(self.stack.out)
            outputs = Scope({"a": (a, (SAMPLES, *out))}, {"k": out})
            found["p"] = read(of, outputs).expression, (SAMPLES, *out)
        return Scope(found, axes, further={**FURTHER, **self._primes(layer)}, by_position=True)

    def _axes(self, layer: int) -> dict[str, Axes]:
        """n that of samples, d the last of the layer's input, u its units, v the next layer's."""
        axes: dict[str, Axes] = {"n": (SAMPLES,)}
        if layer < len(self.stack.layers):
            axes["v"] = self.stack.at(layer + 1)[1].out[-1:]
        if layer == 0:
            return {**axes, "u": self.stack.at(1)[0].axes[-1:]}
        place, stated = self.stack.at(layer)
        axes |= {"d": place.axes[-1:], "u": stated.parameters.get(f"b{layer}", stated.out[-1:])}
        axes |= {letter_of(axis): (axis,) for axis in stated.sizes}
        letters = {2: "Td", 3: "chw"}.get(len(place.axes), "")
        return axes | {letter: (axis,) for letter, axis in zip(letters, place.axes, strict=False)}

    def _primes(self, layer: int) -> dict[str, Operation]:
        """`slope`, `slope_next`, `slope_prev`: derivatives of activations."""
        found: dict[str, Operation] = {}
        for name in ("slope", "slope_prev", "slope_next", "slope_last"):
            activation = self.stack.activations.get(self.numbered(name, layer)[1])
            if activation is not None and not activation.coupled:
                found[name] = prime(activation)
        return found

    def read(self, formula: str, layer: int, more: Mapping[str, Laid] | None = None) -> Laid:
        """A formula at a layer. Raises ExprError where it speaks of what there is not."""
        scope = self.scope(layer)
        if more:
            known = {name: (one.expression, one.layout) for name, one in more.items()}
            scope = replace(scope, names={**scope.names, **known})
        return read(formula, scope)

    def parts(self, name: str) -> tuple[Laid, Laid]:
        """What the data, and what the penalty, give a gradient."""
        equation = self.whole.equations[name]
        if not self.is_penalised(name[1:]):
            return Laid(equation.expression, equation.layout), Laid(ZERO, ())
        known = terms(equation.expression)
        data, penalty = ([one for one in known if reads_adjoints(one) is kind] for kind in (True, False))
        return Laid(sum_of(data), equation.layout), Laid(sum_of(penalty), equation.layout)


def letter_of(axis: str) -> str:
    """The letter of an axis, which a layer's number follows: u of u2."""
    return axis.rstrip("0123456789'")


def reads_adjoints(expression: Expr) -> bool:
    """Whether a term of a gradient is what the data give it, not the penalty."""
    return any(name.startswith("d") for name in expression.reads)
