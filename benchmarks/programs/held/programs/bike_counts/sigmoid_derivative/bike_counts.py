import numpy as np


def softplus(z):
    return np.log(1 + np.exp(z))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def poisson_grads(x, y, W1, b1, W2, b2):
    z1 = x.dot(W1) + b1
    a1 = softplus(z1)
    eta = a1.dot(W2) + b2
    rate = np.exp(eta)

    delta2 = rate - y
    grad_W2 = a1.T.dot(delta2)
    grad_b2 = delta2.sum(axis=0)
    delta1 = delta2.dot(W2.T) * sigmoid(z1) * (1 - sigmoid(z1))
    grad_W1 = x.T.dot(delta1)
    grad_b1 = delta1.sum(axis=0)
    grad_x = delta1.dot(W1.T)
    return delta2, delta1, grad_W2, grad_b2, grad_W1, grad_b1, grad_x
