import numpy as np
from jaxtyping import Float64


def sigmoid(z: Float64[np.ndarray, "n m"]) -> Float64[np.ndarray, "n m"]:
    return 1 / (1 + np.exp(-z))


def backprop(x, y, W2, b2, W3):
    a2 = sigmoid(W2 @ x + b2)
    a3 = sigmoid(W3 @ a2)
    d3 = (a3 - y) * a3 * (1 - a3) / x.shape[1]
    d2 = (W3.T @ d3) * a2 * (1 - a2)
    return d2 @ x.T, d2.sum(axis=1, keepdims=True), d3 @ a2.T, d2, d3
