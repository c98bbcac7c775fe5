import numpy as np


def weighted_logreg(X, y, s, w, b, lam):
    n, d = X.shape
    cost = 0.0
    dw = [0.0] * d
    db = 0.0
    norm = sum(s)
    for i in range(n):
        z = b + sum(X[i, j] * w[j] for j in range(d))
        h = 1.0 / (1.0 + np.exp(-z))
        cost += s[i] * (-y[i] * np.log(h) - (1 - y[i]) * np.log(1 - h))
        for j in range(d):
            dw[j] += s[i] * (h - y[i]) * h * (1 - h) * X[i, j]
        db += s[i] * (h - y[i]) * h * (1 - h)
    for j in range(d):
        dw[j] = dw[j] / norm + lam * w[j]
    return cost / norm + 0.5 * lam * np.dot(w, w), np.array(dw), db / norm
