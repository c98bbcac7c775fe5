import numpy as np


def huber(r, d=1.0):
    return np.where(np.abs(r) <= d, 0.5 * r**2, d * (np.abs(r) - 0.5 * d))


def huber_grad(r, d=1.0):
    return np.where(np.abs(r) <= d, r, d * np.sign(r))


def huber_backprop(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    Z2 = W2 @ A1 + b2
    cost = np.sum(huber(Z2 - Y)) / m

    dZ2 = huber_grad(Z2 - Y) / m
    dW2 = dZ2 @ A1.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = (W2.T @ dZ2) * (1 - np.power(A1, 2))
    dW1 = dZ1 @ X.T / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    dX = W1.T @ dZ1 / m
    return dW1, db1, dW2, db2, dX
