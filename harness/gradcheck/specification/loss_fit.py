"""Whether a loss can be taken of what a network puts out."""

from __future__ import annotations

from math import isinf, prod

from gradcheck.layers import Activation, Stack
from gradcheck.losses import LOSSES
from gradcheck.specification.yaml_text import Source


def check_loss(source: Source, stack: Stack) -> None:
    """Complain where the loss doesn't take the network's outputs."""
    if complaint := single_output(stack):
        source.complain(("loss",), *complaint)
    last = stack.last_activation
    # Within what range the values of a formula keep can't be told from here.
    if last is not None and last.name != "custom" and (complaint := _logarithm(stack, last)):
        source.complain(("loss",), *complaint)


def single_output(stack: Stack) -> tuple[str, str] | None:
    """What to say, with help, where an output that is differentiated itself is more than one number."""
    outputs = prod(stack.outputs)
    if stack.loss.targets != "none" or outputs == 1:
        return None
    return (
        f"loss none differentiates the output itself, which must be one number an example, not {outputs}",
        "give the last layer one unit, or take the loss upstream",
    )


def _logarithm(stack: Stack, last: Activation) -> tuple[str, str] | None:
    loss = stack.loss
    if loss.wants_distribution and not last.distribution:
        return (
            f"{loss.name} takes the logarithm of probabilities, and the outputs of {last.name} "
            "don't add up to 1",
            _way_out(loss.name, "softmax"),
        )
    if loss.domain[0] <= last.range[0] and last.range[1] <= loss.domain[1]:
        return None
    return (
        f"{loss.name} takes the logarithm of outputs, which must lie {_between(loss.domain)}; "
        f"those of {last.name} lie {_between(last.range)}",
        _way_out(loss.name, "sigmoid"),
    )


def _way_out(loss: str, activation: str) -> str:
    logits = f"{loss}_with_logits"
    return f"end with {activation}" + (f", or take {logits}" if logits in LOSSES else "")


def _between(interval: tuple[float, float]) -> str:
    # An interval that a function reaches the end of is given as the next wider open one.
    low, high = (f"{round(x, 4) + 0.0:g}" for x in interval)
    if isinf(interval[0]):
        return "anywhere" if isinf(interval[1]) else f"below {high}"
    return f"from {low} upwards" if isinf(interval[1]) else f"between {low} and {high}"
