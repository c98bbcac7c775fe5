import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def bptt(x, y, h0, params):
    Wx, Wh, bh, Wy, by = (params[k] for k in ("Wx", "Wh", "bh", "Wy", "by"))
    n, T, _ = x.shape
    hs, ps = {-1: h0}, {}
    for t in range(T):
        hs[t] = np.tanh(x[:, t] @ Wx + hs[t - 1] @ Wh + bh)
        ps[t] = softmax(hs[t] @ Wy + by)
    grads = {k: np.zeros_like(v) for k, v in params.items()}
    dhnext = np.zeros_like(h0)
    for t in reversed(range(T)):
        dy = (ps[t] - y[:, t]) / n
        grads["Wy"] += hs[t].T @ dy
        grads["by"] += dy.sum(axis=0)
        dh = dy @ Wy.T + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        grads["bh"] += dhraw.sum(axis=0)
        grads["Wx"] += x[:, t].T @ dhraw
        grads["Wh"] += hs[t - 1].T @ dhraw
        dhnext = dhraw @ Wh.T
    grads["h0"] = dhraw
    return grads
