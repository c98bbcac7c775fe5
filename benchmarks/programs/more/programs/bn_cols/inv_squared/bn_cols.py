import numpy as np


def model(X, Y, W1, gamma, beta, W2, b2, eps=1e-5):
    m = X.shape[1]
    Z1 = np.dot(W1, X)
    mu = np.mean(Z1, axis=1, keepdims=True)
    Zc = Z1 - mu
    var = np.mean(Zc**2, axis=1, keepdims=True)
    inv = 1 / np.sqrt(var + eps)
    Zhat = Zc * inv
    Zt = gamma * Zhat + beta
    A1 = np.tanh(Zt)
    Z2 = np.dot(W2, A1) + b2
    A2 = 1 / (1 + np.exp(-Z2))
    cost = -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

    grads = {}
    dZ2 = (A2 - Y) / m
    grads["dW2"] = np.dot(dZ2, A1.T)
    grads["db2"] = np.sum(dZ2, axis=1, keepdims=True)
    dZt = np.dot(W2.T, dZ2) * (1 - A1**2)
    grads["dgamma"] = np.sum(dZt * Zhat, axis=1, keepdims=True)
    grads["dbeta"] = np.sum(dZt, axis=1, keepdims=True)
    dZhat = dZt * gamma
    dvar = np.sum(dZhat * Zc, axis=1, keepdims=True) * -0.5 * inv**2
    dmu = -np.sum(dZhat * inv, axis=1, keepdims=True) + dvar * np.mean(-2 * Zc, axis=1, keepdims=True)
    dZ1 = dZhat * inv + dvar * 2 * Zc / m + dmu / m
    grads["dZ1"] = dZ1
    grads["dW1"] = np.dot(dZ1, X.T)
    return cost, grads
