import numpy as np


def bptt(x, y, P):
    N, T, _ = x.shape
    h, g = {-1: P["h0"]}, {-1: P["g0"]}
    o = {}
    loss = 0
    for t in range(T):
        h[t] = np.tanh(x[:, t] @ P["Wx"] + h[t - 1] @ P["Wh"] + P["b"])
        g[t] = np.tanh(h[t] @ P["Vx"] + g[t - 1] @ P["Vh"] + P["c"])
        o[t] = g[t] @ P["Wo"] + P["bo"]
        loss += 0.5 * np.sum((o[t] - y[:, t]) ** 2) / N

    G = {k: np.zeros_like(v) for k, v in P.items()}
    dh_next = np.zeros_like(P["h0"])
    dg_next = np.zeros_like(P["g0"])
    for t in reversed(range(T)):
        do = (o[t] - y[:, t]) / N
        G["Wo"] += g[t].T @ do
        G["bo"] += do.sum(axis=0)
        dg = do @ P["Wo"].T + dg_next
        dzg = dg * (1 - g[t] ** 2)
        G["Vx"] += h[t].T @ dzg
        G["Vh"] += g[t - 1].T @ dzg
        G["c"] += dzg.sum(axis=0)
        dg_next = dg @ P["Vh"].T
        dh = dzg @ P["Vx"].T + dh_next
        dzh = dh * (1 - h[t] ** 2)
        G["Wx"] += x[:, t].T @ dzh
        G["Wh"] += h[t - 1].T @ dzh
        G["b"] += dzh.sum(axis=0)
        dh_next = dzh @ P["Wh"].T
    G["h0"], G["g0"] = dh_next, dg_next
    return G
