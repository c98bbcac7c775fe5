import numpy as np


def lossFun(inputs, targets, hprev, Wxh, Whh, Why, bh, by):
    xs, hs, ps = {}, {}, {}
    hs[-1] = np.copy(hprev)
    T = inputs.shape[1]
    loss = 0
    for t in range(T):
        xs[t] = inputs[:, t]
        hs[t] = np.tanh(np.dot(xs[t], Wxh) + np.dot(hs[t - 1], Whh) + bh)
        y = np.dot(hs[t], Why) + by
        ps[t] = np.exp(y) / np.sum(np.exp(y), axis=1, keepdims=True)
        loss += -np.sum(targets[:, t] * np.log(ps[t]))
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    dys = np.zeros(targets.shape)
    for t in reversed(range(T)):
        dy = np.copy(ps[t])
        dy -= targets[:, t]
        dys[:, t] = dy
        dWhy += np.dot(hs[t].T, dy)
        dby += dy.sum(axis=0)
        dh = np.dot(dy, Why.T) + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += dhraw.sum(axis=0)
        dWxh += np.dot(xs[t].T, dhraw)
        dWhh += np.dot(hs[t].T, dhraw)
        dhnext = np.dot(dhraw, Whh.T)
    return loss, dWxh, dWhh, dWhy, dbh, dby, dhnext, dys
