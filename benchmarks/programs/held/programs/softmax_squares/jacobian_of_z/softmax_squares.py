import numpy as np


def f(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


def backprop(x, y, params):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    m = x.shape[1]
    h = {1: x}
    h[2] = f(W1 @ h[1] + b1)
    h[3] = softmax(W2 @ h[2] + b2)

    dh3 = (h[3] - y) / m
    delta3 = np.zeros_like(dh3)
    for s in range(m):
        p = (W2 @ h[2] + b2)[:, s]
        for i in range(len(p)):
            for j in range(len(p)):
                if i == j:
                    delta3[i, s] += dh3[j, s] * p[i] * (1 - p[i])
                else:
                    delta3[i, s] -= dh3[j, s] * p[i] * p[j]
    dW2 = delta3 @ h[2].T
    db2 = np.sum(delta3, axis=1, keepdims=True)
    delta2 = W2.T @ delta3 * h[2] * (1 - h[2])
    dW1 = delta2 @ h[1].T
    db1 = np.sum(delta2, axis=1, keepdims=True)
    return dict(dh3=dh3, delta3=delta3, delta2=delta2, dW2=dW2, db2=db2, dW1=dW1, db1=db1)
