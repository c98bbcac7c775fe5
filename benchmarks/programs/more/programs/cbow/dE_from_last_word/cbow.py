import numpy as np


def cbow(ids, y, E, U, b):
    N, C = ids.shape
    dE, dU, db = np.zeros_like(E), np.zeros_like(U), np.zeros_like(b)
    loss = 0.0
    for n in range(N):
        h = np.zeros(E.shape[1])
        for c in range(C):
            h += E[ids[n, c]] / C
        s = h @ U + b
        p = np.exp(s - s.max())
        p = p / p.sum()
        loss += -np.log(p[y[n]]) / N
        ds = p.copy()
        ds[y[n]] -= 1
        ds /= N
        dU += np.outer(h, ds)
        db += ds
        dh = U @ ds
        dE[ids[n, c]] += dh / C
    return loss, dE, dU, db
