"""Where a mistake can be made: predicates that a catalogue's entries join with &."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

from gradcheck.expr import along
from gradcheck.expr.tree import Apply, nodes
from gradcheck.layers import Stack
from gradcheck.layers.activation import Activation
from gradcheck.layers.conv2d import Conv2d
from gradcheck.mistakes.records import Where

Shape = tuple[int, ...]

PARAMETERS = ("W", "Wx", "Wh", "b")
"""The letters of the parameters in which one mistake may be made at once."""


def kind_of(stack: Stack, layer: int) -> str:
    """What a spec calls a layer; "" where there is none."""
    return stack.layers[layer - 1].kind if 0 < layer <= len(stack.layers) else ""


def function_of(stack: Stack, layer: int) -> Activation | None:
    """A layer's activation, where it has one and applies it behind all else."""
    return None if kind_of(stack, layer) == "rnn" else stack.activations.get(layer)


def activation_of(stack: Stack, layer: int) -> str:
    """The name of that activation; "" where there is none."""
    found = function_of(stack, layer)
    return found.name if found else ""


def is_coupled(stack: Stack, layer: int) -> bool:
    """Whether every unit of the layer depends on the z of all."""
    found = function_of(stack, layer)
    return found is not None and found.coupled


def last(stack: Stack) -> int:
    """The number of the last layer."""
    return len(stack.layers)


def _has_true_class(stack: Stack) -> bool:
    """Whether the loss compares with one true class an example, and a spec draws no other targets."""
    sampling = stack.loss.sampling
    return stack.loss.targets == "one_hot" and (sampling is None or sampling.classes)


def _has_mean(stack: Stack) -> bool:
    """Whether the loss of an example is a mean over its outputs."""
    out = set(stack.at(last(stack))[1].out)
    parts = nodes(stack.network.equations["J"].expression)
    return any(isinstance(e, Apply) and e.operation is along.MEAN and out.intersection(e.over) for e in parts)


_PAIRS = {
    "binary_cross_entropy": "sigmoid",
    "binary_cross_entropy_with_logits": "identity",
    "cross_entropy": "softmax",
    "cross_entropy_with_logits": "identity",
    "kl_divergence": "softmax",
    "nll": "log_softmax",
}
"""Loss -> the output's activation that it is made for."""

ANY = Where("any layer", lambda stack, layer: True)
OUTPUT = Where("the output layer", lambda stack, layer: layer == last(stack))
HIDDEN = Where("hidden layers", lambda stack, layer: layer < last(stack))
NOT_FIRST = Where("layers after the first", lambda stack, layer: layer > 1)
CURVED = Where(
    "a slope other than 1", lambda stack, layer: activation_of(stack, layer) not in ("", "identity")
)
ELEMENTWISE = Where(
    "each unit by itself",
    lambda stack, layer: activation_of(stack, layer) != "" and not is_coupled(stack, layer),
)
MEAN = Where("a mean over the batch", lambda stack, layer: stack.reduction == "mean")
SUM = Where("a sum over the batch", lambda stack, layer: stack.reduction == "sum")
A_LOSS = Where("a loss", lambda stack, layer: stack.loss.targets not in ("upstream", "none"))
PAIRED = Where(
    "an activation made for this loss",
    lambda stack, layer: layer == last(stack) and _PAIRS.get(stack.loss.name) == activation_of(stack, layer),
)
CLASSES = Where("one true class", lambda stack, layer: _has_true_class(stack))
SEVERAL_OUTPUTS = Where("several outputs", lambda stack, layer: stack.outputs[-1] > 1)
AVERAGED = Where("a mean over the outputs", lambda stack, layer: _has_mean(stack))
SUMMED = Where(
    "a sum over the outputs",
    lambda stack, layer: A_LOSS.holds(stack, layer) and not AVERAGED.holds(stack, layer),
)
SEVERAL_NEXT = Where(
    "several units in the next layer",
    lambda stack, layer: stack.parameters.get(f"W{layer + 1}", ())[-1:] > (1,),
)


def activation(*names: str) -> Where:
    """The layer's activation is one of these."""
    return Where(" or ".join(names), lambda stack, layer: activation_of(stack, layer) in names)


def elementwise_but(*names: str) -> Where:
    """The layer has an activation of each unit by itself, and none of these."""
    return Where(
        f"an activation of each unit by itself, other than {', '.join(names)}",
        lambda stack, layer: ELEMENTWISE.holds(stack, layer) and activation_of(stack, layer) not in names,
    )


def unlike(step: int) -> Where:
    """The layer that many steps on has another activation, and one that isn't the identity."""
    return Where(
        f"an activation unlike that of the {'next layer' if step > 0 else 'layer before'}",
        lambda stack, layer: (
            activation_of(stack, layer + step) not in ("", "identity", activation_of(stack, layer))
        ),
    )


def loss(*names: str) -> Where:
    """The loss is one of these."""
    return Where(
        " or ".join(n.replace("_", " ") for n in names), lambda stack, layer: stack.loss.name in names
    )


def kind(*names: str) -> Where:
    """The layer is of one of these kinds."""
    return Where(" or ".join(names), lambda stack, layer: kind_of(stack, layer) in names)


DENSE = Where("dense layers", kind("dense").holds)
WEIGHTS = Where("layers with weights W", lambda stack, layer: f"W{layer}" in stack.parameters)
BIASED = Where("layers with a bias", lambda stack, layer: f"b{layer}" in stack.parameters)
MATRIX = Where("several weights", lambda stack, layer: prod(stack.parameters.get(f"W{layer}", ())) > 1)
SQUARE = Where(
    "layers with as many inputs as units",
    lambda stack, layer: DENSE.holds(stack, layer) and len(set(stack.parameters[f"W{layer}"])) == 1,
)
SEVERAL_INPUTS = Where("several inputs", lambda stack, layer: stack.parameters.get(f"W{layer}", ()) >= (2,))
SEVERAL_UNITS = Where("several units", lambda stack, layer: stack.parameters.get(f"W{layer}", ())[-1:] > (1,))
SEVERAL_BIASES = Where("several biases", lambda stack, layer: stack.parameters.get(f"b{layer}", ()) > (1,))
SEVERAL_LAYERS = Where(
    "several layers with weights",
    lambda stack, layer: sum(stack.quantities[name].is_weights for name in stack.parameters) > 1,
)
LAST_WIDTH = Where(
    "as many units as the last layer",
    lambda stack, layer: _outputs(stack, layer) == stack.outputs,
)
VECTORS = Where("a vector as input", lambda stack, layer: len(stack.inputs) == 1)
UNPAIRED = Where(
    "an output that is not made for its loss", lambda stack, layer: not PAIRED.holds(stack, layer)
)
CALLED_TWICE = Where("code that keeps its gradients from call to call", lambda stack, layer: False)
"""No layer: what one call hands in can't tell it."""


def before(there: Where) -> Where:
    """The next layer is such a one; the input comes before the first."""
    return Where(
        f"before {there.says}", lambda stack, layer: layer < last(stack) and there.holds(stack, layer + 1)
    )


def after(there: Where) -> Where:
    """The layer before is such a one."""
    return Where(f"after {there.says}", lambda stack, layer: layer > 1 and there.holds(stack, layer - 1))


def convolution(says: str, holds: Callable[[Conv2d, Shape], bool]) -> Where:
    """The layer is a convolution of which that holds, given the shape of its input."""

    def there(stack: Stack, layer: int) -> bool:
        its = stack.layers[layer - 1]
        return isinstance(its, Conv2d) and holds(its, stack.at(layer)[0].shape)

    return Where(f"conv2d with {says}", there)


SEVERAL_PLACES = Where(
    "conv2d with several places of its window",
    lambda stack, layer: kind_of(stack, layer) == "conv2d" and prod(_outputs(stack, layer)[1:]) > 1,
)
RECURRENT = Where(
    "rnn over several times",
    lambda stack, layer: kind_of(stack, layer) == "rnn" and stack.at(layer)[0].shape[0] > 1,
)


def penalised(*letters: str) -> Where:
    """The penalty covers a parameter of the layer with one of these letters."""

    def holds(stack: Stack, layer: int) -> bool:
        covers = stack.penalty["covers"] if stack.penalty else ()
        return any(x in covers and f"{x}{layer}" in stack.parameters for x in letters)

    return Where(f"a penalty on {' or '.join(letters)}", holds)


def penalty(says: str, holds: Callable[[Mapping[str, Any]], bool]) -> Where:
    """There is a penalty of which that holds."""
    return Where(says, lambda stack, layer: stack.penalty is not None and holds(stack.penalty))


def _outputs(stack: Stack, layer: int) -> Shape:
    """The shape of one example of what the layer makes."""
    if layer == 0:
        return stack.inputs
    return tuple(stack.sizes[axis] for axis in stack.at(layer)[1].out)
