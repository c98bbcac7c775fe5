import numpy as np


def block_backward(x, y, g, W1, b1, W2, b2):
    n, d = x.shape
    acc = [np.zeros_like(p) for p in (W2, b2, W1, b1, g)]
    rows = {"dr": [], "dz": [], "dx": []}
    centre = np.identity(d) - 1.0 / d
    for xi, yi in zip(x, y):
        c = centre.dot(xi)
        sd = np.sqrt(c.dot(c) / d + 1e-5)
        u = c / sd
        ln = g * u
        z = ln.dot(W1) + b1
        gate = np.exp(-np.logaddexp(0, -z))
        a = gate * z
        r = xi + a.dot(W2) + b2
        dr = 2 * (r - yi) / (n * d)
        dz = W2.dot(dr) * (gate + a - a * gate)
        dln = W1.dot(dz)
        norm_jac = (np.identity(d) - np.outer(u, u) / d).dot(centre) / sd
        for total, part in zip(acc, (np.outer(a, dr), dr, np.outer(ln, dz), dz, dln * u)):
            total += part
        rows["dr"].append(dr)
        rows["dz"].append(dz)
        rows["dx"].append(dr + (g * dln).dot(norm_jac))
    dr, dz, dx = (np.stack(rows[k]) for k in ("dr", "dz", "dx"))
    return dr, acc[0], acc[1], dz, acc[2], acc[3], acc[4], dx
