import numpy as np


def rbf_gradients(x, y, C, beta, w, b):
    n = len(x)
    diff = x[:, None, :] - C[None, :, :]
    r2 = np.sum(diff**2, axis=2)
    phi = np.exp(-beta * r2 / 4)
    f = phi @ w + b
    err = (f - y) / n
    dw = phi.T @ err
    db = err.sum()
    dphi = np.outer(err, w)
    dexp = dphi * phi
    dbeta = -(dexp * r2).sum(axis=0) / 4
    dr2 = -dexp * beta / 4
    dC = 2 * (dr2[:, :, None] * diff).sum(axis=0)
    return dw, db, dC, dbeta
