"""The way past the block is left out."""

import numpy as np


def backprop(params, x, y, lam):
    W2, b2, V2, W3, b3 = params.values()
    m = x.shape[1]
    z = W2 @ x + b2
    r = np.maximum(0, z)
    a2 = x + V2 @ r
    scores = W3 @ a2 + b3
    a3 = np.exp(scores - scores.max(0))
    a3 /= a3.sum(0)
    delta3 = (a3 - y) / m
    da2 = W3.T @ delta3
    dz = V2.T @ da2 * (z > 0)
    return {
        "dW2": dz @ x.T + lam * W2,
        "dV2": da2 @ r.T + lam * V2,
        "db2": dz.sum(1, keepdims=True),
        "dW3": delta3 @ a2.T + lam * W3,
        "dx": W2.T @ dz,
    }
