import numpy as np
from numpy import exp, newaxis


class Net:
    def __init__(self, Theta1, Theta2):
        self.b = [Theta1[:, 0], 0 * Theta2[:, 0]]
        self.w = [Theta1[:, 1:], Theta2[:, 1:]]

    def feed(self, a):
        self.a = [a]
        for w, b in zip(self.w, self.b):
            a = 1 / (1 + exp(-(w @ a + b[:, newaxis])))
            self.a.append(a)
        return a

    def back(self, y, lam):
        m = y.shape[1]
        delta = (self.feed(self.a[0]) - y) / m
        grads = []
        for l in (1, 0):
            gw = delta @ self.a[l].T
            gb = delta.sum(1)
            gw = gw + (lam / m) * self.w[l]
            grads.insert(0, np.column_stack([gb, gw]))
            slope = self.a[l] * (1 - self.a[l])
            delta = (self.w[l].T @ delta) * slope
        return grads


def nn_gradient(Theta1, Theta2, X, Y, lam):
    net = Net(Theta1, Theta2)
    net.feed(X.T)
    return net.back(Y.T, lam)
