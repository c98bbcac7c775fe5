import numpy as np


def rbf_gradients(x, y, C, beta, w, b):
    sq = (x * x).sum(1)[:, None] - 2 * x @ C.T + (C * C).sum(1)
    G = np.exp(-0.25 * sq * beta)
    e = (G @ w + b - y) / y.size
    A = e[:, None] * G * w
    dC = 0.5 * beta[:, None] * (A.T @ x - A.sum(0)[:, None] * C)
    return e @ G, e.sum(), dC, -0.25 * np.einsum("nk,nk->k", A, sq)
