import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wh, next_h = cache
    da = dnext_h * (1 - next_h ** 2)
    return da @ Wh, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def temporal_affine(h, W, b):
    N, T, H = h.shape
    return (h.reshape(N * T, H) @ W + b).reshape(N, T, -1)


def lossFun(x, y, h0, Wxh, Whh, Why, bh, by):
    N, T, V = x.shape
    H = Whh.shape[0]
    h = np.zeros((N, T, H))
    caches = []
    prev = h0
    for t in range(T):
        prev, cache = rnn_step_forward(x[:, t], prev, Wxh, Whh, bh)
        h[:, t] = prev
        caches.append(cache)
    scores = temporal_affine(h, Why, by)
    probs = np.exp(scores - scores.max(axis=2, keepdims=True))
    probs /= probs.sum(axis=2, keepdims=True)
    loss = -np.sum(y * np.log(probs))

    dscores = probs - y
    flat = dscores.reshape(N * T, V)
    dWhy = h.reshape(N * T, H).T @ flat
    dby = flat.sum(axis=0)
    dh = (flat @ Why.T).reshape(N, T, H)

    dWxh, dWhh, dbh = 0, 0, 0
    dprev = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dprev, gx, gh, gb = rnn_step_backward(dh[:, t] + dprev, caches[t])
        dWxh = dWxh + gx
        dWhh = dWhh + gh
        dbh = dbh + gb
    return loss, dWxh, dWhh, dWhy, dbh, dby, dprev, dscores
