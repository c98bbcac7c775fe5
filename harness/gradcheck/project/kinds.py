"""Networks that a new exercise may begin with, by name; adding one is one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A layer by itself, whose upstream gradient is given."""

    about: str
    inputs: str
    """As a spec writes the shape of an example."""
    layer: str

    @property
    def network(self) -> list[str]:
        """The lines below `network:`."""
        return [f"inputs: {self.inputs}", "layers:", f"  - {self.layer}"]


KINDS = {
    "linear": Kind("a linear layer", "4", "dense: {units: 3}"),
    "conv": Kind("a convolution with padding", "[2, 5, 4]", "conv2d: {filters: 3, size: 3, padding: 1}"),
    "max_pool": Kind("max pooling", "[2, 4, 6]", "max_pool2d: {size: 2}"),
    "batch_norm": Kind("batch normalisation", "4", "batch_norm: {}"),
    "layer_norm": Kind("layer normalisation", "5", "layer_norm: {}"),
    "rnn": Kind("a simple recurrent layer", "[4, 3]", "rnn: {units: 5}"),
    "lstm": Kind("an LSTM layer", "[3, 2]", "lstm: {units: 3}"),
    "attention": Kind("one head of attention", "[4, 3]", "attention: {units: 2}"),
    "embedding": Kind("an embedding", "4", "embedding: {vocabulary: 6, units: 3}"),
}
"""What `--from` takes beside the path of a spec."""

WANTED = {
    "cross_entropy": "softmax",
    "kl_divergence": "softmax",
    "nll": "log_softmax",
    "binary_cross_entropy": "sigmoid",
    "cross_entropy_with_logits": "identity",
    "binary_cross_entropy_with_logits": "identity",
    "poisson_nll": "identity",
    "hinge": "identity",
    "squared_hinge": "identity",
    "multiclass_hinge": "identity",
}
"""The activation of the last layer that a loss compares with its targets; others take any."""


def dense(widths: Sequence[int], activation: str, last: str) -> list[str]:
    """The lines below `network:` of layers, each as wide as that, the inputs first."""
    *hidden, outputs = widths[1:]
    layers = [(units, activation) for units in hidden] + [(outputs, last)]
    lines = [f"  - dense: {{units: {units}, activation: {kind}}}" for units, kind in layers]
    return [f"inputs: {widths[0]}", "layers:", *lines]


def other_widths(widths: Sequence[int]) -> list[int]:
    """Widths at which a slip shows that the first ones hide: others inside, the same outputs."""
    return [*(width + 1 + number % 2 for number, width in enumerate(widths[:-1])), widths[-1]]
