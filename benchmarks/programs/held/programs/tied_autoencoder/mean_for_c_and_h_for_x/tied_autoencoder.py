import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, W, b, transpose=False):
        self.W, self.b, self.transpose = W, b, transpose

    def __call__(self, x):
        self.x = x
        w = self.W.value.T if self.transpose else self.W.value
        return x @ w + self.b.value

    def backward(self, dout):
        dw = self.x.T @ dout
        self.W.grad += dw.T if self.transpose else dw
        self.b.grad += dout.mean(axis=0)
        w = self.W.value.T if self.transpose else self.W.value
        return dout @ w.T


def autoencoder(x, W, b, c):
    W, b, c = Param(W), Param(b), Param(c)
    enc, dec = Linear(W, b), Linear(W, c, transpose=True)
    z = enc(x)
    h = 1 / (1 + np.exp(-z))
    r = dec(h)
    n = len(x)
    J = ((r - x) ** 2).sum() / (2 * n)
    dr = (r - x) / n
    dh = dec.backward(dr)
    dz = dh * (z * (1 - z))
    enc.backward(dz)
    return J, {"r": dr, "z": dz, "W": W.grad, "b": b.grad, "c": c.grad}
