import numpy as np


class Sigmoid:
    def forward(self, z):
        self.out = 1 / (1 + np.exp(-z))
        return self.out

    def backward(self, g):
        return g * self.out * (1 - self.out)


class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, h):
        self.h = h
        return self.W @ h + self.b

    def backward(self, g):
        self.grad_W = g @ self.h.T
        self.grad_b = g.sum(axis=1, keepdims=True)
        return self.W.T @ g


def average_gradients(x, y, W, b, lam):
    linear = {l: Linear(W[l], b[l]) for l in W}
    stack = [part for l in sorted(W) for part in (linear[l], Sigmoid())]
    out = x
    for part in stack:
        out = part.forward(out)
    m = x.shape[1]
    grad = out - y
    while stack:
        grad = stack.pop().backward(grad)
    dW = {l: linear[l].grad_W for l in W}
    db = {l: linear[l].grad_b for l in W}
    return dW, db
