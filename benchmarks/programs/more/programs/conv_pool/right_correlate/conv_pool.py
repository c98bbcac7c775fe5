import numpy as np


def conv_net(x, y, w, b, V, c):
    N = len(y)
    dw, db, dV, dc, loss = np.zeros_like(w), np.zeros_like(b), np.zeros_like(V), 0.0, 0.0
    for xi, yi in zip(x, y):
        z = np.array([np.correlate(xi, wf, "valid") for wf in w]) + b[:, None]
        a = np.maximum(z, 0)
        left, right = a[:, 0::2], a[:, 1::2]
        m = np.maximum(left, right)
        e = np.vdot(V, m) + c - yi
        loss += e * e / N
        g = 2 * e / N
        dV += g * m
        dc += g
        dz = np.zeros_like(z)
        dz[:, 0::2] = g * V * (left >= right)
        dz[:, 1::2] = g * V * (left < right)
        dz[z <= 0] = 0
        dw += np.array([np.correlate(xi, row, "valid") for row in dz])
        db += dz @ np.ones(dz.shape[1])
    return loss, dw, db, dV, dc
