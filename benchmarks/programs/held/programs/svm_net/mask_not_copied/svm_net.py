import numpy as np


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(0)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return np.where(cache > 0, dout, 0)


def svm_loss(s, y):
    n = s.shape[0]
    rows = np.arange(n)
    margins = np.maximum(0, s - s[rows, y].reshape(n, 1) + 1)
    margins[rows, y] = 0
    active = np.where(margins > 0, 1.0, 0.0)
    ds = active.copy()
    ds[rows, y] = -active.sum(0)[y]
    return margins.sum() / n, ds / n


def loss_and_grads(X, y, p, reg):
    a1, c1 = affine_forward(X, p["W1"], p["b1"])
    h1, r1 = relu_forward(a1)
    s, c2 = affine_forward(h1, p["W2"], p["b2"])
    loss, ds = svm_loss(s, y)
    loss += reg * (p["W1"] ** 2).sum() + reg * (p["W2"] ** 2).sum()
    grads = {"scores": ds}
    dh1, grads["W2"], grads["b2"] = affine_backward(ds, c2)
    da1 = relu_backward(dh1, r1)
    _, grads["W1"], grads["b1"] = affine_backward(da1, c1)
    for k in ("W1", "W2"):
        grads[k] = grads[k] + 2 * reg * p[k]
    return loss, grads
