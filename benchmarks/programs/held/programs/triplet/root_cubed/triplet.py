import numpy as np


class Embedder:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = np.zeros(W.shape)
        self.db = np.zeros(b.shape)

    def forward(self, x):
        z = self.W.T @ x + self.b
        r = np.sqrt(z @ z)
        return z / r, (x, z, r)

    def backward(self, de, cache):
        x, z, r = cache
        jac = np.eye(len(z)) / r - np.outer(z, z) / r ** 2
        dz = jac @ de
        self.dW += np.outer(x, dz)
        self.db += dz
        return dz


def triplet_gradients(xa, xp, xn, W, b):
    n, u = len(xa), len(b)
    net = Embedder(W, b)
    loss = 0.0
    de = np.zeros((3, n, u))
    dz = np.zeros((3, n, u))
    for i in range(n):
        a, ca = net.forward(xa[i])
        p, cp = net.forward(xp[i])
        q, cq = net.forward(xn[i])
        gap = np.sum((a - p) ** 2) - np.sum((a - q) ** 2) + 0.5
        if gap > 0:
            loss += gap / n
            de[0, i] = 2 * (q - p) / n
            de[1, i] = -2 * (a - p) / n
            de[2, i] = 2 * (a - q) / n
            for k, cache in enumerate((ca, cp, cq)):
                dz[k, i] = net.backward(de[k, i], cache)
    return loss, tuple(de), tuple(dz), net.dW, net.db
