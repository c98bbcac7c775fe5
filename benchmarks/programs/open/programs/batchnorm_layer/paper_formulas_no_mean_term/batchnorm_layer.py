import numpy as np

EPS = 1e-3


def bn_forward(x, gamma, beta):
    mean = np.mean(x, axis=0)
    variance = np.var(x, axis=0)
    normed = (x - mean) / np.sqrt(variance + EPS)
    cache = {"x": x, "mean": mean, "var": variance, "normed": normed, "gamma": gamma}
    return normed * gamma + beta, cache


def bn_backward(grad_out, cache):
    x, mean, variance = cache["x"], cache["mean"], cache["var"]
    m = x.shape[0]
    grad_beta = grad_out.sum(0)
    grad_gamma = np.einsum("nd,nd->d", grad_out, cache["normed"])
    grad_normed = grad_out * cache["gamma"]
    inv = (variance + EPS) ** -0.5
    grad_var = np.sum(grad_normed * (x - mean), axis=0) * -0.5 * inv ** 3
    grad_mean = np.sum(-grad_normed * inv, axis=0)
    grad_x = grad_normed * inv + grad_var * 2 * (x - mean) / m + grad_mean / m
    return grad_x, grad_gamma, grad_beta
