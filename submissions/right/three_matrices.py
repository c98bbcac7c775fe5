"""∂f/∂W1, ∂f/∂W2 and ∂f/∂W3 of f = W3 h2, h2 = σ(W2 h1), h1 = σ(W1 X)."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gradients(X, W1, W2, W3):
    h1 = sigmoid(W1 @ X)
    h2 = sigmoid(W2 @ h1)
    delta2 = W3.T * h2 * (1 - h2)
    delta1 = (W2.T @ delta2) * h1 * (1 - h1)
    return delta1 @ X.T, delta2 @ h1.T, h2.T
