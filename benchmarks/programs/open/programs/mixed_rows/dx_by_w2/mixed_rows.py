import numpy as np


class Model:
    def __init__(self, W1, b1, W2, b2, W3, b3):
        self.p = {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}
        self.delta = 0.5

    def forward(self, x):
        p = self.p
        z1 = x @ p["W1"] + p["b1"]
        a1 = np.log(1 + np.exp(z1))
        z2 = a1 @ p["W2"] + p["b2"]
        a2 = np.where(z2 > 0, z2, np.exp(z2) - 1)
        out = a2 @ p["W3"] + p["b3"]
        self.cache = (x, z1, a1, z2, a2, out)
        return out

    def backward(self, y):
        p, g = self.p, {}
        x, z1, a1, z2, a2, out = self.cache
        m = x.shape[0]
        r = out - y
        dout = np.where(np.abs(r) <= self.delta, r, self.delta * np.sign(r)) / m
        g["W3"] = a2.T @ dout
        g["b3"] = dout.sum(axis=0)
        da2 = dout @ p["W3"].T
        dz2 = da2 * np.where(z2 > 0, 1, np.exp(z2))
        g["W2"] = a1.T @ dz2
        g["b2"] = dz2.sum(axis=0)
        da1 = dz2 @ p["W2"].T
        dz1 = da1 / (1 + np.exp(-z1))
        g["W1"] = x.T @ dz1
        g["b1"] = dz1.sum(axis=0)
        g["x"] = da1 @ p["W1"].T
        self.grads = g
