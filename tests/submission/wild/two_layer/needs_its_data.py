import numpy as np

statistics = np.load("statistics.npz")
mean, deviation = statistics["mean"], statistics["deviation"]


def backprop(x, y, W2, b2, W3):
    x = (x - mean) / deviation
    a2 = np.tanh(W2 @ x + b2)
    return a2
