import numpy as np


def with_ones(a):
    return np.hstack([np.ones((a.shape[0], 1)), a])


def theta(s):
    return np.tanh(s)


def theta_prime(s):
    return 1 - np.tanh(s) ** 2


def gradients(x, y, weights):
    N = x.shape[0]
    signals, outputs = [], [with_ones(x)]
    for l, W in enumerate(weights):
        s = outputs[-1] @ W
        signals.append(s)
        out = theta(s)
        outputs.append(out if l == len(weights) - 1 else with_ones(out))
    deltas = [None] * len(weights)
    deltas[-1] = (outputs[-1] - y) * theta_prime(signals[-1]) / N
    for l in range(len(weights) - 2, -1, -1):
        back = deltas[l + 1] @ weights[l + 1][:-1].T
        deltas[l] = back * theta_prime(signals[l])
    G = [outputs[l].T @ deltas[l] for l in range(len(weights))]
    return G, deltas
