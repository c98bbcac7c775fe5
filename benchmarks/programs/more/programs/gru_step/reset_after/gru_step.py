import numpy as np


def sigmoid(v):
    return 1.0 / (1.0 + np.exp(-v))


def gru_forward(x, h_prev, p):
    z = sigmoid(x @ p["Wz"] + h_prev @ p["Uz"] + p["bz"])
    r = sigmoid(x @ p["Wr"] + h_prev @ p["Ur"] + p["br"])
    h_tilde = np.tanh(x @ p["Wc"] + r * (h_prev @ p["Uc"]) + p["bc"])
    h_next = (1 - z) * h_prev + z * h_tilde
    return h_next, (x, h_prev, z, r, h_tilde, p)


def gru_backward(dh_next, cache):
    x, h_prev, z, r, h_tilde, p = cache
    g = {}
    # output
    dz = dh_next * (h_tilde - h_prev)
    dh_tilde = dh_next * z
    dh_prev = dh_next * (1 - z)
    # candidate
    da_c = dh_tilde * (1 - h_tilde**2)
    g["Wc"] = x.T @ da_c
    g["Uc"] = (r * h_prev).T @ da_c
    g["bc"] = da_c.sum(axis=0)
    drh = da_c @ p["Uc"].T
    dr = drh * h_prev
    dh_prev = dh_prev + drh * r
    # gates
    da_z = dz * z * (1 - z)
    g["Wz"] = x.T @ da_z
    g["Uz"] = h_prev.T @ da_z
    g["bz"] = da_z.sum(axis=0)
    da_r = dr * r * (1 - r)
    g["Wr"] = x.T @ da_r
    g["Ur"] = h_prev.T @ da_r
    g["br"] = da_r.sum(axis=0)
    dh_prev = dh_prev + da_z @ p["Uz"].T + da_r @ p["Ur"].T
    dx = da_z @ p["Wz"].T + da_r @ p["Wr"].T + da_c @ p["Wc"].T
    return dx, dh_prev, g
