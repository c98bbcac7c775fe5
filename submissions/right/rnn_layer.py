"""A recurrent layer with tanh, step by step through time, and back again."""

import numpy as np


def rnn_forward(x, Wx, Wh, b):
    N, T, _ = x.shape
    h = np.zeros((N, T, b.size))
    before = np.zeros((N, b.size))
    for t in range(T):
        before = h[:, t] = np.tanh(x[:, t] @ Wx + before @ Wh + b)
    return h, (x, h, Wx, Wh)


def rnn_backward(dout, cache):
    x, h, Wx, Wh = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
    dnext = np.zeros_like(h[:, 0])
    for t in reversed(range(x.shape[1])):
        dz = (dout[:, t] + dnext) * (1 - h[:, t] ** 2)
        before = h[:, t - 1] if t > 0 else np.zeros_like(h[:, 0])
        dx[:, t] = dz @ Wx.T
        dWx += x[:, t].T @ dz
        dWh += before.T @ dz
        db += dz.sum(axis=0)
        dnext = dz @ Wh.T
    return dx, dWx, dWh, db
