import numpy as np


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def tag_loss(X, y, params, reg):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    z1 = X @ W1 + b1
    s1 = sigmoid(z1)
    h1 = s1
    logits = h1 @ W2 + b2
    p = sigmoid(logits)
    loss = -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))
    loss += reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

    grads = {}
    dlogits = p - y
    grads["W2"] = h1.T @ dlogits + 2 * reg * W2
    grads["b2"] = dlogits.sum(axis=0)
    dh1 = dlogits @ W2.T
    dz1 = dh1 * s1 * (1 - s1)
    grads["W1"] = X.T @ dz1 + 2 * reg * W1
    grads["b1"] = dz1.sum(axis=0)
    return loss, grads
