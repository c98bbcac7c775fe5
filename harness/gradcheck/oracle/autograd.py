"""The first oracle: PyTorch autograd on a PyTorch forward pass, in float64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradcheck.errors import GradcheckError
from gradcheck.maths._arrays import Array
from gradcheck.maths.activations import Activation
from gradcheck.maths.chain import Chain

try:
    import torch
except (ImportError, OSError) as error:
    raise GradcheckError(
        f"a spec's answers are worked out with PyTorch, once, and it can't be imported ({error}); "
        "run: pip install torch"
    ) from None


def autograd(
    chain: Chain, parameters: Mapping[str, Array], x: Array, y: Array
) -> tuple[dict[str, Array], dict[str, Array]]:
    """(values, gradients): every intermediate and J; ∂J/∂ every intermediate and parameter.

    Gradients go by the name of what J is differentiated by.
    """
    leaves = {name: _tensor(w).requires_grad_() for name, w in parameters.items()}
    made: dict[str, list[Any]] = {"x": [_tensor(x).requires_grad_()]}
    output = _forward(chain, leaves, made)
    J = _objective(chain, leaves, output, _tensor(y), len(x))
    asked = [(name, t) for name, slices in made.items() for t in slices] + list(leaves.items())
    grads = torch.autograd.grad(J, [t for _, t in asked], materialize_grads=True)
    gradients: dict[str, list[Any]] = {}
    for (name, _), g in zip(asked, grads, strict=True):
        gradients.setdefault(name, []).append(g)
    inside = {name for step in chain.steps for name in step.inside}
    values = {name: _array(slices, name in inside) for name, slices in made.items()}
    values["J"] = np.asarray(J.item())
    return values, {name: _array(slices, name in inside) for name, slices in gradients.items()}


def activation_slope(g: Activation, z: Array) -> Array:
    """∂a/∂z: of z's shape, or (examples, units j, units k) where units are coupled."""
    at = _tensor(z)
    if g.elementwise:
        at.requires_grad_()
        (slope,) = torch.autograd.grad(g.twin(torch, at).sum(), at, materialize_grads=True)
    else:
        jacobian: Any = torch.autograd.functional.jacobian
        slope = torch.stack([jacobian(lambda row: g.twin(torch, row), row) for row in at])
    return np.asarray(slope)


def _forward(chain: Chain, leaves: Mapping[str, Any], made: dict[str, list[Any]]) -> Any:
    def note(name: str, value: Any) -> Any:
        made.setdefault(name, []).append(value)
        return value

    value = made["x"][0]
    for step in chain.steps:
        own = {letter: leaves[step.named(letter)] for letter in step.link.parameters(step.inputs)}
        value = note(step.out, step.link.twin(torch, value, own, step.note(note)))
    return value


def _objective(chain: Chain, leaves: Mapping[str, Any], output: Any, y: Any, examples: int) -> Any:
    losses = chain.loss.twin(torch, output.reshape(examples, -1), y.reshape(examples, -1))
    J = losses.mean() if chain.reduction == "mean" else losses.sum()
    if chain.penalty is not None:
        covered = {name: leaves[name] for name in chain.penalised(list(leaves))}
        J = J + chain.penalty.factor(examples) * chain.penalty.twin(torch, covered)
    return J


def _tensor(a: Array) -> Any:
    return torch.tensor(np.asarray(a, np.float64))


def _array(slices: list[Any], inside: bool) -> Array:
    value: Array = (torch.stack(slices, 1) if inside else slices[0]).detach().numpy()
    return value
