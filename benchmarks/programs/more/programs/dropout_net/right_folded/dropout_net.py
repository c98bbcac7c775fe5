import numpy as np


def backprop_dropout(X, Y, p, D, keep_prob):
    n = Y.shape[1]
    gate = (p["W1"] @ X + p["b1"] > 0) * D / keep_prob
    hidden = (p["W1"] @ X + p["b1"]) * gate
    score = p["W2"] @ hidden + p["b2"]
    out = {"dW1": 0.0, "db1": 0.0, "dW2": 0.0, "db2": 0.0}
    for j in range(n):
        col = slice(j, j + 1)
        e = (1 / (1 + np.exp(-score[:, col])) - Y[:, col]) / n
        d = p["W2"].T * e * gate[:, col]
        out["dW2"] = out["dW2"] + e * hidden[:, col].T
        out["db2"] = out["db2"] + e
        out["dW1"] = out["dW1"] + d * X[:, col].T
        out["db1"] = out["db1"] + d
    return out
