import numpy as np


def conv_net(x, y, w, b, V, c):
    N, H = x.shape
    F, K = w.shape
    L = H - K + 1
    M = L // 2
    z = np.zeros((N, L, F))
    for n in range(N):
        for l in range(L):
            for f in range(F):
                z[n, l, f] = np.sum(x[n, l:l + K] * w[f]) + b[f]
    a = np.maximum(z, 0)
    m = np.zeros((N, M, F))
    arg = np.zeros((N, M, F), dtype=int)
    for n in range(N):
        for q in range(M):
            for f in range(F):
                win = a[n, 2 * q:2 * q + 2, f]
                arg[n, q, f] = 2 * q + np.argmax(win)
                m[n, q, f] = win.max()
    pred = np.einsum("nqf,fq->n", m, V) + c
    loss = np.mean((pred - y) ** 2)

    dpred = 2 * (pred - y) / N
    dV = np.einsum("n,nqf->fq", dpred, m)
    dc = dpred.sum()
    dw, db = np.zeros_like(w), np.zeros_like(b)
    da = np.zeros_like(a)
    for n in range(N):
        for q in range(M):
            for f in range(F):
                da[n, arg[n, q, f], f] += dpred[n] * V[f, q]
    dz = da * (z > 0)
    for n in range(N):
        dw = np.zeros_like(w)
        for l in range(L):
            for f in range(F):
                dw[f] += dz[n, l, f] * x[n, l:l + K]
                db[f] += dz[n, l, f]
    return loss, dw, db, dV, dc
