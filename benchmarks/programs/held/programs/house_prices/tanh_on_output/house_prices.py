import numpy as np

ACT = [
    (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    (np.tanh, lambda a: 1 - a * a),
    (np.tanh, lambda a: 1 - a * a),
]


class Network:
    def __init__(self, weights, biases):
        self.params = list(zip(weights, biases))

    def walk(self, l, a, y):
        """Goes down to the loss and comes back with the gradients of layer l and those above it."""
        if l == len(self.params):
            return (a - y) / y.shape[1], []
        w, b = self.params[l]
        f, slope = ACT[l]
        out = f(w @ a + b)
        err, rest = self.walk(l + 1, out, y)
        delta = err * slope(out)
        grads = (np.sum(delta, 1)[:, None], delta @ a.T, delta)
        return w.T @ delta, [grads] + rest

    def backprop(self, x, y):
        _, grads = self.walk(0, x, y)
        return tuple(zip(*grads))
