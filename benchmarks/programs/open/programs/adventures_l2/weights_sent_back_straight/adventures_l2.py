import numpy as np


def sigma(z):
    return 1 / (1 + np.exp(-z))


def descend(level, h, y, W, b, lam, dW, db):
    if level not in W:
        return (h - y) / y.shape[1]
    z = W[level] @ h + b[level]
    above = sigma(z)
    grad_above = descend(level + 1, above, y, W, b, lam, dW, db)
    delta = grad_above * above * (1 - above)
    db[level] = delta @ np.ones((delta.shape[1], 1))
    dW[level] = delta @ h.T + lam * W[level]
    return W[level] @ delta if level == 2 else W[level].T @ delta


def average_gradients(x, y, W, b, lam):
    dW, db = {}, {}
    descend(1, x, y, W, b, lam, dW, db)
    return dW, db
