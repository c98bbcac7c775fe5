import numpy as np


class Cell:
    def __init__(self, Wx, Wh, b):
        self.params = (Wx, Wh, b)
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)
        self.cache = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next ** 2)
        self.grads[0] += np.dot(x.T, dt)
        self.grads[1] += np.dot(h_prev.T, dt)
        self.grads[2] += np.sum(dt, axis=0)
        return np.dot(dt, Wh.T)


def bptt(xs, ts, h0, params):
    n, T, _ = xs.shape
    h, cells, hs = h0, [], []
    for t in range(T):
        cell = Cell(params["Wx"], params["Wh"], params["bh"])
        h = cell.forward(xs[:, t, :], h)
        cells.append(cell)
        hs.append(h)
    hs = np.stack(hs, axis=1)
    flat = hs.reshape(n * T, -1)
    score = flat @ params["Wy"] + params["by"]
    prob = np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)
    dscore = (prob - ts.reshape(n * T, -1)) / n
    dhs = (dscore @ params["Wy"].T).reshape(hs.shape)
    dh = 0
    for t in range(T - 1, -1, -1):
        dh = cells[t].backward(dhs[:, t, :] + dh)
    total = [sum(c.grads[i] for c in cells) for i in range(3)]
    return {"Wx": total[0], "Wh": total[1], "bh": total[2], "Wy": flat.T @ dscore,
            "by": dscore.sum(axis=0), "h0": dh}
