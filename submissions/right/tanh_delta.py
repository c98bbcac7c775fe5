"""The output layer's delta, for e = (x - y)² and x = tanh(s)."""

import numpy as np


def output_delta(x_L, y):
    return 2 * (x_L - y) * (1 - x_L**2)


def weight_gradient(x_before, delta):
    ones = np.ones((len(x_before), 1))
    return np.hstack([ones, x_before]).T @ delta
