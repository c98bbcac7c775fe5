import numpy as np
from math import exp, log1p


def tag_loss(X, y, params, reg):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    grads = {k: np.zeros(v.shape) for k, v in params.items()}
    loss = 0.0
    for i in range(X.shape[0]):
        z = b1 + sum(X[i, d] * W1[d] for d in range(X.shape[1]))
        gate = 1 / (1 + np.exp(-z))
        h = z * gate
        delta_hidden = np.zeros_like(h)
        for k in range(W2.shape[1]):
            score = float(h @ W2[:, k] + b2[k])
            loss += max(score, 0) - score * y[i, k] + log1p(exp(-abs(score)))
            err = 1 / (1 + exp(-score)) - y[i, k]
            grads["W2"][:, k] += err * h
            grads["b2"][k] += err
            delta_hidden += err * W2[:, k]
        delta_hidden *= gate * (1 + z * (1 - gate))
        for d in range(X.shape[1]):
            grads["W1"][d] += X[i, d] * delta_hidden
        grads["b1"] += delta_hidden
    for name in ("W1", "W2"):
        loss += reg * np.sum(params[name] ** 2)
        grads[name] += reg * params[name]
    return loss, grads
