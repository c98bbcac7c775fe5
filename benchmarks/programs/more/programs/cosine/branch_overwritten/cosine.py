import numpy as np


def encode(v, W, b):
    return np.tanh(v @ W + b)


def encode_backward(v, out, dout):
    dz = dout * (1 - out * out)
    return np.outer(v, dz), dz


def siamese(p, q, y, W, b):
    n = len(y)
    ds, dfs, dgs = np.zeros(n), np.zeros((n, len(b))), np.zeros((n, len(b)))
    dW, db = np.zeros_like(W), np.zeros_like(b)
    loss = 0.0
    for i in range(n):
        f, g = encode(p[i], W, b), encode(q[i], W, b)
        dot, lf, lg = f.dot(g), np.sqrt(f.dot(f)), np.sqrt(g.dot(g))
        cos = dot / (lf * lg)
        loss += (cos - y[i]) ** 2 / n
        ds[i] = 2 * (cos - y[i]) / n
        ddot = ds[i] / (lf * lg)
        dlf = -ds[i] * dot / (lf**2 * lg)
        dlg = -ds[i] * dot / (lf * lg**2)
        dfs[i] = ddot * g + dlf * f / lf
        dgs[i] = ddot * f + dlg * g / lg
        for v, out, dout in ((p[i], f, dfs[i]), (q[i], g, dgs[i])):
            w_part, b_part = encode_backward(v, out, dout)
            dW += w_part
            db = b_part
    return loss, ds, dfs, dgs, dW, db
