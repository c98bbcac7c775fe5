import numpy as np


def cbow(ids, y, E, U, b):
    n, c = ids.shape
    v = E.shape[0]
    B = np.array([np.bincount(row, minlength=v) for row in ids]) / c
    H = B @ E
    S = H @ U + b
    R = np.exp(S)
    R /= R.sum(axis=1, keepdims=True)
    loss = -np.log(R[range(n), y]).sum() / n
    R[range(n), y] -= 1
    R /= n
    return loss, B.T @ R @ U.T, H.T @ R, np.ones(n) @ R
