import numpy as np


def huber_backprop(X, Y, W1, b1, W2, b2):
    n_samples = X.shape[1]
    dW1, db1 = np.zeros(W1.shape), np.zeros(b1.shape)
    dW2, db2 = np.zeros(W2.shape), np.zeros(b2.shape)
    dX = np.zeros(X.shape)
    for i in range(n_samples):
        x = X[:, i:i + 1]
        y = Y[:, i:i + 1]
        hidden = np.tanh(np.dot(W1, x) + b1)
        out = np.dot(W2, hidden) + b2
        error = out - y
        delta2 = error.copy()
        for k in range(len(error)):
            if error[k, 0] > 1:
                delta2[k, 0] = 1
        delta1 = np.dot(W2.T, delta2) * (1 - hidden**2)
        dW2 += np.dot(delta2, hidden.T)
        db2 += delta2
        dW1 += np.dot(delta1, x.T)
        db1 += delta1
        dX[:, i:i + 1] = np.dot(W1.T, delta1)
    return dW1 / n_samples, db1 / n_samples, dW2 / n_samples, db2 / n_samples, dX / n_samples
