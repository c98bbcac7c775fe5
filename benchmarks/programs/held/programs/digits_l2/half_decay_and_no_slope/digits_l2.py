import numpy as np


def add_ones(A):
    return np.c_[np.ones(A.shape[0]), A]


def nn_gradient(Theta1, Theta2, X, y_matrix, lmbda):
    m = len(X)
    g = lambda z: 1 / (1 + np.exp(-z))

    a1 = add_ones(X)
    z2 = a1 @ Theta1.T
    a2 = add_ones(g(z2))
    z3 = a2 @ Theta2.T
    a3 = g(z3)

    d3 = a3 - y_matrix
    d2 = d3 @ Theta2
    d2 = d2[:, 1:]

    reg1 = lmbda / m * Theta1
    reg2 = lmbda / (2 * m) * Theta2
    reg1[:, 0] = 0
    reg2[:, 0] = 0
    grad1 = d2.T @ a1 / m + reg1
    grad2 = d3.T @ a2 / m + reg2
    return grad1, grad2
