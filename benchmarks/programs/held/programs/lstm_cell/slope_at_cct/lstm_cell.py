import numpy as np


class Cell:
    order = ("f", "i", "o", "c")

    def __init__(self, parameters):
        self.W = np.vstack([parameters["W" + g] for g in self.order])
        self.b = np.vstack([parameters["b" + g] for g in self.order])
        self.H = len(parameters["bf"])

    def forward(self, x, a, c):
        self.k = np.vstack([a, x])
        self.c_prev = c
        z = self.W @ self.k + self.b
        H = self.H
        gates = 1 / (1 + np.exp(-z[: 3 * H]))
        self.f, self.i, self.o = gates[:H], gates[H : 2 * H], gates[2 * H :]
        self.g = np.tanh(z[3 * H :])
        self.c = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(self.c)
        return self.o * self.tanh_c, self.c

    def backward(self, da, dc):
        do = da * self.tanh_c
        dc = dc + da * self.o * (1 - self.tanh_c ** 2)
        df = dc * self.c_prev
        di = dc * self.g
        dg = dc * self.i
        dz = np.vstack([
            df * self.f * (1 - self.f),
            di * self.i * (1 - self.i),
            do * self.o * (1 - self.o),
            dg * (1 - np.tanh(self.g) ** 2),
        ])
        dW = dz @ self.k.T
        db = dz.sum(axis=1, keepdims=True)
        dk = self.W.T @ dz
        return dW, db, dk[: self.H], dk[self.H :], dc * self.f


def lstm_cell(da_next, dc_next, xt, a_prev, c_prev, parameters):
    cell = Cell(parameters)
    cell.forward(xt, a_prev, c_prev)
    dW, db, da, dx, dc = cell.backward(da_next, dc_next)
    out = {"da_prev": da, "dxt": dx, "dc_prev": dc}
    for n, g in enumerate(cell.order):
        out["dW" + g] = dW[n * cell.H : (n + 1) * cell.H]
        out["db" + g] = db[n * cell.H : (n + 1) * cell.H]
    return out
