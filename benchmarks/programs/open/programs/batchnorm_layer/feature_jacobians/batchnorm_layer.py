import numpy as np


def bn_forward(x, gamma, beta):
    centred = x - x.mean(axis=0, keepdims=True)
    scale = (np.mean(centred * centred, axis=0, keepdims=True) + 1e-3) ** 0.5
    out = centred / scale * gamma[None, :] + beta[None, :]
    return out, (centred, scale, gamma)


def bn_backward(dout, cache):
    centred, scale, gamma = cache
    n, d = dout.shape
    centring = np.eye(n) - np.full((n, n), 1 / n)
    dx = np.zeros((n, d))
    dgamma = np.zeros(d)
    for k in range(d):
        c, s = centred[:, k], scale[0, k]
        jacobian = (np.eye(n) / s - np.outer(c, c) / (n * s ** 3)) @ centring
        dx[:, k] = jacobian.T @ (gamma[k] * dout[:, k])
        dgamma[k] = c @ dout[:, k] / s
    return dx, dgamma, dout.sum(axis=0)
