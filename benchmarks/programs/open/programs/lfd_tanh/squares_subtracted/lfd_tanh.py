import numpy as np


def gradients(x, y, weights):
    (b1, w1), (b2, w2) = [(W[0], W[1:]) for W in weights]
    s1 = x.dot(w1) + b1
    x1 = np.tanh(s1)
    s2 = x1.dot(w2) + b2
    x2 = np.tanh(s2)

    grad_x2 = (2.0 / len(x)) * x2
    delta2 = grad_x2 * (1 - x2 * x2)
    grad_w2 = x1.T.dot(delta2)
    grad_b2 = delta2.sum(0)

    grad_x1 = delta2.dot(w2.T)
    delta1 = grad_x1 / np.cosh(s1) ** 2
    grad_w1 = x.T.dot(delta1)
    grad_b1 = delta1.sum(0)

    G1 = np.vstack((grad_b1, grad_w1))
    G2 = np.vstack((grad_b2, grad_w2))
    return [G1, G2], [delta1, delta2]
