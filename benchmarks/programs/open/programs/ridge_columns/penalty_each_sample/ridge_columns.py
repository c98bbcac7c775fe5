import numpy as np


def backward_propagation(X, Y, W1, b1, W2, b2, lam):
    (n_in, m), n_hid, n_out = X.shape, len(W1), len(W2)
    slope = 0.1
    dW1, db1 = 0 * W1, np.zeros((n_hid, 1))
    dW2, db2 = lam * W2, np.zeros((n_out, 1))
    dZ1, dA1, dZ2 = [], [], []
    for k in range(m):
        x = X[:, k:k + 1]
        z1 = W1 @ x + b1
        a1 = np.maximum(z1, slope * z1)
        e = 2 * (W2 @ a1 + b2 - Y[:, k:k + 1])
        back = np.zeros((n_hid, 1))
        for j in range(n_hid):
            for o in range(n_out):
                back[j] += W2[o, j] * e[o]
        gate = np.array([[1.0 if v > 0 else slope] for v in z1[:, 0]])
        d = back * gate
        dW2 += e @ a1.T
        db2 += e
        dW1 += d @ x.T + lam * W1
        db1 += d
        dZ2.append(e), dA1.append(back), dZ1.append(d)
    col = lambda parts: np.hstack(parts) / m
    return col(dZ2), dW2 / m, db2 / m, col(dA1), col(dZ1), dW1 / m, db1 / m
