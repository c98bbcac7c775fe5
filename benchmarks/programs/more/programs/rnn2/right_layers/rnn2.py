import numpy as np


def layer_forward(x, s0, Wx, Wh, b):
    n, T, _ = x.shape
    states = np.zeros((n, T + 1, len(b)))
    states[:, 0] = s0
    for t in range(T):
        states[:, t + 1] = np.tanh(x[:, t] @ Wx + states[:, t] @ Wh + b)
    return states


def layer_backward(dout, x, states, Wx, Wh):
    n, T, d = x.shape
    dWx, dWh, db = 0 * Wx, 0 * Wh, np.zeros(Wh.shape[0])
    dx = np.zeros_like(x)
    carry = np.zeros((n, Wh.shape[0]))
    for t in range(T - 1, -1, -1):
        total = dout[:, t] + carry
        dz = total * (1 - states[:, t + 1] ** 2)
        dWx = dWx + x[:, t].T @ dz
        dWh = dWh + states[:, t].T @ dz
        db = db + dz.sum(0)
        dx[:, t] = dz @ Wx.T
        carry = dz @ Wh.T
    return dx, carry, dWx, dWh, db


def bptt(x, y, P):
    n = x.shape[0]
    h = layer_forward(x, P["h0"], P["Wx"], P["Wh"], P["b"])
    g = layer_forward(h[:, 1:], P["g0"], P["Vx"], P["Vh"], P["c"])
    o = g[:, 1:] @ P["Wo"] + P["bo"]
    do = (o - y) / n
    G = {}
    G["Wo"] = np.einsum("ntv,ntk->vk", g[:, 1:], do)
    G["bo"] = do.sum(axis=(0, 1))
    dg = do @ P["Wo"].T
    dh, G["g0"], G["Vx"], G["Vh"], G["c"] = layer_backward(dg, h[:, 1:], g, P["Vx"], P["Vh"])
    _, G["h0"], G["Wx"], G["Wh"], G["b"] = layer_backward(dh, x, h, P["Wx"], P["Wh"])
    return G
