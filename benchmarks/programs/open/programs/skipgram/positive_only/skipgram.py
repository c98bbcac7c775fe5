import numpy as np


class NegativeSampling:
    def __init__(self, w_in, w_out):
        self.w_in, self.w_out = w_in, w_out

    def forward(self, center, outside, negative):
        self.idx = np.column_stack([outside, negative])
        self.sign = np.ones(self.idx.shape)
        self.sign[:, 1:] = -1
        self.center = center
        self.h = self.w_in[center]
        self.target = self.w_out[self.idx]
        self.score = np.einsum("ne,nse->ns", self.h, self.target)
        return np.logaddexp(0, -self.sign * self.score).sum() / len(center)

    def backward(self):
        label = (self.sign + 1) / 2
        prob = 1 / (1 + np.exp(-self.score))
        dscore = (prob - label) / len(self.center)
        dtarget = dscore[:, :, None] * self.h[:, None, :]
        dh = dscore[:, :1] * self.target[:, 0]
        d_out = np.zeros_like(self.w_out)
        np.add.at(d_out, self.idx, dtarget)
        d_in = np.zeros_like(self.w_in)
        np.add.at(d_in, self.center, dh)
        return d_in, d_out


def sgns_gradients(Win, Wout, c, o, neg):
    model = NegativeSampling(Win, Wout)
    model.forward(c, o, neg)
    return model.backward()
