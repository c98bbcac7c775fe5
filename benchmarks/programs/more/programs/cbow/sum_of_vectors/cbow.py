import numpy as np


def cbow(ids, y, E, U, b):
    n, c = ids.shape
    h = E[ids].sum(axis=1)
    scores = h @ U + b
    scores -= scores.max(axis=1)[:, None]
    logp = scores - np.log(np.exp(scores).sum(axis=1))[:, None]
    loss = -logp[np.arange(n), y].mean()

    onehot = np.eye(len(b))[y]
    delta = (np.exp(logp) - onehot) / n
    dU = h.T @ delta
    db = delta.sum(0)
    dh = delta @ U.T
    dE = np.zeros_like(E)
    np.add.at(dE, ids, np.repeat(dh[:, None, :], c, axis=1))
    return loss, dE, dU, db
