import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(X, parameters, D, keep_prob):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = np.maximum(0, Z1)
    A1 = np.multiply(A1, D)
    A1 = A1 / keep_prob
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    return sigmoid(Z2), (Z1, A1)


def backprop_dropout(X, Y, parameters, D, keep_prob):
    m = X.shape[1]
    A2, (Z1, A1) = forward(X, parameters, D, keep_prob)
    W2 = parameters["W2"]
    dZ2 = A2 - Y
    dW2 = 1.0 / m * np.dot(dZ2, A1.T)
    db2 = 1.0 / m * np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.multiply(dA1, np.int64(Z1 > 0))
    dW1 = 1.0 / m * np.dot(dZ1, X.T)
    db1 = 1.0 / m * np.sum(dZ1, axis=1, keepdims=True)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
