import numpy as np


class SoftmaxRegression:
    def __init__(self, W, b, reg):
        self.W, self.b, self.reg = W, b, reg

    def loss(self, X, y):
        self.X, self.y = X, y
        scores = (X.dot(self.W) + self.b) / np.sqrt(X.shape[1])
        scores -= scores.max(axis=1, keepdims=True)
        exp_scores = np.exp(scores)
        self.probs = exp_scores / exp_scores.sum(axis=1, keepdims=True)
        N = X.shape[0]
        data_loss = -np.log(self.probs[range(N), y]).sum() / N
        return data_loss + 0.5 * self.reg * np.sum(self.W ** 2)

    def gradients(self):
        N = self.X.shape[0]
        dscores = self.probs.copy()
        dscores[range(N), self.y] -= 1
        dscores /= N * np.sqrt(self.X.shape[1])
        dW = self.X.T.dot(dscores)
        db = np.sum(dscores, axis=0)
        dX = dscores.dot(self.W.T)
        dW += self.reg * self.W
        return dscores, dW, db, dX
