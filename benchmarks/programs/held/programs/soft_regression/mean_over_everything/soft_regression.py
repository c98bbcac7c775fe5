import numpy as np


def one_hot(y, k):
    Y = np.zeros((k, len(y)))
    Y[y, np.arange(len(y))] = 1
    return Y


class SoftmaxRegression:
    def __init__(self, W, b, lam):
        self.Theta = W.T
        self.bias = b.reshape(-1, 1)
        self.lam = lam

    def loss(self, X, y):
        self.A0 = X.T
        Z = self.Theta @ self.A0 + self.bias
        E = np.exp(Z - Z.max(axis=0))
        self.H = E / E.sum(axis=0)
        self.Y = one_hot(y, len(self.bias))
        m = self.A0.shape[1]
        return -np.sum(self.Y * np.log(self.H)) / m + self.lam / 2 * np.linalg.norm(self.Theta) ** 2

    def gradients(self):
        m = self.A0.shape[1]
        dZ = (self.H - self.Y) / self.Y.size
        dTheta = dZ @ self.A0.T
        dTheta += self.lam * self.Theta
        dbias = dZ.sum(axis=1)
        dA0 = self.Theta.T @ dZ
        return dZ.T, dTheta.T, dbias, dA0.T
