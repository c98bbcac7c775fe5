import numpy as np


def sig(v):
    return 1 / (1 + np.exp(-v))


def dsig(s):
    return s * (1 - s)


def cell(x, h, p):
    z = sig(p["Wz"].T @ x + p["Uz"].T @ h + p["bz"])
    r = sig(p["Wr"].T @ x + p["Ur"].T @ h + p["br"])
    c = np.tanh(p["Wc"].T @ x + p["Uc"].T @ (r * h) + p["bc"])
    return z, r, c


def gru_forward(x, h, p):
    out, steps = [], []
    for xi, hi in zip(x, h):
        z, r, c = cell(xi, hi, p)
        out.append((1 - z) * hi + z * c)
        steps.append((xi, hi, z, r, c))
    return np.array(out), (steps, p)


def gru_backward(dout, cache):
    steps, p = cache
    grads = {k: np.zeros_like(v) for k, v in p.items()}
    dx, dh = [], []
    for d, (x, h, z, r, c) in zip(dout, steps):
        delta_c = d * z * (1 - c**2)
        delta_z = d * (c - h) * dsig(z)
        back = p["Uc"] @ delta_c
        delta_r = back * h * dsig(r)
        for name, delta in (("z", delta_z), ("r", delta_r)):
            grads["W" + name] += np.outer(x, delta)
            grads["U" + name] += np.outer(h, delta)
            grads["b" + name] += delta
        grads["Wc"] += np.outer(x, delta_c)
        grads["Uc"] += np.outer(r * h, delta_c)
        grads["bc"] += delta_c
        dx.append(p["Wz"] @ delta_z + p["Wr"] @ delta_r + p["Wc"] @ delta_c)
        dh.append(back * r + p["Uz"] @ delta_z + p["Ur"] @ delta_r)
    return np.array(dx), np.array(dh), grads
