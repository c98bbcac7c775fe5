import numpy as np


class Tower:
    def __init__(self, W, b, V):
        self.W, self.b, self.V = W, b, V

    def embed(self, x):
        h = np.tanh(x @ self.W + self.b)
        return h @ self.V, (x, h)

    def gradients(self, de, cache):
        x, h = cache
        dV = h.T @ de
        dz = (de @ self.V.T) * (1 - h ** 2)
        return dV, x.T @ dz, dz.sum(axis=0)


def triplet_gradients(anchor, positive, negative, W, b, V):
    net = Tower(W, b, V)
    ea, ca = net.embed(anchor)
    ep, cp = net.embed(positive)
    en, cn = net.embed(negative)
    margin = 1.0
    gap = np.sum((ea - ep) ** 2, axis=1) - np.sum((ea - en) ** 2, axis=1) + margin
    active = np.ones((len(gap), 1)) / len(gap)
    dea = 2 * (en - ep) * active
    dep = -2 * (ea - ep) * active
    den = 2 * (ea - en) * active
    grads = [np.zeros_like(V), np.zeros_like(W), np.zeros_like(b)]
    for de, cache in ((dea, ca), (dep, cp), (den, cn)):
        for total, part in zip(grads, net.gradients(de, cache)):
            total += part
    return grads
