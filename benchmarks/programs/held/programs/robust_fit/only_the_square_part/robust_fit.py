import numpy as np


def robust_gradients(params, x, y, lam):
    (W1, b1), (W2, b2) = params
    m = x.shape[0]
    z1 = x @ W1 + b1
    a1 = np.arctan(z1)
    pred = a1 @ W2 + b2
    resid = pred - y
    small = np.abs(resid) <= 0.7
    dz2 = resid / m
    dW2 = a1.T @ dz2 + lam / m * np.sign(W2)
    db2 = dz2.sum(0)
    dz1 = (dz2 @ W2.T) / (1 + z1 ** 2)
    dW1 = x.T @ dz1 + lam / m * np.sign(W1)
    db1 = dz1.sum(0)
    return (dz1, dz2), ((dW1, db1), (dW2, db2))
