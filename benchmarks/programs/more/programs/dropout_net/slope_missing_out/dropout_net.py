import numpy as np


class Dropout:
    def __init__(self, mask, keep):
        self.mask, self.keep = mask, keep

    def forward(self, x):
        return x * self.mask / self.keep

    def backward(self, grad):
        return grad * self.mask / self.keep


class Relu:
    def forward(self, z):
        self.on = z > 0
        return np.where(self.on, z, 0.0)

    def backward(self, grad):
        return grad * self.on


class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return self.W @ x + self.b

    def backward(self, grad):
        self.dW = grad @ self.x.T
        self.db = grad.sum(axis=1).reshape(-1, 1)
        return self.W.T @ grad


def backprop_dropout(X, Y, p, D, keep_prob):
    layers = [Linear(p["W1"], p["b1"]), Relu(), Dropout(D, keep_prob), Linear(p["W2"], p["b2"])]
    out = X
    for layer in layers:
        out = layer.forward(out)
    prob = 1 / (1 + np.exp(-out))
    grad = (-(Y / prob) + (1 - Y) / (1 - prob)) / Y.shape[1]
    for layer in reversed(layers):
        grad = layer.backward(grad)
    l1, l2 = layers[0], layers[3]
    return {"dW1": l1.dW, "db1": l1.db, "dW2": l2.dW, "db2": l2.db}
