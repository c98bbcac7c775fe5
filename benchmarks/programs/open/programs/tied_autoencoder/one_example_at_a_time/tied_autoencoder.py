import numpy as np


class TiedAutoencoder:
    def __init__(self, W, b, c):
        self.W, self.b, self.c = W, b, c
        self.zero_grad()

    def zero_grad(self):
        self.gW = np.zeros_like(self.W)
        self.gb = np.zeros_like(self.b)
        self.gc = np.zeros_like(self.c)

    def sig(self, t):
        return np.exp(-np.logaddexp(0, -t))

    def accumulate(self, noisy, clean):
        h = self.sig(self.W.T @ noisy + self.b)
        r = self.sig(self.W @ h + self.c)
        e = r - clean
        back = (self.W.T @ e) * h * (1 - h)
        self.gc += e
        self.gb += back
        self.gW += np.outer(e, h)
        self.gW += np.outer(noisy, back)


def gradients(noisy, clean, W, b, c, lam):
    model = TiedAutoencoder(W, b, c)
    for row, target in zip(noisy, clean):
        model.accumulate(row, target)
    count = len(clean)
    return model.gW / count + lam * W, model.gb / count, model.gc / count
