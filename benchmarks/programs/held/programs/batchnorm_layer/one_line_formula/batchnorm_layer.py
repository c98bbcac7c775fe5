import numpy as np


class BatchNorm:
    def __call__(self, x, gamma, beta, eps):
        self.gamma = gamma
        self.std = np.sqrt(x.var(0) + eps)
        self.xhat = (x - x.mean(0)) / self.std
        return self.xhat * gamma + beta

    def grad(self, g):
        N = len(g)
        dbeta = g.sum(0)
        dgamma = np.einsum("nd,nd->d", g, self.xhat)
        dx = self.gamma / (N * self.std) * (N * g - dbeta - self.xhat * dgamma)
        return dx, dgamma, dbeta


def batchnorm_forward(x, gamma, beta, eps):
    layer = BatchNorm()
    return layer(x, gamma, beta, eps), layer


def batchnorm_backward(dout, cache):
    return cache.grad(dout)
