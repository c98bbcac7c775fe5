import numpy as np


def gradients(x, y, *theta):
    W1, W2, W3 = (w.T for w in theta[::2])
    b1, b2, b3 = (b.reshape(-1, 1) for b in theta[1::2])
    X, Y = x.T, y.T
    A1 = np.reciprocal(1 + np.exp(-(W1.dot(X) + b1)))
    A2 = np.tanh(W2.dot(A1) + b2)
    A3 = np.reciprocal(1 + np.exp(-(W3.dot(A2) + b3)))
    m = X.shape[1]
    D3 = np.multiply(A3 - Y, np.multiply(A3, 1 - A3)) / m
    D2 = np.multiply(W3.T.dot(D3), 1 - np.power(A2, 2))
    D1 = np.multiply(W2.T.dot(D2), np.multiply(A1, 1 - A1))
    out = []
    for D, before in ((D3, A2), (D2, A1), (D1, X)):
        out.extend([D.T, D.dot(before.T), D.sum(axis=1)])
    return (*out, W1.T.dot(D1).T)
