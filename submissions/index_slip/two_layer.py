"""Weights are numbered by the layer they leave: what the book calls W3 is called W2 here."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(x, y, W2, b2, W3):
    m = x.shape[1]
    a2 = sigmoid(W2 @ x + b2)
    a3 = sigmoid(W3 @ a2)
    delta3 = (a3 - y) * a3 * (1 - a3) / m
    delta2 = (W3.T @ delta3) * a2 * (1 - a2)
    dW1, dW2 = delta2 @ x.T, delta3 @ a2.T
    return dW2, delta2.sum(axis=1, keepdims=True), dW1, delta2, delta3
