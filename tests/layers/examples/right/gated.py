"""A gated unit between two dense layers."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(params, x, y):
    W1, b1, V2, c2, W2, b2, W3, b3 = params.values()
    a1 = np.tanh(x @ W1 + b1)
    g2, h2 = sigmoid(a1 @ V2 + c2), np.tanh(a1 @ W2 + b2)
    a2 = g2 * h2
    a3 = a2 @ W3 + b3
    da2 = (a3 - y) / len(x) @ W3.T
    dg2, dh2 = da2 * h2, da2 * g2
    by_gate, by_value = dg2 * g2 * (1 - g2), dh2 * (1 - h2**2)
    dz1 = (by_gate @ V2.T + by_value @ W2.T) * (1 - a1**2)
    return {
        "dg2": dg2,
        "dV2": a1.T @ by_gate,
        "dc2": by_gate.sum(0),
        "dW2": a1.T @ by_value,
        "db2": by_value.sum(0),
        "dW1": x.T @ dz1,
    }
