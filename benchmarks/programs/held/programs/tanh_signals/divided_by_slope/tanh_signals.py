import numpy as np


def backpropagate(x, y, W1, W2, W3):
    """Works with column vectors of all examples, turns them round at the end."""
    m = len(x)
    top = np.ones((1, m))
    X0 = np.vstack([top, x.T])
    T1 = np.tanh(W1.T @ X0)
    X1 = np.vstack([top, T1])
    T2 = np.tanh(W2.T @ X1)
    X2 = np.vstack([top, T2])
    h = np.tanh(W3.T @ X2)
    D3 = (2 / m) * (h - y.T) / np.cosh(W3.T @ X2) ** 2
    B2 = W3 @ D3
    D2 = B2[1:] / ((1 - T2) * (1 + T2))
    B1 = W2 @ D2
    D1 = B1[1:] * (1 - T1) * (1 + T1)
    return D3.T, D2.T, D1.T, X2 @ D3.T, X1 @ D2.T, X0 @ D1.T
