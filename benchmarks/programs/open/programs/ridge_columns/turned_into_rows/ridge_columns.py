import numpy as np

ALPHA = 0.1


def backward_propagation(X, Y, W1, b1, W2, b2, lam):
    rows, targets = X.T, Y.T
    count = rows.shape[0]
    pre = rows @ W1.T + b1.ravel()
    factor = ALPHA + (1 - ALPHA) * (pre > 0)
    hidden = pre * factor
    resid = hidden @ W2.T + b2.ravel() - targets
    g2 = resid * 2 / count
    gh = g2 @ W2
    g1 = gh * factor
    extended = np.c_[hidden, np.ones(count)]
    G2 = g2.T @ extended
    G1 = g1.T @ np.c_[rows, np.ones(count)]
    decay = lam / count
    return (g2.T, G2[:, :-1] + decay * W2, G2[:, -1:], gh.T,
            g1.T, G1[:, :-1] + decay * W1, G1[:, -1:])
