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
from gradcheck.expr.tree import ONE, ZERO, Apply, Axes, Expr, Name, Number, Size, axis_of
from gradcheck.layers import Stack
from gradcheck.layers.activation import Activation
from gradcheck.layers.layer import SAMPLES
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.penalty import coefficient
from gradcheck.network.records import Equation, Network, Step, change_equations, equations_of, named
from gradcheck.quantity import Quantity, with_gradients
from gradcheck.specification.quantity import STRENGTH


class Equations:
    """Of one stack, whatever its sizes."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._scopes: dict[int, Scope] = {}
        self._meanings: dict[int, Mapping[str, Quantity]] = {}

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
        gradients = (
            (name, self.known[name].value.name) for name in self.whole.equations if name in self.known
        )
        return tuple(name for name, of in gradients if of != name and of in known)

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
            z = Name(self.known[equation.name].value.name, named(equation.layout))
            plain = activation.name == "identity"
            return replace(equation, expression=da if plain else product(da, Apply(prime(activation), (z,))))
        of = self.parameter(equation.name)
        if of and self.is_penalised(of):
            data = sum_of(term for term in terms(equation.expression) if not self._is_of_penalty(term))
            penalty = product(self.coefficient, self.norm_derivative(Name(of.name, named(equation.layout))))
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

    def parameter(self, gradient: str) -> Quantity | None:
        """The parameter that it is the gradient of, if it is one's."""
        one = self.known.get(gradient)
        return one.value if one and one.is_gradient and one.value.name in self.stack.parameters else None

    def is_penalised(self, parameter: Quantity) -> bool:
        """Whether the penalty covers that parameter."""
        return self.stack.penalty is not None and parameter.base in self.stack.penalty["covers"]

    def _is_of_penalty(self, term: Expr) -> bool:
        """Whether a term of a gradient is what the penalty gives it, not the data."""
        return term.reads <= {STRENGTH, *self.stack.parameters}

    @property
    def coefficient(self) -> Expr:
        """What stands before the sum of all w², or of all |w|."""
        assert self.stack.penalty is not None
        return coefficient(Name(STRENGTH), self.stack.penalty["constant"], SAMPLES)

    def norm_derivative(self, w: Expr) -> Expr:
        """The derivative of w², or of |w|."""
        assert self.stack.penalty is not None
        return product(Number(2.0), w) if self.stack.penalty["norm"] == "l2" else Apply(CALLED["sign"], (w,))

    def _numbers(self, layer: int) -> dict[str, int]:
        """Ending of a name in a formula at a layer -> the layer that it speaks of."""
        last = len(self.stack.layers)
        others = {
            "_prev": layer - 1,
            "_next": layer + 1,
            "_last": last,
            "_first": 1,
            "_mirror": last + 1 - layer,
        }
        return {"": layer, **others}

    def find(self, one: Quantity) -> Quantity | None:
        """What there is: x for a0, da for dz where a layer has no z; None where there is no such quantity."""
        layouts = self.whole.layouts
        if one.letter == "dz" and one.name not in layouts:
            one = replace(one, base="a")
        if one.base == "a" and one.layer == 0:
            one = replace(one, base="x", layer=None)
        return one if one.name in layouts else None

    def meanings(self, layer: int) -> Mapping[str, Quantity]:
        """What the names of quantities mean in a formula at a layer: da, W_next."""
        if layer not in self._meanings:
            known = [self.known[name] for name in self.whole.layouts if name in self.known]
            self._meanings[layer] = {
                f"{letter.name}{ending}": found
                for letter in dict.fromkeys(replace(one, layer=None) for one in known)
                for ending, number in self._numbers(layer).items()
                if (found := self.find(replace(letter, layer=number)))
            }
        return self._meanings[layer]

    def scope(self, layer: int) -> Scope:
        """What a formula may speak of at a layer."""
        if layer not in self._scopes:
            self._scopes[layer] = self._scope(layer)
        return self._scopes[layer]

    def _scope(self, layer: int) -> Scope:
        layouts, last = self.whole.layouts, len(self.stack.layers)
        found: dict[str, tuple[Expr, Axes]] = {
            name: (self.whole.quantity(one.name), layouts[one.name])
            for name, one in self.meanings(layer).items()
        }
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

    @cached_property
    def _letters(self) -> Mapping[str, str]:
        stated = (self.stack.at(number)[0] for number in range(1, len(self.stack.layers) + 1))
        return {name: letter for position in stated for name, letter in position.letters.items()}

    def letter_of(self, axis: str) -> str:
        """The letter of an axis, which a layer's number follows: u of u2."""
        return self._letters.get(axis_of(axis), axis_of(axis))

    def _axes(self, layer: int) -> dict[str, Axes]:
        """n that of samples, d the last of the layer's input, u its units, v the next layer's."""
        axes: dict[str, Axes] = {"n": (SAMPLES,)}
        if layer < len(self.stack.layers):
            axes["v"] = self.stack.at(layer + 1)[1].out[-1:]
        if layer == 0:
            return {**axes, "u": self.stack.at(1)[0].axes[-1:]}
        place, stated = self.stack.at(layer)
        axes |= {"d": place.axes[-1:], "u": stated.parameters.get(f"b{layer}", stated.out[-1:])}
        axes |= {self.letter_of(axis): (axis,) for axis in stated.sizes}
        letters = {2: "Td", 3: "chw"}.get(len(place.axes), "")
        return axes | {letter: (axis,) for letter, axis in zip(letters, place.axes, strict=False)}

    def _primes(self, layer: int) -> dict[str, Operation]:
        """`slope`, `slope_next`, `slope_prev`: derivatives of activations."""
        found: dict[str, Operation] = {}
        for ending, number in self._numbers(layer).items():
            activation = self.stack.activations.get(number)
            if activation is not None and not activation.coupled:
                found[f"slope{ending}"] = prime(activation)
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
        of = self.parameter(name)
        if of is None or not self.is_penalised(of):
            return Laid(equation.expression, equation.layout), Laid(ZERO, ())
        known = terms(equation.expression)
        data, penalty = ([one for one in known if self._is_of_penalty(one) is kind] for kind in (False, True))
        return Laid(sum_of(data), equation.layout), Laid(sum_of(penalty), equation.layout)
