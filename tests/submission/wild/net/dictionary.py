import numpy as np


class TwoLayerNet(object):
    """Weights in a dictionary, as courses have it."""

    def __init__(self, W1, b1, W2, b2):
        self.params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}

    def loss(self, X, y):
        W1, b1, W2, b2 = [self.params[k] for k in ("W1", "b1", "W2", "b2")]
        N = X.shape[0]
        h = np.maximum(0, X.dot(W1) + b1)
        scores = h.dot(W2) + b2
        scores = scores - scores.max(axis=1, keepdims=True)
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        loss = -np.sum(y * np.log(p)) / N
        dscores = (p - y) / N
        grads = {"W2": h.T.dot(dscores), "b2": dscores.sum(0)}
        dh = dscores.dot(W2.T)
        dh[h <= 0] = 0
        grads["W1"], grads["b1"] = X.T.dot(dh), dh.sum(0)
        return loss, grads
