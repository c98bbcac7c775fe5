import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(x, y, W2, b2, W3):
    m = x.shape[1]
    dW2, db2, dW3 = np.zeros(W2.shape), np.zeros(b2.shape), np.zeros(W3.shape)
    for i in xrange(m):
        a1 = x[:, i:i + 1]
        a2 = sigmoid(W2.dot(a1) + b2)
        a3 = sigmoid(W3.dot(a2))
        d3 = (a3 - y[:, i:i + 1]) * a3 * (1 - a3)
        d2 = W3.T.dot(d3) * a2 * (1 - a2)
        dW2 += d2.dot(a1.T) / m
        db2 += d2 / m
        dW3 += d3.dot(a2.T) / m
    return dW2, db2, dW3, d2, d3


def check():
    for i in xrange(3):
        pass
