import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def autoencoder(x, W, b, c):
    n = x.shape[0]
    h = sigmoid(np.dot(x, W) + b)
    r = np.dot(h, W.T) + c
    err = r - x
    J = 0.5 * np.sum(err ** 2) / n

    dr = 2 * err / n
    dc = np.sum(dr, axis=0)
    dW_dec = np.dot(dr.T, h)
    dh = np.dot(dr, W)
    dz = dh * h * (1 - h)
    db = np.sum(dz, axis=0)
    dW_enc = np.dot(x.T, dz)
    return J, {"r": dr, "z": dz, "W": dW_enc + dW_dec, "b": db, "c": dc}
