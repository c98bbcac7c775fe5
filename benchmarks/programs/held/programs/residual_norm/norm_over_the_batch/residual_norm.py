import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def layernorm(x, g, eps=1e-5):
    mu = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    rstd = 1 / np.sqrt(var + eps)
    norm = (x - mu) * rstd
    return norm * g, (norm, rstd, g)


def layernorm_backward(dout, cache):
    norm, rstd, g = cache
    dg = np.sum(dout * norm, axis=0)
    dnorm = dout * g
    dx = dnorm - dnorm.mean(axis=0, keepdims=True) - norm * (dnorm * norm).mean(axis=1, keepdims=True)
    dx *= rstd
    return dx, dg


def block_backward(x, y, g, W1, b1, W2, b2):
    ln, ln_cache = layernorm(x, g)
    z = ln @ W1 + b1
    s = sigmoid(z)
    a = z * s
    r = x + a @ W2 + b2

    dr = 2 * (r - y) / r.size
    dW2 = a.T @ dr
    db2 = dr.sum(axis=0)
    da = dr @ W2.T
    dz = da * (s + z * s * (1 - s))
    dW1 = ln.T @ dz
    db1 = dz.sum(axis=0)
    dln = dz @ W1.T
    dx, dg = layernorm_backward(dln, ln_cache)
    dx = dx + dr
    return dr, dW2, db2, dz, dW1, db1, dg, dx
