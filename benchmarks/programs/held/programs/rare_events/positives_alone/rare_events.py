import numpy as np


class Elu:
    def forward(self, z):
        self.z = z
        self.out = z.copy()
        neg = z < 0
        self.out[neg] = np.exp(z[neg]) - 1
        return self.out

    def backward(self, dout):
        dz = dout.copy()
        neg = self.z < 0
        dz[neg] *= np.exp(self.z[neg])
        return dz


class WeightedBCE:
    def forward(self, s, y, w):
        self.p = 1 / (1 + np.exp(-s))
        self.y, self.w = y, w
        ll = y * np.log(self.p) + (1 - y) * np.log(1 - self.p)
        return -(w * ll).sum() / w.sum()

    def backward(self):
        dp = -self.w * self.y / self.p / self.w.sum()
        return dp * self.p * (1 - self.p)


def weighted_logistic(X, y, w, theta):
    W, b, v, c = theta
    act, crit = Elu(), WeightedBCE()
    hidden = act.forward(X.dot(W) + b)
    loss = crit.forward(hidden.dot(v) + c, y, w)
    ds = crit.backward()
    dv = hidden.T.dot(ds)
    dc = ds.sum()
    dhidden = ds[:, None] * v[None, :]
    dZ = act.backward(dhidden)
    dW = X.T.dot(dZ)
    db = dZ.sum(0)
    return loss, {"s": ds, "v": dv, "c": dc, "Z": dZ, "W": dW, "b": db}
