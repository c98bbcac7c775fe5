import numpy as np


def forward(xn, weights):
    xs = [np.concatenate(([1.0], xn))]
    for W in weights:
        s = W.T @ xs[-1]
        xs.append(np.concatenate(([1.0], np.tanh(s))))
    return xs


def backward(xs, yn, weights):
    L = len(weights)
    h = xs[L][1:]
    delta = [None] * (L + 1)
    delta[L] = 2 * (h - yn) * (1 - h * h)
    for l in range(L - 1, 0, -1):
        rate = 1 - xs[l] ** 2
        full = rate * (weights[l] @ delta[l + 1])
        delta[l] = full[1:]
    return delta[1:]


def gradients(x, y, weights):
    N = len(x)
    G = [0 * W for W in weights]
    rows = [[] for _ in weights]
    Ein = 0
    for n in range(N):
        xs = forward(x[n], weights)
        ds = backward(xs, y[n], weights)
        Ein += np.sum((xs[-1][1:] - y[n]) ** 2) / N
        for l in range(len(weights)):
            Gn = np.outer(xs[l], ds[l])
            G[l] = G[l] + Gn / N
            rows[l].append(ds[l] / N)
    return G, [np.array(r) for r in rows]
