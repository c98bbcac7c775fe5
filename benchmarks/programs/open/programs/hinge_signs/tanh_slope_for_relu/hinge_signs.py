import numpy as np


def unroll(theta, sizes):
    mats, at = [], 0
    for a, b in zip(sizes[:-1], sizes[1:]):
        W = theta[at:at + a * b].reshape(a, b)
        at += a * b
        mats.append((W, theta[at:at + b]))
        at += b
    return mats


def gradient(theta, X, y, sizes):
    (W1, b1), (W2, b2), (W3, b3) = unroll(theta, sizes)
    m = len(X)
    z1 = X @ W1 + b1
    a1 = np.maximum(0, z1)
    a2 = np.tanh(a1 @ W2 + b2)
    score = a2 @ W3 + b3
    slack = np.maximum(0, 1 - y * score)

    d3 = -2 * y * slack / m
    grad_W3 = a2.T @ d3
    grad_b3 = d3.sum(axis=0)
    d2 = (d3 @ W3.T) * (1 - a2 ** 2)
    grad_W2 = a1.T @ d2
    grad_b2 = d2.sum(axis=0)
    d1 = (d2 @ W2.T) * (1 - a1 ** 2)
    grad_W1 = X.T @ d1
    grad_b1 = d1.sum(axis=0)
    return np.concatenate([grad_W1.ravel(), grad_b1, grad_W2.ravel(), grad_b2, grad_W3.ravel(), grad_b3])
