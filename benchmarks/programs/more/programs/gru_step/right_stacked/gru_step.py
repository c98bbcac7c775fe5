import numpy as np


def gru_forward(x, h, p):
    W = np.hstack([p["Wz"], p["Wr"]])
    U = np.hstack([p["Uz"], p["Ur"]])
    gates = 0.5 + 0.5 * np.tanh(0.5 * (x @ W + h @ U + np.hstack([p["bz"], p["br"]])))
    z, r = np.split(gates, 2, axis=1)
    c = np.tanh(x @ p["Wc"] + (r * h) @ p["Uc"] + p["bc"])
    return h + z * (c - h), dict(x=x, h=h, z=z, r=r, c=c, W=W, U=U, gates=gates, **p)


def gru_backward(dout, k):
    x, h, c = k["x"], k["h"], k["c"]
    dc = dout * k["z"] * (1 - c * c)
    drh = dc @ k["Uc"].T
    dgates = np.hstack([dout * (c - h), drh * h]) * k["gates"] * (1 - k["gates"])
    g = {"Wc": x.T @ dc, "Uc": (k["r"] * h).T @ dc, "bc": dc.sum(0)}
    g["Wz"], g["Wr"] = np.split(x.T @ dgates, 2, axis=1)
    g["Uz"], g["Ur"] = np.split(h.T @ dgates, 2, axis=1)
    g["bz"], g["br"] = np.split(dgates.sum(0), 2)
    dx = np.hstack([dgates, dc]) @ np.hstack([k["W"], k["Wc"]]).T
    dh = dout - dout * k["z"] + drh * k["r"] + dgates @ k["U"].T
    return dx, dh, g
