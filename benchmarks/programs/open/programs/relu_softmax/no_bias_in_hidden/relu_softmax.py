import numpy as np


class TwoLayerNet:
    def __init__(self, params):
        self.W1, self.b1 = params["W1"], params["b1"]
        self.W2, self.b2 = params["W2"], params["b2"]

    def forward(self, X):
        self.X = X
        self.z = X @ self.W1
        self.h = np.where(self.z > 0, self.z, 0.0)
        s = self.h @ self.W2 + self.b2
        e = np.exp(s - s.max(1)[:, None])
        self.p = e / e.sum(1)[:, None]
        return self.p

    def backward(self, y):
        n, k = self.p.shape
        onehot = np.eye(k)[y]
        delta2 = (self.p - onehot) / n
        self.dW2 = self.h.T @ delta2
        self.db2 = delta2.sum(axis=0)
        delta1 = delta2 @ self.W2.T
        delta1[self.z <= 0] = 0
        self.dW1 = self.X.T @ delta1
        self.db1 = delta1.sum(axis=0)
        self.dX = delta1 @ self.W1.T


def loss_gradients(params, X, y):
    net = TwoLayerNet(params)
    net.forward(X)
    net.backward(y)
    return {"W1": net.dW1, "b1": net.db1, "W2": net.dW2, "b2": net.db2, "x": net.dX}
