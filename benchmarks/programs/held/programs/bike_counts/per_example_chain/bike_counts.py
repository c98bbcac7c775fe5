import numpy as np


def poisson_grads(x, y, W1, b1, W2, b2):
    n = len(x)
    dz2s, dz1s, dxs = [], [], []
    gW1, gW2 = np.zeros_like(W1), np.zeros_like(W2)
    gb1, gb2 = np.zeros_like(b1), np.zeros_like(b2)
    for xi, yi in zip(x, y):
        z1 = xi @ W1 + b1
        a1 = np.log1p(np.exp(z1))
        z2 = a1 @ W2 + b2
        lam = np.exp(z2)
        dlam = 1 - yi / lam
        dz2 = dlam * lam
        da1 = W2 @ dz2
        dz1 = da1 * np.exp(z1) / (1 + np.exp(z1))
        dxi = W1 @ dz1
        gW2 += a1[:, None] * dz2[None, :]
        gb2 += dz2
        gW1 += xi[:, None] * dz1[None, :]
        gb1 += dz1
        dz2s.append(dz2)
        dz1s.append(dz1)
        dxs.append(dxi)
    return np.array(dz2s), np.array(dz1s), gW2, gb2, gW1, gb1, np.array(dxs)
