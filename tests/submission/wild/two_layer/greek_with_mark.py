"""δ³ and δ², as on paper."""
import numpy as np

σ = lambda z: 1 / (1 + np.exp(-z))


def backprop(x, y, W2, b2, W3):
    a2 = σ(W2 @ x + b2)
    a3 = σ(W3 @ a2)
    δ3 = (a3 - y) * a3 * (1 - a3) / x.shape[1]
    δ2 = (W3.T @ δ3) * a2 * (1 - a2)
    return δ2 @ x.T, δ2.sum(axis=1, keepdims=True), δ3 @ a2.T, δ2, δ3
