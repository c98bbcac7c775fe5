import numpy as np


def embed(x, W, b):
    z = x @ W + b
    length = np.linalg.norm(z, axis=1, keepdims=True)
    return z / length, length


def embed_backward(de, e, length):
    return (de - e * np.sum(de * e, axis=1, keepdims=True)) / length


def triplet_gradients(xa, xp, xn, W, b):
    n = len(xa)
    ea, la = embed(xa, W, b)
    ep, lp = embed(xp, W, b)
    en, ln = embed(xn, W, b)
    gap = np.sum((ea - ep) ** 2, axis=1) - np.sum((ea - en) ** 2, axis=1) + 0.5
    loss = np.mean(np.maximum(0, gap))

    active = (gap > 0)[:, None] / n
    dea = active * (2 * (ea - ep))
    dep = active * -2 * (ea - ep)
    den = active * 2 * (ea - en)
    dza = embed_backward(dea, ea, la)
    dzp = embed_backward(dep, ep, lp)
    dzn = embed_backward(den, en, ln)
    dW = xa.T @ dza + xp.T @ dzp + xn.T @ dzn
    db = dza.sum(0) + dzp.sum(0) + dzn.sum(0)
    return loss, (dea, dep, den), (dza, dzp, dzn), dW, db
