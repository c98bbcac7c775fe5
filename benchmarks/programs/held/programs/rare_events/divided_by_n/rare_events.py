import numpy as np


def elu(z):
    return np.where(z > 0, z, np.exp(z) - 1)


def weighted_logistic(X, y, w, theta):
    W, b, v, c = theta
    Z = X @ W + b
    A = elu(Z)
    s = A @ v + c
    p = 1 / (1 + np.exp(-s))
    total = w.sum()
    loss = -np.sum(w * (y * np.log(p) + (1 - y) * np.log(1 - p))) / total

    grad = {}
    grad["s"] = w * (p - y) / len(y)
    grad["v"] = A.T @ grad["s"]
    grad["c"] = np.sum(grad["s"])
    dA = np.outer(grad["s"], v)
    grad["Z"] = dA * np.where(Z > 0, 1, A + 1)
    grad["W"] = X.T @ grad["Z"]
    grad["b"] = grad["Z"].sum(axis=0)
    return loss, grad
