import numpy as np


def sig(z):
    return 1 / (1 + np.exp(-z))


def dsig(a):
    return a * (1 - a)


def dtanh(a):
    return 1 - a * a


def gradients(x, y, W1, b1, W2, b2, W3, b3):
    n = len(x)
    a1 = sig(np.dot(x, W1) + b1)
    a2 = np.tanh(np.dot(a1, W2.T) + b2)
    a3 = sig(np.dot(a2, W3) + b3)

    dz3 = (a3 - y) / n * dsig(a3)
    dW3 = np.dot(a2.T, dz3)
    db3 = dz3.sum(axis=0)

    dz2 = np.dot(dz3, W3.T) * dtanh(a2)
    dW2 = np.dot(dz2.T, a1)
    db2 = dz2.sum(axis=0)

    dz1 = np.dot(dz2, W2) * dsig(a1)
    dW1 = np.dot(x.T, dz1)
    db1 = dz1.sum(axis=0)
    dx = np.dot(dz1, W1.T)
    return dz3, dW3, db3, dz2, dW2, db2, dz1, dW1, db1, dx
