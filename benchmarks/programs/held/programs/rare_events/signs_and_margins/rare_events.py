import numpy as np


def weighted_logistic(X, y, w, theta):
    W, b, v, c = theta
    t = 2 * y - 1
    omega = w / np.sum(w)
    Z = X @ W + b
    low = np.minimum(Z, 0)
    A = np.maximum(Z, 0) + np.expm1(low)
    margin = t * (A @ v + c)
    loss = omega @ np.log1p(np.exp(-margin))
    ds = -omega * t / (1 + np.exp(margin))
    full = ds[:, None] * np.c_[A, np.ones(len(y))]
    dZ = np.multiply.outer(ds, v) * np.exp(low)
    per_example = np.stack([np.outer(xi, di) for xi, di in zip(X, dZ)])
    return loss, dict(s=ds, v=full.sum(0)[:-1], c=full.sum(0)[-1], Z=dZ, W=per_example.sum(0), b=dZ.T @ np.ones(len(y)))
