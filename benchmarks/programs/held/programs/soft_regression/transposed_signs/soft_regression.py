import numpy as np


class SoftmaxRegression:
    def __init__(self, W, b, lam):
        self.W = W
        self.b = b
        self.lam = lam

    def loss(self, X, y):
        self.X, self.y = X, y
        self.n, self.k = X.shape[0], self.W.shape[1]
        self.P = np.zeros((self.n, self.k))
        total = 0
        for i in range(self.n):
            f = self.W.T @ X[i] + self.b
            e = np.exp(f - np.max(f))
            self.P[i] = e / np.sum(e)
            total += -np.log(self.P[i, y[i]])
        return total / self.n + self.lam / 2 * np.sum(self.W * self.W)

    def gradients(self):
        dz = np.zeros_like(self.P)
        for i in range(self.n):
            p = self.P[i]
            dp = np.zeros(self.k)
            dp[self.y[i]] = -1 / p[self.y[i]]
            J = np.diag(p) + np.outer(p, p)
            dz[i] = J @ dp / self.n
        dW = np.zeros_like(self.W)
        db = np.zeros_like(self.b)
        dx = np.zeros_like(self.X)
        for i in range(self.n):
            dW += np.outer(self.X[i], dz[i])
            db += dz[i]
            dx[i] = self.W @ dz[i]
        dW = dW + self.lam * self.W
        return dz, dW, db, dx
