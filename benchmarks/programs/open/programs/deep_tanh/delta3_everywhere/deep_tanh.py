import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def forward(X, p):
    Z1 = p["W1"] @ X + p["b1"]
    A1 = np.tanh(Z1)
    Z2 = p["W2"] @ A1 + p["b2"]
    A2 = np.tanh(Z2)
    Z3 = p["W3"] @ A2 + p["b3"]
    A3 = sigmoid(Z3)
    return Z1, A1, Z2, A2, Z3, A3


def model_gradients(X, Y, p):
    m = X.shape[1]
    lr = 0.5
    W1, W2, W3 = p["W1"], p["W2"], p["W3"]
    Z1, A1, Z2, A2, Z3, A3 = forward(X, p)
    g = {}

    dZ3 = (A3 - Y) / m
    g["dW3"] = dZ3 @ A2.T
    g["db3"] = dZ3.sum(axis=1, keepdims=True)

    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (1 - A2 ** 2)
    g["dW2"] = dZ2 @ A1.T
    g["db2"] = dZ2.sum(axis=1, keepdims=True)

    dA1 = W3.T @ dZ3
    dZ1 = dA1 * (1 - A1 ** 2)
    g["dW1"] = dZ1 @ X.T
    g["db1"] = dZ1.sum(axis=1, keepdims=True)

    g.update(dZ1=dZ1, dZ2=dZ2, dZ3=dZ3)
    return g
