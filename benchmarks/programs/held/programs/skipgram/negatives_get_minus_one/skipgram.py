import numpy as np


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


class Embeddings:
    def __init__(self, E, U):
        self.E, self.U = E, U

    def forward(self, ctx, w, neg):
        self.ctx, self.w, self.neg = ctx, w, neg
        self.h = self.E[ctx].mean(axis=1)
        self.sp = np.sum(self.h * self.U[w], axis=1)
        self.sn = np.sum(self.h[:, None, :] * self.U[neg], axis=2)
        return -np.log(sigmoid(self.sp)).sum() - np.log(sigmoid(-self.sn)).sum()

    def backward(self):
        c = self.ctx.shape[1]
        dsp = sigmoid(self.sp) - 1
        dsn = sigmoid(self.sn) - 1
        dh = dsp[:, None] * self.U[self.w]
        dh += np.sum(dsn[:, :, None] * self.U[self.neg], axis=1)
        dU = np.zeros_like(self.U)
        np.add.at(dU, self.w, dsp[:, None] * self.h)
        np.add.at(dU, self.neg, dsn[:, :, None] * self.h[:, None, :])
        dE = np.zeros_like(self.E)
        for j in range(c):
            np.add.at(dE, self.ctx[:, j], dh / c)
        return dh, dE, dU
