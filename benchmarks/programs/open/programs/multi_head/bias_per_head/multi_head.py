import numpy as np


class Head:
    def __init__(self, q, k, v):
        self.q, self.k, self.v = q, k, v
        logits = q @ k.T / np.sqrt(q.shape[1])
        weight = np.exp(logits)
        self.p = (weight.T / weight.sum(axis=1)).T

    def output(self):
        return self.p @ self.v

    def backward(self, g):
        dv = self.p.T @ g
        dp = g @ self.v.T
        dl = np.zeros_like(dp)
        for t, row in enumerate(self.p):
            dl[t] = row * dp[t] - row * (row @ dp[t])
        dl /= np.sqrt(self.q.shape[1])
        return dl @ self.k, dl.T @ self.q, dv


def heads_forward(q, k, v, Wo, bo):
    n, t, h, e = q.shape
    out = np.zeros((n, t, len(bo)))
    heads = {}
    for i in range(n):
        for j in range(h):
            heads[i, j] = Head(q[i, :, j], k[i, :, j], v[i, :, j])
            out[i] += heads[i, j].output() @ Wo[j] + bo
    return out, (heads, q, k, v, Wo, bo)


def heads_backward(dout, cache):
    heads, q, k, v, Wo, bo = cache
    grads = {"q": np.zeros_like(q), "k": np.zeros_like(k), "v": np.zeros_like(v),
             "Wo": np.zeros_like(Wo), "bo": q.shape[2] * dout.reshape(-1, len(bo)).sum(axis=0)}
    for (i, j), head in heads.items():
        grads["Wo"][j] += head.output().T @ dout[i]
        dq, dk, dv = head.backward(dout[i] @ Wo[j].T)
        grads["q"][i, :, j], grads["k"][i, :, j], grads["v"][i, :, j] = dq, dk, dv
    return grads
