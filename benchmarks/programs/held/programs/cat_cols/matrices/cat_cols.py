import numpy as np


def model_gradients(X, Y, parameters):
    W1, b1, W2, b2 = (np.asmatrix(parameters[k]) for k in ["W1", "b1", "W2", "b2"])
    Xm = np.asmatrix(X)
    m = Xm.shape[1]
    Z1 = W1 * Xm + b1
    on = np.asmatrix((np.sign(Z1) + 1) / 2)
    A1 = np.multiply(Z1, on)
    p = 0.5 * (1 + np.tanh(0.5 * (W2 * A1 + b2)))
    pull = np.where(Y == 1, p - 1, p)
    E2 = np.asmatrix(pull) / m
    one = np.asmatrix(np.ones((m, 1)))
    E1 = np.multiply(W2.T * E2, on)
    return {"dW2": np.asarray(E2 * A1.T), "db2": np.asarray(E2 * one),
            "dW1": np.asarray(E1 * Xm.T), "db1": np.asarray(E1 * one)}
