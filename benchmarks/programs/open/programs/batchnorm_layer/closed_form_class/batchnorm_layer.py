import numpy as np


class BatchNorm:
    eps = 1e-3

    def __init__(self, gamma, beta):
        self.gamma = gamma
        self.beta = beta

    def forward(self, x):
        self.mean = x.mean(axis=0)
        self.s = np.sqrt(x.var(axis=0) + self.eps)
        self.n = (x - self.mean) / self.s
        return self.gamma * self.n + self.beta

    def backward(self, dout):
        m = len(dout)
        self.dbeta = dout.sum(axis=0)
        self.dgamma = (dout * self.n).sum(axis=0)
        g = dout * self.gamma
        inner = m * g - g.sum(axis=0) - self.n * (g * self.n).sum(axis=0)
        return inner / (m * self.s)


def bn_forward(x, gamma, beta):
    layer = BatchNorm(gamma, beta)
    return layer.forward(x), layer


def bn_backward(dout, layer):
    dx = layer.backward(dout)
    return dx, layer.dgamma, layer.dbeta
