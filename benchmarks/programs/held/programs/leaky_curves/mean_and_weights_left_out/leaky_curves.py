import numpy as np


def leaky(s, slope=0.1):
    return np.where(s > 0, s, slope * s)


def leaky_grad(s, slope=0.1):
    g = np.ones_like(s)
    g[s <= 0] = slope
    return g


def fit_gradients(X, T, theta):
    V, p, U, q, W, r = (theta[k] for k in "VpUqWr")
    S1 = V @ X + p
    H1 = leaky(S1)
    S2 = U @ H1 + q
    H2 = np.tanh(S2)
    O = W @ H2 + r

    dO = 2 * (O - T) / len(T)
    dW = dO @ H2.T
    dr = dO.sum(axis=1, keepdims=True)
    dS2 = np.ones((len(H2), 1)) * dO.sum(axis=0) * (1 - H2 ** 2)
    dU = dS2 @ H1.T
    dq = dS2.sum(axis=1, keepdims=True)
    dS1 = (U.T @ dS2) * leaky_grad(S1)
    dV = dS1 @ X.T
    dp = dS1.sum(axis=1, keepdims=True)
    dX = V.T @ dS1
    return dO, dW, dr, dS2, dU, dq, dS1, dV, dp, dX
