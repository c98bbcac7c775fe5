import numpy as np


def expit(z):
    return 1.0 / (1.0 + np.exp(-z))


def feedforward(Theta1, Theta2, X):
    ones = np.ones((X.shape[0], 1))
    A1 = np.hstack((ones, X))
    Z2 = A1.dot(Theta1.T)
    A2 = np.hstack((ones, expit(Z2)))
    Z3 = A2.dot(Theta2.T)
    return A1, Z2, A2, Z3, expit(Z3)


def no_bias(Theta):
    T = Theta.copy()
    T[:, 0] = 0
    return T


def nn_gradient(Theta1, Theta2, X, Y, lam):
    m = X.shape[0]
    A1, Z2, A2, Z3, H = feedforward(Theta1, Theta2, X)
    Delta3 = H - Y
    G2 = expit(Z2) * (1 - expit(Z2))
    Delta2 = Delta3.dot(Theta2[:, :-1]) * G2
    grad2 = (Delta3.T.dot(A2) + lam * no_bias(Theta2)) / m
    grad1 = (Delta2.T.dot(A1) + lam * no_bias(Theta1)) / m
    return grad1, grad2
