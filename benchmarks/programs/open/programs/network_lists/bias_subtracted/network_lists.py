import numpy as np


class Network:
    def __init__(self, ws, bs):
        self.ws, self.bs = ws, bs

    def feedforward(self, a):
        self.a = [a]
        for w, b in zip(self.ws, self.bs):
            a = 1 / (1 + np.exp(-(w @ a - b)))
            self.a.append(a)
        return a

    def backprop(self, x, y):
        out = self.feedforward(x)
        err = out - y
        gw, gb = [], []
        for layer in reversed(range(len(self.ws))):
            a = self.a[layer + 1]
            delta = err * a * (1 - a)
            gw.insert(0, delta @ self.a[layer].T)
            gb.insert(0, -delta.sum(axis=1, keepdims=True))
            err = self.ws[layer].T @ delta
        return gb, gw
