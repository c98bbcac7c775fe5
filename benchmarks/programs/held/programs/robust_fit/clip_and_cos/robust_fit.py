import numpy as np


class Robust:
    def __init__(self, params, lam, delta=0.7):
        self.params, self.lam, self.delta = params, lam, delta

    def forward(self, x):
        self.inputs, self.signals = [x], []
        for number, (W, b) in enumerate(self.params):
            self.signals.append(self.inputs[-1] @ W + b)
            if number < len(self.params) - 1:
                self.inputs.append(np.arctan(self.signals[-1]))
        return self.signals[-1]

    def backward(self, y):
        m = len(y)
        d = np.clip(self.signals[-1] - y, -self.delta, self.delta) / m
        deltas, grads = [d], []
        for number in range(len(self.params) - 1, -1, -1):
            W, b = self.params[number]
            decay = self.lam * (W / np.abs(W)) / m
            grads.append((self.inputs[number].T @ d + decay, d.sum(axis=0)))
            if number:
                d = (d @ W.T) * np.cos(self.inputs[number]) ** 2
                deltas.append(d)
        return deltas[::-1], grads[::-1]


def robust_gradients(params, x, y, lam):
    net = Robust(params, lam)
    net.forward(x)
    return net.backward(y)
