import numpy as np


def weighted_logreg(X, y, s, w, b, lam):
    z = X @ w + b
    p = 1 / (1 + np.exp(-z))
    total = s.sum()
    nll = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    cost = (s * nll).sum() / total + lam / 2 * np.sum(w**2)
    err = s * (p - y) / total
    dw = X.T @ err 
    db = err.mean()
    return cost, dw, db
