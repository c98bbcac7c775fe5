import numpy as np


def leaky(Z, alpha=0.1):
    return np.where(Z > 0, Z, alpha * Z)


def forward_propagation(X, W1, b1, W2, b2):
    Z1 = np.dot(W1, X) + b1
    A1 = leaky(Z1)
    Z2 = np.dot(W2, A1) + b2
    return Z1, A1, Z2


def cost_with_penalty(Z2, Y, W1, W2, lambd):
    m = Y.shape[1]
    data = np.sum(np.square(Z2 - Y)) / (2 * m)
    return data + lambd / (2 * m) * (np.sum(np.square(W1)) + np.sum(np.square(W2)))


def backward_propagation(X, Y, W1, b1, W2, b2, lambd):
    m = X.shape[1]
    Z1, A1, Z2 = forward_propagation(X, W1, b1, W2, b2)
    dZ2 = 1. / m * (Z2 - Y)
    dW2 = np.dot(dZ2, A1.T) + lambd / m * W2
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.array(dA1, copy=True)
    dZ1[Z1 <= 0] *= 0.1
    dW1 = np.dot(dZ1, X.T) + lambd / m * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    return dZ2, dW2, db2, dA1, dZ1, dW1, db1
