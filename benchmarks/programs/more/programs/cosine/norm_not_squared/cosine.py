import numpy as np


def siamese(p, q, y, W, b):
    n = p.shape[0]
    f = np.tanh(p @ W + b)
    g = np.tanh(q @ W + b)
    nf = np.linalg.norm(f, axis=1, keepdims=True)
    ng = np.linalg.norm(g, axis=1, keepdims=True)
    s = (f * g).sum(axis=1, keepdims=True) / (nf * ng)
    err = s - y[:, None]
    loss = (err**2).mean()

    ds = 2 * err / n
    df = ds * (g / (nf * ng) - s * f / nf)
    dg = ds * (f / (nf * ng) - s * g / ng)
    dzf = df * (1 - f**2)
    dzg = dg * (1 - g**2)
    dW = p.T @ dzf + q.T @ dzg
    db = dzf.sum(axis=0) + dzg.sum(axis=0)
    return loss, ds.ravel(), df, dg, dW, db
