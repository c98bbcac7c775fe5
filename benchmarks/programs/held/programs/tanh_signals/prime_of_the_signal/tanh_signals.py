import numpy as np


def theta_prime(x):
    return 1 - x ** 2


def backpropagate(x, y, W1, W2, W3):
    W = {1: W1, 2: W2, 3: W3}
    N = x.shape[0]
    G = {l: np.zeros(W[l].shape) for l in W}
    delta = {l: np.zeros((N, W[l].shape[1])) for l in W}
    for n in range(N):
        X = {0: np.concatenate(([1], x[n]))}
        S = {}
        for l in range(1, 4):
            S[l] = W[l].T @ X[l - 1]
            X[l] = np.concatenate(([1], np.tanh(S[l])))
        out = X[3][1:]
        d = {3: 2 * (out - y[n]) * theta_prime(out) / N}
        for l in (2, 1):
            d[l] = theta_prime(S[l]) * (W[l + 1][1:] @ d[l + 1])
        for l in (1, 2, 3):
            G[l] += np.outer(X[l - 1], d[l])
            delta[l][n] = d[l]
    return delta[3], delta[2], delta[1], G[3], G[2], G[1]
