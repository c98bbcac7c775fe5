import numpy as np


def softmax(v):
    e = np.exp(v - np.max(v))
    return e / np.sum(e)


def loss_gradients(params, X, y):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    num, classes, hidden = len(X), W2.shape[1], W1.shape[1]
    grads = {k: np.zeros_like(v) for k, v in params.items()}
    grads["x"] = np.zeros_like(X)
    for n in range(num):
        z1 = W1.T.dot(X[n]) + b1
        a1 = np.maximum(z1, 0)
        p = softmax(W2.T.dot(a1) + b2)
        dprob = np.zeros(classes)
        dprob[y[n]] = -1.0 / p[y[n]]
        dz2 = np.zeros(classes)
        for i in range(classes):
            for j in range(classes):
                jac = p[j] * ((i == j) - p[i])
                dz2[i] = dprob[j] * jac
        dz1 = np.zeros(hidden)
        for i in range(hidden):
            if z1[i] > 0:
                dz1[i] = np.dot(W2[i], dz2)
        grads["W2"] += np.outer(a1, dz2)
        grads["b2"] += dz2
        grads["W1"] += np.outer(X[n], dz1)
        grads["b1"] += dz1
        grads["x"][n] = np.dot(W1, dz1)
    for k in grads:
        grads[k] /= num
    return grads
