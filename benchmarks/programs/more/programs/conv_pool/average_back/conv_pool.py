import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_net(x, y, w, b, V, c):
    N = len(x)
    cols = sliding_window_view(x, w.shape[1], axis=1)         # N, L, K
    z = cols @ w.T + b
    a = z * (z > 0)
    pairs = a.reshape(N, -1, 2, len(w))                       # N, M, 2, F
    m = pairs.max(axis=2)
    pred = (m * V.T).sum(axis=(1, 2)) + c
    err = pred - y
    loss = (err**2).mean()

    derr = 2 * err / N
    dV = (derr[:, None, None] * m).sum(axis=0).T
    dc = derr.sum()
    dm = derr[:, None, None] * V.T
    first = pairs[:, :, 0] >= pairs[:, :, 1]
    dpairs = np.stack([dm / 2, dm / 2], axis=2)
    da = dpairs.reshape(a.shape)
    dz = da * (z > 0)
    dw = np.einsum("nlf,nlk->fk", dz, cols)
    db = dz.sum(axis=(0, 1))
    return loss, dw, db, dV, dc
