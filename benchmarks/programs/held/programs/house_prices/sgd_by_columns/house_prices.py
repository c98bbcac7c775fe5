import numpy as np


class Network:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def single(self, xi, yi):
        w1, w2, w3 = self.w
        b1, b2, b3 = self.b
        h1 = 1 / (1 + np.exp(-(w1 @ xi + b1)))
        h2 = np.tanh(w2 @ h1 + b2)
        out = w3 @ h2 + b3
        d3 = out - yi
        d2 = (w3.T @ d3) * (1 - h2 * h2)
        d1 = (w2.T @ d2) * h1 * (1 - h1)
        return (d1, d2, d3), (d1 @ xi.T, d2 @ h1.T, d3 @ h2.T)

    def backprop(self, x, y):
        m = x.shape[1]
        nabla_b = [np.zeros_like(b) for b in self.b]
        nabla_w = [np.zeros_like(w) for w in self.w]
        deltas = [np.zeros((len(b), m)) for b in self.b]
        for i in range(m):
            ds, gws = self.single(x[:, i : i + 1], y[:, i : i + 1])
            for l in range(3):
                nabla_b[l] += ds[l] / m
                nabla_w[l] += gws[l] / m
                deltas[l][:, i] = ds[l][:, 0] / m
        return nabla_b, nabla_w, deltas
