import numpy as np


def bptt(x, y, h0, params):
    Wx, Wh, Wy = params["Wx"], params["Wh"], params["Wy"]
    n, T = x.shape[:2]
    h = np.zeros((T + 1,) + h0.shape)
    h[0] = h0
    for t in range(T):
        h[t + 1] = np.tanh(x[:, t] @ Wx + h[t] @ Wh + params["bh"])
    logits = np.einsum("tnu,uk->ntk", h[1:], Wy) + params["by"]
    prob = np.exp(logits - np.log(np.exp(logits).sum(-1, keepdims=True)))
    ds = (prob - y) / n
    g = {"Wy": np.einsum("tnu,ntk->uk", h[1:], ds), "by": np.full_like(params["by"], ds[:, -1].sum(0))}
    g["Wx"], g["Wh"], g["bh"] = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(params["bh"])
    g["h0"] = np.zeros_like(h0)
    for end in range(T):
        delta = (ds[:, end] @ Wy.T) * (1 - h[end + 1] ** 2)
        for t in range(end, -1, -1):
            g["Wx"] += x[:, t].T @ delta
            g["Wh"] += h[t].T @ delta
            g["bh"] += delta.sum(axis=0)
            if t == 0:
                g["h0"] += delta @ Wh.T
            else:
                delta = (delta @ Wh.T) * (1 - h[t] ** 2)
    return g
