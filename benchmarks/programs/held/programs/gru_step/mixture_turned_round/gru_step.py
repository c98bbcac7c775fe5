import numpy as np


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def gru_forward(x, h, P):
    z = sigmoid(x @ P["Wz"] + h @ P["Uz"] + P["bz"])
    r = sigmoid(x @ P["Wr"] + h @ P["Ur"] + P["br"])
    rh = r * h
    c = np.tanh(x @ P["Wc"] + rh @ P["Uc"] + P["bc"])
    return z * h + (1 - z) * c, (x, h, z, r, rh, c, P)


def gru_backward(dout, cache):
    x, h, z, r, rh, c, P = cache
    g = {}
    dz = dout * (h - c)
    dc = dout * (1 - z)
    dh = dout * z

    dsc = dc * (1 - c ** 2)
    g["Wc"], g["Uc"], g["bc"] = x.T @ dsc, rh.T @ dsc, dsc.sum(axis=0)
    drh = dsc @ P["Uc"].T
    dr = drh * h
    dh = dh + drh * r

    dsr = dr * r * (1 - r)
    g["Wr"], g["Ur"], g["br"] = x.T @ dsr, h.T @ dsr, dsr.sum(axis=0)
    dh = dh + dsr @ P["Ur"].T

    dsz = dz * z * (1 - z)
    g["Wz"], g["Uz"], g["bz"] = x.T @ dsz, h.T @ dsz, dsz.sum(axis=0)
    dh = dh + dsz @ P["Uz"].T

    dx = dsz @ P["Wz"].T + dsr @ P["Wr"].T + dsc @ P["Wc"].T
    g["sz"], g["sc"], g["sr"], g["x"], g["h"] = dsz, dsc, dsr, dx, dh
    return g
