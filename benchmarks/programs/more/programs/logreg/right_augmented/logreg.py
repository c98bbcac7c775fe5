import numpy as np


def weighted_logreg(X, y, s, w, b, lam):
    A = np.hstack([np.ones((len(X), 1)), X])
    theta = np.append(b, w)
    h = 0.5 * (1 + np.tanh(0.5 * A.dot(theta)))
    S = np.diag(s / s.sum())
    grad = A.T.dot(S).dot(h - y)
    reg = lam * theta
    reg[0] = 0
    grad = grad + reg
    cost = -np.sum(S.dot(np.where(y == 1, np.log(h), np.log(1 - h)))) + 0.5 * theta.dot(reg)
    return cost, grad[1:], grad[0]
