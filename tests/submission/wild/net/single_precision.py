import numpy as np

DTYPE = np.float32


class TwoLayerNet:
    def __init__(self, W1, b1, W2, b2):
        self.W1, self.b1, self.W2, self.b2 = (np.asarray(v, DTYPE) for v in (W1, b1, W2, b2))

    def loss(self, X, y):
        X, y = X.astype(DTYPE), y.astype(DTYPE)
        h = np.maximum(X @ self.W1 + self.b1, 0)
        s = h @ self.W2 + self.b2
        e = np.exp(s - s.max(1, keepdims=True))
        p = e / e.sum(1, keepdims=True)
        d = (p - y) / DTYPE(len(X))
        dh = (d @ self.W2.T) * (h > 0)
        return -(y * np.log(p)).sum() / len(X), {"W1": X.T @ dh, "b1": dh.sum(0), "W2": h.T @ d, "b2": d.sum(0)}
