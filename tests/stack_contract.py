"""What every layer, activation and loss promises, as checks of drawn stacks that hold it.

A check raises AssertionError. Configurations are drawn from what a layer's fields, an operation's options or
a factory's arguments say, so a new entry of a table needs nothing here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, get_type_hints

import numpy as np
import torch

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import kinks
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Named
from gradcheck.expr.operation import Operation
from gradcheck.expr.tree import Apply, Expr, Name, nodes, rebuilt
from gradcheck.layers import LAYERS, Activation, Layer, Stack
from gradcheck.layers.activation import OPTIONS
from gradcheck.layers.conv2d import Conv2d
from gradcheck.layers.dense import Dense
from gradcheck.layers.layer import SAMPLES
from gradcheck.layers.rnn import Rnn
from gradcheck.losses import LOSSES, Loss
from gradcheck.network.autograd import differentiate
from gradcheck.network.backward import adjoint
from gradcheck.network.case import Case, draw, everything
from gradcheck.network.differences import Differences, Graph
from gradcheck.network.draws import Draw
from gradcheck.network.forward import laid, run
from gradcheck.network.graph import Mixing, spread
from gradcheck.network.model import Model
from gradcheck.network.records import Network
from gradcheck.network.rounding import response
from gradcheck.slopes import EPS
from jumps import jumps

FORMULAS = {"activation": ("tanh(z) * z", "1.7159 * tanh(2 * z / 3)"), "loss": ("(a - y)^4", "cosh(a - y)")}
IN_FRONT: dict[int, Layer] = {1: Dense(3), 2: Rnn(3), 3: Conv2d(2, 1)}
"""By how many axes an example has: a layer that leaves them as many."""
ROUNDINGS = 64
"""How many responses of rounding two right answers may be apart."""


@dataclass(frozen=True)
class Drawn:
    """A stack, and numbers for its network."""

    stack: Stack
    case: Case

    @property
    def model(self) -> Model:
        return self.case.model

    @cached_property
    def continuous(self) -> list[str]:
        """All that is given, but for what is drawn from whole numbers, and targets."""
        return [n for n in self.model.network.given if n != "y" and not self.model.draws[n].discrete]

    @cached_property
    def values(self) -> dict[str, Named]:
        """All values and gradients, by NumPy and the derived reverse pass."""
        return everything(self.case)

    @cached_property
    def by_equations(self) -> dict[str, Array]:
        """J and the gradients, by PyTorch's autograd of the equations."""
        network = self.model.network
        truth = differentiate(network, {n: self.array(n) for n in network.given}, self.case.lengths)
        return {"J": truth.values["J"], **{adjoint(n): truth.gradients[n] for n in self.continuous}}

    @cached_property
    def by_library(self) -> dict[str, Array] | None:
        """The same by PyTorch's own layers and losses; None where it has no such loss."""
        given = {n: torch.tensor(self.array(n)) for n in self.model.network.given}
        given = {n: t if t.is_floating_point() else t.double() for n, t in given.items()}
        leaves = [given[n].requires_grad_() for n in self.continuous]
        J = self.stack.by_torch(torch, given)
        if J is None:
            return None
        found = torch.autograd.grad(J, leaves, materialize_grads=True)
        gradients = {adjoint(n): g.numpy() for n, g in zip(self.continuous, found, strict=True)}
        return {"J": J.detach().numpy(), **gradients}

    @cached_property
    def responses(self) -> dict[str, float]:
        """How far quantities move per relative change of the numbers on the way."""
        return response(self.model.whole, self.case.given, self.case.lengths)

    def array(self, name: str) -> Array:
        """As the network lays it."""
        whole = self.model.whole
        if name not in self.values:  # nothing comes back to it
            return np.zeros_like(self.array(name[1:]))
        return laid(whole, name, self.values[name], self.case.lengths)


def layers(kind: str, count: int) -> Iterator[Drawn]:
    """Stacks whose last layer is of that kind, each with an upstream gradient."""
    for rng in _generators(kind, count):
        yield draw_layer(LAYERS[kind], rng)


def draw_layer(cls: type[Any], rng: np.random.Generator) -> Drawn:
    """With an input that the layer takes, and in half of the draws another layer in front."""
    for _ in range(1000):
        shape = tuple(int(n) for n in rng.integers(1, 6, rng.integers(1, 4)))
        last: Layer = cls(**{f.name: _option(get_type_hints(cls)[f.name], f.name, rng) for f in fields(cls)})
        front = [IN_FRONT[len(shape)]] * int(rng.integers(0, 2))
        stack = Stack((*front, last), shape, LOSSES["upstream"](), "sum")
        try:
            list(stack.statements())
        except ValueError:
            continue
        return with_numbers(stack, Draw("normal"), rng)
    raise AssertionError(f"no drawn input fits {cls.kind}")


def activations(name: str, count: int) -> Iterator[Drawn]:
    """Dense layers with that activation, each with an upstream gradient."""
    for rng in _generators(name, count):
        yield draw_activation(_activation(name, rng), rng)


def draw_activation(activation: Activation, rng: np.random.Generator) -> Drawn:
    inputs, units = (int(n) for n in rng.integers(1, 5, 2))
    layer = Dense(units + activation.coupled, activation, bool(rng.integers(0, 2)))
    return with_numbers(Stack((layer,), (inputs,), LOSSES["upstream"](), "sum"), Draw("normal"), rng)


def losses(name: str, count: int) -> Iterator[Drawn]:
    """Dense layers whose outputs the loss takes; some with a penalty."""
    for rng in _generators(name, count):
        factory = LOSSES[name]
        options = {k: _argument(p, rng) for k, p in inspect.signature(factory).parameters.items()}
        yield draw_loss(factory(**options), rng)


def draw_loss(loss: Loss, rng: np.random.Generator) -> Drawn:
    bounded = "sigmoid" if loss.domain == (0, 1) else "identity"
    activation = Activation("softmax" if loss.wants_distribution else bounded)
    inputs, units = int(rng.integers(1, 5)), int(rng.integers(2, 5))
    reduction = str(rng.choice(["mean", "sum"]))
    penalty = {
        "norm": str(rng.choice(["l1", "l2"])),
        "strength": float(rng.uniform(0.1, 1)),
        "constant": str(rng.choice(["lambda", "lambda/2", "lambda/m", "lambda/2m"])),
        "covers": ["W"],
    }
    stack = Stack(
        (Dense(units, activation),), (inputs,), loss, reduction, penalty if rng.random() < 0.5 else None
    )
    kind = str(rng.choice([loss.targets, *loss.also]))
    return with_numbers(stack, _targets(kind, loss), rng)


def _targets(kind: str, loss: Loss) -> Draw:
    if kind in ("one_hot", "probabilities") or (kind == "real" and loss.within == (0, 1)):
        return Draw("probabilities" if kind == "real" else kind, over="u1")
    if kind == "counts":
        return Draw("integers", below=4)
    return Draw(kind if kind in ("binary", "signs") else "normal")


def with_numbers(stack: Stack, targets: Draw, rng: np.random.Generator) -> Drawn:
    """The stack, with a drawn case of one to four examples."""
    model = stack.model(int(rng.integers(1, 5)), targets)
    return Drawn(stack, draw(model, {}, int(rng.integers(2**31))))


def _generators(name: str, count: int) -> Iterator[np.random.Generator]:
    for n in range(count):
        yield np.random.default_rng([n, *name.encode()])


def _option(kind: Any, name: str, rng: np.random.Generator) -> Any:
    """A value of a layer's field."""
    if kind is Activation:
        return _activation(str(rng.choice([*OPTIONS])), rng)
    if kind is bool:
        return bool(rng.integers(0, 2))
    if kind is float:
        return float(10 ** rng.uniform(-5, -1))
    return int(rng.integers(0, 2) if name == "padding" else rng.integers(1, 4))


def _activation(name: str, rng: np.random.Generator) -> Activation:
    if name == "custom":
        return Activation(name, {"formula": str(rng.choice(FORMULAS["activation"]))})
    if name == "gelu":
        return Activation(name, {"approximate": str(rng.choice(["none", "tanh"]))})
    options = getattr(Activation(name).operation, "options", ())
    return Activation(name, {option: float(rng.uniform(0.1, 2)) for option in options})


def _argument(parameter: inspect.Parameter, rng: np.random.Generator) -> Any:
    """A value of an argument of a loss's factory."""
    if parameter.default is parameter.empty:
        return str(rng.choice(FORMULAS["loss"]))
    return bool(rng.integers(0, 2)) if parameter.default is False else float(rng.uniform(0.3, 2))


def check(several: Iterable[Drawn]) -> None:
    """Everything that is promised of these configurations; quotients, which take longest, of every fourth."""
    for n, drawn in enumerate(several):
        check_gradients(drawn)
        check_examples(drawn)
        check_precision(drawn)
        if n % 4 == 0:
            check_differences(drawn)


def check_gradients(drawn: Drawn) -> None:
    """J and its gradients are the same by the equations in NumPy, in PyTorch, and by PyTorch's own layers.

    That by an upstream gradient is the output itself.
    """
    truth = drawn.by_library or drawn.by_equations
    for name, exact in truth.items():
        felt = max(drawn.responses.get(name, 0.0), float(np.max(np.abs(exact), initial=0.0)))
        for ours in (drawn.array(name), drawn.by_equations[name]):
            gap = float(np.max(np.abs(ours - exact.reshape(ours.shape)), initial=0.0))
            assert gap <= ROUNDINGS * EPS * felt + 1e-300, f"{name} is {gap:.1e} off, of {felt:.1e}"


def check_differences(drawn: Drawn) -> None:
    """Difference quotients hold the gradients within their error bars."""
    model, truth = drawn.model, drawn.by_library or drawn.by_equations
    found = Differences(Graph(model.network), drawn.case.given, drawn.case.lengths).along(drawn.continuous)
    for name, slopes in found.items():
        exact = truth[adjoint(name)].reshape(slopes.value.shape)
        bar = slopes.error + ROUNDINGS * EPS * drawn.responses.get(adjoint(name), 0.0)
        assert np.isfinite(slopes.error).all(), f"d{name} has no error bar"
        off = np.maximum(slopes.low - exact, exact - slopes.high)
        assert (off <= bar).all(), f"d{name} is {np.max(off - bar):.1e} beyond its error bar"


def check_examples(drawn: Drawn) -> None:
    """A batch loses what its examples lose by themselves, exactly if the equations do not couple them."""
    case, network, penalty = drawn.case, drawn.model.network, drawn.stack.penalty
    batch = case.lengths[SAMPLES]
    alone = [_objective(network, case, _example(case, n), 1) for n in range(batch)]
    expected = np.mean(alone) if drawn.stack.reduction == "mean" else np.sum(alone)
    whole = _objective(network, case, case.given, batch)
    same = abs(whole - expected) <= 1e-11 * np.sum(np.abs(alone))
    rows = [n for n, axes in network.given.items() if SAMPLES in axes and n in (*drawn.continuous, "y")]
    coupled = bool(rows) and spread(network.steps, dict.fromkeys(rows, SAMPLES))["J"] is Mixing.MIXED
    assert same or coupled or penalty, "examples depend on each other"
    assert not same or not coupled or batch == 1, "examples do not depend on each other"


def _example(case: Case, n: int) -> dict[str, Named]:
    return {
        name: Named(value.array.take([n], value.axes.index(SAMPLES)), value.axes)
        if SAMPLES in value.axes
        else value
        for name, value in case.given.items()
    }


def _objective(network: Network, case: Case, given: Mapping[str, Named], examples: int) -> float:
    return float(run(network, given, {**case.lengths, SAMPLES: examples})["J"].array)


def check_precision(drawn: Drawn) -> None:
    """Single precision stays single, in values and in gradients."""
    given = {n: Named(v.array.astype(np.float32), v.axes) for n, v in drawn.case.given.items()}
    for name, value in run(drawn.model.whole, given, drawn.case.lengths).items():
        assert value.array.dtype == np.float32, name


def kinks_on_a_line(drawn: Drawn, rng: np.random.Generator) -> tuple[int, int]:
    """(how often J's derivative jumps on a line through what is given, how many kinks are declared).

    Wherever it does, a declared kink's expression is all but 0.
    """
    network, lengths = drawn.model.network, drawn.case.lengths
    ways = {name: rng.normal(size=drawn.case.given[name].array.shape) for name in drawn.continuous}

    def at(t: Array) -> dict[str, Named]:
        moved = dict(drawn.case.given)
        for name, way in ways.items():
            array, axes = moved[name]
            moved[name] = Named(array + np.multiply.outer(t, way), ("copy", *axes))
        return run(network, moved, {**lengths, "copy": len(t)})

    places = jumps(lambda t: np.asarray(at(t)["J"].array), np.linspace(-1, 1, 501))
    declared = [
        kink
        for equation in network.equations.values()
        for kink in kinks(equation.expression)
        if kink.reads - {"y"}
    ]
    for a, b in places:
        with np.errstate(all="ignore"):
            here = at(np.array([(a + b) / 2]))
            gaps = [np.min(np.abs(evaluate(kink, here, lengths).array), initial=np.inf) for kink in declared]
        assert min(gaps, default=np.inf) < 1e-3, f"the derivative jumps between {a} and {b}"
    return len(places), len(declared)


def with_wrong_derivative(
    drawn: Drawn, wrong: Callable[[Operation], Operation], name: str | None = None
) -> Drawn:
    """The same with a mistake in what an operation hands back to a quantity that it reads.

    The operation is one of the equation of that name, or else the last one of the layers.
    """
    network, model = drawn.model.network, drawn.model
    made = [n for n, e in network.equations.items() if isinstance(e.expression, Apply) and n != "J"]
    name = name if name in (*made, "J") else [*(["J"] * (not made)), *made][-1]
    differentiable = {*network.equations, *drawn.continuous}
    reading = [
        node
        for node in nodes(network.equations[name].expression)
        if isinstance(node, Apply)
        and any(isinstance(x, Name) and x.text in differentiable for x in node.arguments)
    ]

    def with_mistake(e: Expr) -> Expr:
        return replace(e, operation=wrong(reading[0].operation)) if e == reading[0] else e

    def changed(step: Any) -> Any:
        if hasattr(step, "equations"):
            return replace(step, equations=tuple(map(changed, step.equations)))
        return replace(step, expression=rebuilt(step.expression, with_mistake)) if step.name == name else step

    model = replace(model, network=Network(network.given, tuple(map(changed, network.steps))))
    return replace(drawn, case=replace(drawn.case, model=model))
