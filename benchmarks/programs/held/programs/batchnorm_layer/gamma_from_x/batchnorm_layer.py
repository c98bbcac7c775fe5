import numpy as np


def batchnorm_forward(x, gamma, beta, eps):
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = (x - mean) / np.sqrt(var + eps)
    cache = {"x": x, "mean": mean, "var": var, "x_hat": x_hat, "gamma": gamma, "eps": eps}
    return gamma * x_hat + beta, cache


def batchnorm_backward(dout, cache):
    x, mean, var, x_hat, gamma, eps = (cache[k] for k in ("x", "mean", "var", "x_hat", "gamma", "eps"))
    m = len(x)
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * (x - mean) * -0.5 * (var + eps) ** -1.5, axis=0)
    dmean = np.sum(dx_hat * -1 / np.sqrt(var + eps), axis=0)
    dmean += dvar * np.mean(-2 * (x - mean), axis=0)
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mean) / m + dmean / m
    dgamma = np.sum(dout * (x - mean), axis=0)
    dbeta = np.sum(dout, axis=0)
    return dx, dgamma, dbeta
