"""Layers that no table has, as equations: their values and gradients are those of PyTorch's own layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch
from random_networks import Drawn
from test_random_graphs import by_rules

from gradcheck.expr.tree import Axes
from gradcheck.network.autograd import differentiate
from gradcheck.network.lengths import misfits
from gradcheck.network.read import read_network

F = torch.nn.functional


def axes(**layouts: str) -> dict[str, Axes]:
    return {name: tuple(layout) for name, layout in layouts.items()}


def lstm(x: Any, h: Any, c: Any, W: Any, U: Any, b: Any) -> Any:
    cell = torch.func.functional_call
    state = {"weight_ih": W.T, "weight_hh": U.T, "bias_ih": b, "bias_hh": torch.zeros_like(b)}
    return cell(torch.nn.LSTMCell(3, 2, dtype=torch.float64), state, (x, (h, c)))[0]


def bidirectional(x: Any, W: Any, U: Any, V: Any, Y: Any) -> Any:
    state = {
        "weight_ih_l0": W.T,
        "weight_hh_l0": U.T,
        "weight_ih_l0_reverse": V.T,
        "weight_hh_l0_reverse": Y.T,
    }
    rnn = torch.nn.RNN(3, 2, bias=False, bidirectional=True, batch_first=True, dtype=torch.float64)
    return torch.func.functional_call(rnn, state, (x,))[0]


LAYERS: dict[str, tuple[str, dict[str, Axes], dict[str, int], Callable[..., Any]]] = {
    "transposed convolution": (
        "z = overlap(sum(x * W, c), p, i, h, 2)",
        axes(x="ncp", W="cdi"),
        {"n": 2, "c": 2, "p": 3, "d": 2, "i": 3, "h": 7},
        lambda x, W: F.conv_transpose1d(x, W, stride=2).transpose(1, 2),
    ),
    "attention of two heads": (
        "Q = unflatten(x @ A, e, a, d)\nK = rename(unflatten(x @ B, e, a, d), t, s)\n"
        "V = rename(unflatten(x @ C, e, a, d), t, s)\nP = softmax(sum(Q * K, d) / sqrt(size(d)), s)\n"
        "z = flatten(sum(P * V, s), a, d, e)",
        axes(x="nte", A=["e", "e"], B=["e", "e"], C=["e", "e"]),  # type: ignore[arg-type]
        {"n": 2, "t": 3, "s": 3, "e": 4, "a": 2, "d": 2},
        lambda x, A, B, C: F.scaled_dot_product_attention(
            *((x @ W).reshape(2, 3, 2, 2).transpose(1, 2) for W in (A, B, C))
        ).transpose(1, 2).flatten(2),
    ),
    "fused gates of an LSTM": (
        "s = x @ W + h @ U + b\n"
        "c1 = sigmoid(part(s, g, u, 1)) * c + sigmoid(part(s, g, u, 0)) * tanh(part(s, g, u, 2))\n"
        "h1 = sigmoid(part(s, g, u, 3)) * tanh(c1)",
        axes(x="nd", h="nu", c="nu", W="dg", U="ug", b="g"),
        {"n": 2, "d": 3, "u": 2, "g": 8},
        lstm,
    ),
    "bidirectional recurrence": (
        "f[-1] = 0 * mean(x @ W, T)\nr[-1] = 0 * mean(x @ W, T)\ny = flip(x, T)\n"
        "for t in T:\n  f[t] = tanh(x[t] @ W + f[t-1] @ U)\n"
        "for t in T:\n  r[t] = tanh(y[t] @ V + r[t-1] @ Y)\n"
        "z = concat(f, flip(r, T), u, v)",
        axes(x="nTd", W="du", U=["u", "u"], V="du", Y=["u", "u"]),  # type: ignore[arg-type]
        {"n": 2, "T": 3, "d": 3, "u": 2, "v": 4},
        bidirectional,
    ),
}  # fmt: skip


def drawn(text: str, layouts: Mapping[str, Axes], lengths: Mapping[str, int], **fixed: Any) -> Drawn:
    """The network with arrays drawn, and an upstream gradient for what its last equation makes."""
    network = read_network(text, layouts, lengths)
    assert list(misfits(network, lengths, {})) == []
    rng = np.random.default_rng(0)
    arrays = {k: fixed.get(k, rng.normal(size=[lengths[a] for a in layout])) for k, layout in layouts.items()}
    last = list(network.equations)[-1]
    up = {last: rng.normal(size=[lengths[axis] for axis in network.layouts[last]])}
    return Drawn(text, network, lengths, arrays, up)


def compare(case: Drawn, function: Callable[..., Any], whole: Mapping[str, Any]) -> None:
    """Values and gradients by the rules and by the equations in PyTorch, with those of the function."""
    tensors = {k: torch.tensor(a, requires_grad=a.dtype.kind == "f") for k, a in whole.items()}
    value = function(*tensors.values())
    assert case.upstream is not None
    ((last, du),) = case.upstream.items()
    value.backward(torch.tensor(du))
    truth = differentiate(case.network, case.given, case.lengths, case.upstream)
    for values, gradients in (truth, by_rules(case)):
        np.testing.assert_allclose(values[last], value.detach().numpy(), rtol=1e-12, atol=1e-13)
        for name, tensor in tensors.items():
            if tensor.grad is not None:
                np.testing.assert_allclose(gradients[name], tensor.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_layer_is_that_of_pytorch(name: str) -> None:
    text, layouts, lengths, function = LAYERS[name]
    case = drawn(text, layouts, lengths)
    compare(case, function, case.given)


def test_embedding_and_cross_entropy_by_labels() -> None:
    layouts = axes(ids="nt", E="vd", W="dk", y="n")
    text = "e = mean(take(E, ids, v), t)\nL = -take(log_softmax(e @ W, k), y, k)"
    ids, y = np.array([[0, 4, 4], [2, 0, 4]]), np.array([2, 0])
    case = drawn(text, layouts, {"n": 2, "t": 3, "v": 5, "d": 3, "k": 4}, ids=ids, y=y)
    compare(
        case,
        lambda ids, E, W, y: F.cross_entropy(F.embedding(ids, E).mean(1) @ W, y, reduction="none"),
        case.given,
    )
