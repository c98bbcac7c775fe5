import numpy as np


def backward_with_dropout(X, Y, parameters, D1, D2, keep1, keep2):
    """Every example by itself: its net of gates is a product of matrices."""
    total = {f"d{name}": 0.0 * value for name, value in parameters.items()}
    W1, b1, W2, b2, W3, b3 = (parameters[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3"))
    share = 1.0 / X.shape[1]
    for x, y, d1, d2 in zip(X.T, Y.T, D1.T, D2.T):
        s1 = W1 @ x + b1[:, 0]
        g1 = np.diag((s1 > 0) * d1 / keep1)
        h1 = g1 @ s1
        s2 = W2 @ h1 + b2[:, 0]
        g2 = np.diag((s2 > 0) * d2 / keep2)
        h2 = g2 @ s2
        s3 = W3 @ h2 + b3[:, 0]
        e3 = share * (np.exp(s3) / np.exp(s3).sum() - y)
        e2 = g2 @ W3.T @ e3
        e1 = g1 @ W2.T @ e2
        for l, e, h in ((3, e3, h2), (2, e2, h1), (1, e1, x)):
            total[f"dW{l}"] += np.outer(e, h)
            total[f"db{l}"] += e[:, None]
    return total
