"""A recurrent cell with a gate that mixes the state with what is new."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(params, x, y):
    _, Ur, W, U, b, W3, b3, r = params.values()
    n, T, _ = x.shape
    h = np.zeros((n, T + 1, len(U)))  # h[:, t + 1] is that of time t
    s = np.zeros((n, T, len(U)))
    for t in range(T):
        s[:, t] = np.tanh(x[:, t] @ W + h[:, t] @ U + b)
        h[:, t + 1] = (1 - r[:, t]) * h[:, t] + r[:, t] * s[:, t]
    a2 = h[:, 1:].reshape(n, -1)
    later = ((a2 @ W3 + b3 - y) / n @ W3.T).reshape(n, T, -1)
    back = np.zeros((n, len(U)))
    grads = {"dW1": 0, "dU1": 0, "dUr1": 0, "db1": 0, "dr1": np.zeros_like(s), "da1": np.zeros_like(s)}
    for t in reversed(range(T)):
        dh = grads["da1"][:, t] = later[:, t] + back
        dr = grads["dr1"][:, t] = dh * (s[:, t] - h[:, t])
        dz = dh * r[:, t] * (1 - s[:, t] ** 2)
        dg = dr * r[:, t] * (1 - r[:, t])
        grads["dW1"] += x[:, t].T @ dz
        grads["dU1"] += h[:, t].T @ dz
        grads["dUr1"] += h[:, t].T @ dg
        grads["db1"] += dz.sum(0)
        back = dh * (1 - r[:, t]) + dz @ U.T + dg @ Ur.T
    return grads
