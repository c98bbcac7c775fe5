import numpy as np


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mu = np.mean(x, axis=1, keepdims=True)
    xmu = x - mu
    var = np.mean(xmu**2, axis=1, keepdims=True)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    return gamma * xhat + beta, (xhat, gamma, xmu, ivar, sqrtvar, var, eps)


def layernorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var, eps = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=1, keepdims=True)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    dvar = 0.5 * dsqrtvar / np.sqrt(var + eps)
    dsq = np.ones((N, D)) / D * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = np.sum(dxmu1 + dxmu2, axis=1, keepdims=True)
    dx2 = np.ones((N, D)) / D * dmu
    return dx1 + dx2, dgamma, dbeta


def affine_backward(dout, x, w):
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def loss_and_grads(params, x, y):
    z = x.dot(params["W1"]) + params["b1"]
    a = np.tanh(z)
    n, cache = layernorm_forward(a, params["gamma"], params["beta"])
    s = n.dot(params["W2"]) + params["b2"]
    e = np.exp(s - np.max(s, axis=1, keepdims=True))
    probs = e / np.sum(e, axis=1, keepdims=True)
    m = len(y)
    loss = -np.sum(np.log(probs[range(m), y])) / m
    ds = probs
    ds[range(m), y] -= 1
    ds /= m
    g = {}
    dn, g["W2"], g["b2"] = affine_backward(ds, n, params["W2"])
    da, g["gamma"], g["beta"] = layernorm_backward(dn, cache)
    dz = da * (1 - a * a)
    dx, g["W1"], g["b1"] = affine_backward(dz, x, params["W1"])
    return loss, g
