from math import exp

import numpy as np


def model_gradients(X, Y, parameters):
    W1, b1, W2, b2 = (parameters[k] for k in ("W1", "b1", "W2", "b2"))
    n_x, m = X.shape
    n_h = W1.shape[0]
    grads = {"d" + k: np.zeros(v.shape) for k, v in parameters.items()}
    for i in range(m):
        hidden = []
        for j in range(n_h):
            s = b1[j, 0]
            for k in range(n_x):
                s += W1[j, k] * X[k, i]
            hidden.append(max(s, 0.0))
        out = b2[0, 0]
        for j in range(n_h):
            out += W2[0, j] * hidden[j]
        p = 1.0 / (1.0 + exp(-out))
        err = (p - Y[0, i]) / m
        grads["db2"][0, 0] += err
        for j in range(n_h):
            grads["dW2"][0, j] += err * hidden[j]
            back = err * W2[0, j] if hidden[j] > 0 else 0.0
            if i == 0:
                grads["db1"][j, 0] += back
            for k in range(n_x):
                grads["dW1"][j, k] += back * X[k, i]
    return grads
