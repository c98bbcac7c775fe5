import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def forward(x, W1, b1, W2, b2, W3, b3):
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    a2 = np.maximum(0, z2)
    z3 = a2 @ W3 + b3
    return z1, a1, z2, a2, z3, softmax(z3)


def backward(x, y, W1, b1, W2, b2, W3, b3):
    z1, a1, z2, a2, z3, probs = forward(x, W1, b1, W2, b2, W3, b3)
    m = len(x)
    grads = {}

    dz3 = (probs - y) / m
    grads["dz3"] = dz3
    grads["dW3"] = a2.T @ dz3
    grads["db3"] = np.sum(dz3, axis=0)

    dz2 = (dz3 @ W3.T) * (z2 > 0)
    grads["dz2"] = dz2
    grads["dW2"] = np.dot(a1.T, dz2) / m
    grads["db2"] = np.sum(dz2, axis=0)

    dz1 = (dz2 @ W2.T) * (1 - a1 ** 2)
    grads["dz1"] = dz1
    grads["dW1"] = x.T @ dz1
    grads["db1"] = np.sum(dz1, axis=0)
    return grads
