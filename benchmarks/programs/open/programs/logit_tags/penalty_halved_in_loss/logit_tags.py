import numpy as np


class Affine:
    def __init__(self, params, n):
        self.W, self.b, self.n = params[f"W{n}"], params[f"b{n}"], n

    def forward(self, x):
        self.x = x
        return np.matmul(x, self.W) + self.b

    def backward(self, dout, grads, reg):
        grads[f"W{self.n}"] = np.matmul(self.x.T, dout) + reg * self.W
        grads[f"b{self.n}"] = np.matmul(np.ones(dout.shape[0]), dout)
        return np.matmul(dout, self.W.T)


class Swish:
    def forward(self, x):
        self.x, self.out = x, x / (1 + np.exp(-x))
        return self.out

    def backward(self, dout, grads, reg):
        sig = 0.5 * np.tanh(0.5 * self.x) + 0.5
        return dout * (self.out + sig * (1 - self.out))


def tag_loss(X, y, params, reg):
    chain = [Affine(params, 1), Swish(), Affine(params, 2)]
    out = X
    for link in chain:
        out = link.forward(out)
    loss = np.sum(np.logaddexp(0, out) - y * out)
    loss += 0.5 * reg * sum(np.vdot(params[k], params[k]) for k in ("W1", "W2"))
    grads, dout = {}, np.exp(-np.logaddexp(0, -out)) - y
    for link in reversed(chain):
        dout = link.backward(dout, grads, reg)
    return loss, grads
