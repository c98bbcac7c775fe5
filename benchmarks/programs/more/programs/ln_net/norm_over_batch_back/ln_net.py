import numpy as np


def loss_and_grads(params, x, y):
    W1, b1, gamma, beta = params["W1"], params["b1"], params["gamma"], params["beta"]
    W2, b2 = params["W2"], params["b2"]
    N = x.shape[0]
    # forward
    h = np.tanh(x @ W1 + b1)
    mu = h.mean(axis=1, keepdims=True)
    var = h.var(axis=1, keepdims=True)
    std = np.sqrt(var + 1e-5)
    xhat = (h - mu) / std
    out = gamma * xhat + beta
    scores = out @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).mean()
    # backward
    dscores = p.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads = {}
    grads["W2"] = out.T @ dscores
    grads["b2"] = dscores.sum(axis=0)
    dout = dscores @ W2.T
    grads["gamma"] = (dout * xhat).sum(axis=0)
    grads["beta"] = dout.sum(axis=0)
    dxhat = dout * gamma
    dh = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / std
    dz = dh * (1 - h**2)
    grads["W1"] = x.T @ dz
    grads["b1"] = dz.sum(axis=0)
    return loss, grads
