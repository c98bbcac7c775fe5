import numpy as np


def huber_slope(r, delta=0.7):
    if r > delta:
        return delta
    if r < -delta:
        return -delta
    return r


def sign(w):
    return 1.0 if w > 0 else -1.0 if w < 0 else 0.0


def robust_gradients(params, x, y, lam):
    (W1, b1), (W2, b2) = params
    n, d = x.shape
    h, k = W2.shape
    g = [np.zeros_like(p) for p in (W1, b1, W2, b2)]
    D1, D2 = np.zeros((n, h)), np.zeros((n, k))
    for i in range(n):
        s = x[i] @ W1 + b1
        a = np.arctan(s)
        out = a @ W2 + b2
        for o in range(k):
            D2[i, o] = huber_slope(out[o] - y[i, o]) / n
            g[3][o] += D2[i, o]
            for j in range(h):
                g[2][j, o] += a[j] * D2[i, o]
        for j in range(h):
            D1[i, j] = sum(W2[j, o] * D2[i, o] for o in range(k)) / (1 + s[j] * s[j])
            g[1][j] += D1[i, j]
            for f in range(d):
                g[0][f, j] += x[i, f] * D1[i, j]
        for W, G in ((W1, g[0]), (W2, g[2])):
            for index in np.ndindex(W.shape):
                G[index] += lam / n * sign(W[index])
    return (D1, D2), ((g[0], g[1]), (g[2], g[3]))
