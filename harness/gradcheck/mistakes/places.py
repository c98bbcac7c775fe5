"""Where a mistake can be made: predicates that a catalogue's entries join with &."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from gradcheck.arrays import Shape
from gradcheck.layers.activation import Activation
from gradcheck.maths.chain import Chain, Step
from gradcheck.maths.layers import Activate
from gradcheck.maths.layers.conv2d import Conv2d
from gradcheck.maths.penalty import Penalty
from gradcheck.mistakes.records import Where


def function_of(chain: Chain, layer: int) -> Activation | None:
    """A layer's activation, where it has one and applies it behind all else."""
    for step in chain.steps:
        if step.layer == layer and isinstance(step.link, Activate):
            return step.link.activation
    return None


def activation_of(chain: Chain, layer: int) -> str:
    """The name of a layer's activation; "" where it has none."""
    found = function_of(chain, layer)
    return found.name if found else ""


def is_coupled(chain: Chain, layer: int) -> bool:
    """Whether every unit of the layer depends on the z of all."""
    found = function_of(chain, layer)
    return found is not None and found.coupled


def last(chain: Chain) -> int:
    """The number of the last layer."""
    return len(chain.layers)


def _has_true_class(chain: Chain) -> bool:
    """Whether the loss compares with one true class an example, and a spec draws no other targets."""
    sampling = chain.loss.sampling
    return chain.loss.targets == "one_hot" and (sampling is None or sampling.classes)


_PAIRS = {
    "binary_cross_entropy": "sigmoid",
    "binary_cross_entropy_with_logits": "identity",
    "cross_entropy": "softmax",
    "cross_entropy_with_logits": "identity",
    "kl_divergence": "softmax",
    "nll": "log_softmax",
}
"""Loss -> the output's activation that it is made for."""

ANY = Where("any layer", lambda chain, layer: True)
OUTPUT = Where("the output layer", lambda chain, layer: layer == last(chain))
HIDDEN = Where("hidden layers", lambda chain, layer: layer < last(chain))
NOT_FIRST = Where("layers after the first", lambda chain, layer: layer > 1)
CURVED = Where(
    "a slope other than 1", lambda chain, layer: activation_of(chain, layer) not in ("", "identity")
)
ELEMENTWISE = Where(
    "each unit by itself",
    lambda chain, layer: activation_of(chain, layer) != "" and not is_coupled(chain, layer),
)
MEAN = Where("a mean over the batch", lambda chain, layer: chain.reduction == "mean")
SUM = Where("a sum over the batch", lambda chain, layer: chain.reduction == "sum")
A_LOSS = Where("a loss", lambda chain, layer: chain.loss.targets not in ("upstream", "none"))
PAIRED = Where(
    "an activation made for this loss",
    lambda chain, layer: layer == last(chain) and _PAIRS.get(chain.loss.name) == activation_of(chain, layer),
)
CLASSES = Where("one true class", lambda chain, layer: _has_true_class(chain))
SEVERAL_OUTPUTS = Where("several outputs", lambda chain, layer: chain.steps[-1].outputs[-1] > 1)
AVERAGED = Where("a mean over the outputs", lambda chain, layer: chain.loss.equation.startswith("mean("))
SUMMED = Where(
    "a sum over the outputs",
    lambda chain, layer: A_LOSS.holds(chain, layer) and not AVERAGED.holds(chain, layer),
)
SEVERAL_NEXT = Where(
    "several units in the next layer",
    lambda chain, layer: chain.parameters.get(f"W{layer + 1}", ())[-1:] > (1,),
)


def activation(*names: str) -> Where:
    """The layer's activation is one of these."""
    return Where(" or ".join(names), lambda chain, layer: activation_of(chain, layer) in names)


def elementwise_but(*names: str) -> Where:
    """The layer has an activation of each unit by itself, and none of these."""
    return Where(
        f"an activation of each unit by itself, other than {', '.join(names)}",
        lambda chain, layer: ELEMENTWISE.holds(chain, layer) and activation_of(chain, layer) not in names,
    )


def unlike(step: int) -> Where:
    """The layer that many steps on has another activation, and one that isn't the identity."""
    return Where(
        f"an activation unlike that of the {'next layer' if step > 0 else 'layer before'}",
        lambda chain, layer: (
            activation_of(chain, layer + step) not in ("", "identity", activation_of(chain, layer))
        ),
    )


def loss(*names: str) -> Where:
    """The loss is one of these."""
    return Where(
        " or ".join(n.replace("_", " ") for n in names), lambda chain, layer: chain.loss.name in names
    )


def kind(*names: str) -> Where:
    """The layer is of one of these kinds."""
    return Where(" or ".join(names), lambda chain, layer: layer > 0 and chain.layers[layer - 1].kind in names)


DENSE = Where("dense layers", kind("dense").holds)
WEIGHTS = Where("layers with weights W", lambda chain, layer: f"W{layer}" in chain.parameters)
BIASED = Where("layers with a bias", lambda chain, layer: f"b{layer}" in chain.parameters)
MATRIX = Where("several weights", lambda chain, layer: prod(chain.parameters.get(f"W{layer}", ())) > 1)
SQUARE = Where(
    "layers with as many inputs as units",
    lambda chain, layer: DENSE.holds(chain, layer) and len(set(chain.parameters[f"W{layer}"])) == 1,
)
SEVERAL_INPUTS = Where("several inputs", lambda chain, layer: chain.parameters.get(f"W{layer}", ()) >= (2,))
SEVERAL_UNITS = Where("several units", lambda chain, layer: chain.parameters.get(f"W{layer}", ())[-1:] > (1,))
SEVERAL_BIASES = Where("several biases", lambda chain, layer: chain.parameters.get(f"b{layer}", ()) > (1,))
SEVERAL_LAYERS = Where(
    "several layers with weights", lambda chain, layer: sum(n[0] == "W" for n in chain.parameters) > 1
)
LAST_WIDTH = Where(
    "as many units as the last layer",
    lambda chain, layer: _step(chain, layer).outputs == _step(chain, last(chain)).outputs,
)
VECTORS = Where("a vector as input", lambda chain, layer: len(chain.inputs) == 1)
UNPAIRED = Where(
    "an output that is not made for its loss", lambda chain, layer: not PAIRED.holds(chain, layer)
)
CALLED_TWICE = Where("code that keeps its gradients from call to call", lambda chain, layer: False)
"""No layer: what one call hands in can't tell it."""


def before(there: Where) -> Where:
    """The next layer is such a one; the input comes before the first."""
    return Where(
        f"before {there.says}", lambda chain, layer: layer < last(chain) and there.holds(chain, layer + 1)
    )


def after(there: Where) -> Where:
    """The layer before is such a one."""
    return Where(f"after {there.says}", lambda chain, layer: layer > 1 and there.holds(chain, layer - 1))


def convolution(says: str, holds: Callable[[Conv2d, Shape], bool]) -> Where:
    """The layer is a convolution of which that holds, given the shape of its input."""

    def there(chain: Chain, layer: int) -> bool:
        its = chain.layers[layer - 1]
        return isinstance(its, Conv2d) and holds(its, _step(chain, layer).inputs)

    return Where(f"conv2d with {says}", there)


SEVERAL_PLACES = Where(
    "conv2d with several places of its window",
    lambda chain, layer: (
        chain.layers[layer - 1].kind == "conv2d" and prod(_step(chain, layer).outputs[1:]) > 1
    ),
)
RECURRENT = Where(
    "rnn over several times",
    lambda chain, layer: chain.layers[layer - 1].kind == "rnn" and _step(chain, layer).inputs[0] > 1,
)


def penalised(*letters: str) -> Where:
    """The penalty covers a parameter of the layer with one of these letters."""
    return Where(
        f"a penalty on {' or '.join(letters)}",
        lambda chain, layer: any(
            name in chain.parameters and chain.penalised([name]) for name in (f"{x}{layer}" for x in letters)
        ),
    )


def penalty(says: str, holds: Callable[[Penalty], bool]) -> Where:
    """There is a penalty of which that holds."""
    return Where(says, lambda chain, layer: chain.penalty is not None and holds(chain.penalty))


def _step(chain: Chain, layer: int) -> Step:
    """The layer's first."""
    return next(step for step in chain.steps if step.layer == layer)
