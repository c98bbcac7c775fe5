import numpy as np


class Conv:
    def __init__(self, K, b):
        self.K, self.b = K, b

    def forward(self, x):
        self.x = x
        n, c, h, w = x.shape
        f, _, k, _ = self.K.shape
        z = np.zeros((n, f, h - k + 1, w - k + 1))
        for i in range(k):
            for j in range(k):
                z += np.einsum("nchw,fc->nfhw", x[:, :, i : h - k + 1 + i, j : w - k + 1 + j], self.K[:, :, i, j])
        self.shape = z.shape
        return z + self.b[:, None, None]

    def backward(self, dz):
        self.dK = np.zeros_like(self.K)
        hh, ww = dz.shape[2:]
        for i in range(self.K.shape[2]):
            for j in range(self.K.shape[3]):
                self.dK[:, :, i, j] = np.einsum("nfhw,nchw->fc", dz, self.x[:, :, i : i + hh, j : j + ww])
        self.db = np.sum(dz, axis=(0, 2, 3))


class AvgPool:
    def forward(self, a):
        n, f, h, w = a.shape
        return a.reshape(n, f, h // 2, 2, w // 2, 2).max(axis=(3, 5))

    def backward(self, dp):
        return np.repeat(np.repeat(dp, 2, axis=2), 2, axis=3) / 4


class Flatten:
    def forward(self, p):
        self.shape = p.shape
        return p.reshape(len(p), -1)

    def backward(self, dv):
        return dv.reshape(self.shape)


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, v):
        self.v = v
        return v @ self.W + self.b

    def backward(self, ds):
        self.dW = self.v.T @ ds
        self.db = ds.sum(0)
        return ds @ self.W.T


def train_step(x, y, K, kb, W, wb):
    conv, pool, flat, fc = Conv(K, kb), AvgPool(), Flatten(), Affine(W, wb)
    z = conv.forward(x)
    mask = (z > 0).astype(float)
    scores = fc.forward(flat.forward(pool.forward(z * mask)))
    p = np.exp(scores - scores.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    dS = (p - y) / len(y)
    dP = flat.backward(fc.backward(dS))
    dZ = pool.backward(dP) * mask
    conv.backward(dZ)
    return dict(S=dS, W=fc.dW, wb=fc.db, P=dP, Z=dZ, K=conv.dK, kb=conv.db)
